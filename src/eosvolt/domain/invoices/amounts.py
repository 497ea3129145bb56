"""What an invoice says of its amounts: VAT for each rate on the document's total, as EN 16931 demands.

Prices include VAT, so the gross amounts are given. For each rate the net amount is chosen so that net amount
and VAT on it are the gross amount. There is not always such a net amount in whole minor units: then the
difference of one unit is the rounding of the document.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from eosvolt.domain.money import Money, Taxed, parts, round_half_up


class RateAmounts(Struct, frozen=True):
    """The amounts at one VAT rate, a fraction. ``vat`` of an invoice is ``net`` × rate, rounded half-up."""

    rate: Decimal
    net: Money
    vat: Money
    gross: Money

    @property
    def rounding(self) -> Money:
        """What ``gross`` is more than net amount and VAT: at most one minor unit."""
        return self.gross - self.net - self.vat


class InvoiceAmounts(Struct, frozen=True):
    """The amounts of an invoice: net amounts of its lines, in their order, and the sums of each rate.

    Rates are ascending. The net amounts of the lines of a rate add up to its net amount: the last one takes
    what is left.
    """

    nets: tuple[Money, ...]
    rates: tuple[RateAmounts, ...]
    gross: Money

    @property
    def net(self) -> Money:
        """The net amount of the document."""
        return _sum(self.gross.currency, [each.net for each in self.rates])

    @property
    def vat(self) -> Money:
        """The VAT of the document."""
        return _sum(self.gross.currency, [each.vat for each in self.rates])

    @property
    def rounding(self) -> Money:
        """What has to be paid beyond net amount and VAT, a few minor units in either direction."""
        return self.gross - self.net - self.vat


def invoice_amounts(lines: Sequence[tuple[Money, Decimal]], currency: str) -> InvoiceAmounts:
    """The amounts of lines with a gross amount and a VAT rate each, all in ``currency``."""
    rates: list[RateAmounts] = []
    nets: dict[int, Money] = {}
    for rate in sorted({rate for _, rate in lines}):
        places = [place for place, (_, its) in enumerate(lines) if its == rate]
        amounts = [lines[place][0] for place in places]
        of_rate = _of_rate(_sum(currency, amounts), rate)
        rates.append(of_rate)
        whole = Taxed(of_rate.gross, of_rate.net, of_rate.gross - of_rate.net)
        nets.update(zip(places, [part.net for part in parts(whole, amounts)], strict=True))
    return InvoiceAmounts(
        tuple(nets[place] for place in range(len(lines))),
        tuple(rates),
        _sum(currency, [gross for gross, _ in lines]),
    )


def _of_rate(gross: Money, rate: Decimal) -> RateAmounts:
    near = round_half_up(Fraction(gross.amount) / (1 + Fraction(rate)), gross.currency)
    tried = [_with_vat(gross, Money(near.currency, near.minor + step), rate) for step in (0, -1, 1)]
    return min(tried, key=lambda each: abs(each.rounding.minor))


def _with_vat(gross: Money, net: Money, rate: Decimal) -> RateAmounts:
    vat = round_half_up(Fraction(net.amount) * Fraction(rate), net.currency)
    return RateAmounts(rate, net, vat, gross)


def _sum(currency: str, amounts: Sequence[Money]) -> Money:
    return Money(currency, sum(each.minor for each in amounts))
