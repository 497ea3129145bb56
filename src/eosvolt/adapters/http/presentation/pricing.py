"""What a session costs so far: the one place that prices a running session, for the API and the pages."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import NamedTuple

from eosvolt.domain.money import Money, Taxed, minor_digits
from eosvolt.domain.tariffs.rating import PriceLine, total
from eosvolt.projections.session_row import SessionRow


class Priced(NamedTuple):
    """A session's price. ``running``: the session is still charging, and nothing of the price is billed yet.

    ``held_wh`` is energy in Wh that the price does not contain: more than the plug delivers.
    """

    charging: Taxed
    blocking: Taxed
    total: Taxed
    lines: tuple[PriceLine, ...]
    fees: tuple[PriceLine, ...]
    running: bool
    held_wh: int

    @property
    def all_lines(self) -> tuple[PriceLine, ...]:
        """The lines of the charging phase and then the blocking fees."""
        return (*self.lines, *self.fees)


def priced(row: SessionRow, now: datetime) -> Priced:
    """The price of a session at ``now``: what was billed, or what would be if charging ended this instant."""
    lines, held_wh = row.lines, row.held_wh
    running = row.ended_at is None and row.running is not None
    if row.ended_at is None and row.running is not None:
        settled = row.running.so_far(now)
        lines, held_wh = settled.bill.lines, settled.held_wh
    charging = total(lines, row.currency)
    blocking = total(row.fees, row.currency)
    return Priced(charging, blocking, _both(charging, blocking), lines, row.fees, running, held_wh)


def average_price(price: Priced, energy_wh: int) -> Money | None:
    """The charging amount per kWh, rounded half-up; ``None`` where nothing was drawn."""
    if energy_wh <= 0:
        return None
    gross = price.charging.gross
    return Money(gross.currency, (2 * gross.minor * 1000 + energy_wh) // (2 * energy_wh))


def average_rate(price: Priced, energy_wh: int) -> Decimal | None:
    """The price per kWh that the lines add up to, before an amount is rounded, VAT included.

    Two decimals finer than the currency's minor unit, rounded half-up: a session at one price has exactly
    that price, however little it drew. ``None`` where nothing was drawn.
    """
    if energy_wh <= 0:
        return None
    exact = sum((Fraction(line.quantity) * Fraction(line.price) for line in price.lines), Fraction(0))
    digits = minor_digits(price.charging.gross.currency) + 2
    scaled = exact * 1000 / energy_wh * 10**digits
    whole = Decimal(scaled.numerator) / Decimal(scaled.denominator)
    return whole.quantize(Decimal(1), ROUND_HALF_UP).scaleb(-digits)


def _both(charging: Taxed, blocking: Taxed) -> Taxed:
    return Taxed(charging.gross + blocking.gross, charging.net + blocking.net, charging.vat + blocking.vat)
