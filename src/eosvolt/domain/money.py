"""Money: whole minor units of an ISO 4217 currency, rounding half-up, and VAT that is inside a price.

Amounts are exact. The only rounding is ``round_half_up``, once per price line; sums never round.
"""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Self

from iso4217 import Currency
from msgspec import Struct

# ISO 4217's number of minor digits. Codes without a minor unit (gold, SDR, testing) cannot price anything and
# are left out. A code that a later edition withdraws has to be added here, for it is in the history: a test
# tells which.
_MINOR_DIGITS = {each.code: each.exponent for each in Currency if each.exponent is not None}

# More than any real amount has; without a bound a short text such as 1E+999999999 would fill the memory.
_MOST_DIGITS = 18


def minor_digits(currency: str) -> int:
    """How many decimals the currency has: EUR 2, JPY 0, KWD 3.

    Raises ``ValueError`` for a code that ISO 4217 does not have as a currency.
    """
    try:
        return _MINOR_DIGITS[currency]
    except KeyError:
        raise ValueError(f"{currency} is not an ISO 4217 currency.") from None


class Money(Struct, frozen=True):
    """An amount in whole minor units of one currency: ``Money("EUR", 1234)`` is 12.34 EUR.

    Adding, subtracting and ordering two currencies raises ``ValueError``; they are just not equal.
    """

    currency: str
    minor: int

    @classmethod
    def of(cls, amount: Decimal | str, currency: str) -> Self:
        """The money that is exactly ``amount``; ``ValueError`` where the currency has no such amount."""
        digits = minor_digits(currency)
        try:
            exact = Decimal(amount)
        except InvalidOperation:
            raise ValueError(f"{amount} is not an amount.") from None
        if not exact.is_finite() or abs(exact.adjusted()) > _MOST_DIGITS:
            raise ValueError(f"{amount} is not an amount of money.")
        minor = Fraction(exact) * 10**digits
        if minor.denominator != 1:
            raise ValueError(f"{amount} is finer than the smallest unit of {currency}.")
        return cls(currency, minor.numerator)

    @classmethod
    def zero(cls, currency: str) -> Self:
        """No money, in ``currency``."""
        return cls(currency, 0)

    @property
    def amount(self) -> Decimal:
        """The exact amount with all the currency's decimals, e.g. ``Decimal("12.30")``."""
        return Decimal(f"{self.minor}E-{minor_digits(self.currency)}")

    def __add__(self, other: "Money") -> "Money":
        """The sum, in the same currency."""
        return Money(self.currency, self.minor + self._same(other))

    def __sub__(self, other: "Money") -> "Money":
        """The difference, in the same currency."""
        return Money(self.currency, self.minor - self._same(other))

    def __neg__(self) -> "Money":
        """The same amount in the other direction."""
        return Money(self.currency, -self.minor)

    def __lt__(self, other: "Money") -> bool:
        """Whether this is less, in the same currency."""
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        """Whether this is not more, in the same currency."""
        return self.minor <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        """Whether this is more, in the same currency."""
        return self.minor > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        """Whether this is not less, in the same currency."""
        return self.minor >= self._same(other)

    def __str__(self) -> str:
        """The amount and its currency, e.g. ``12.34 EUR``."""
        return f"{self.amount:f} {self.currency}"

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} are different currencies.")
        return other.minor


def round_half_up(amount: Fraction | Decimal, currency: str) -> Money:
    """The money nearest to ``amount``; a half goes away from zero, so that a credit mirrors its charge."""
    exact = abs(Fraction(amount)) * 10 ** minor_digits(currency)
    minor = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    return Money(currency, -minor if amount < 0 else minor)


class Taxed(Struct, frozen=True):
    """An amount with its VAT told apart: ``gross == net + vat`` always."""

    gross: Money
    net: Money
    vat: Money


def with_vat_inside(gross: Money, vat_rate: Decimal) -> Taxed:
    """Tell the VAT apart that ``gross`` includes; ``vat_rate`` is a fraction, 0.19 for 19 %.

    The net amount is rounded half-up and the VAT is the rest.
    """
    net = round_half_up(Fraction(gross.amount) / (1 + Fraction(vat_rate)), gross.currency)
    return Taxed(gross, net, gross - net)


def nth_part(whole: Taxed, before: Money, part: Money) -> Taxed:
    """The part of ``whole`` with the gross amount ``part`` after parts of ``before`` were taken.

    Net and VAT are shared by gross amount, counted from the first part on: parts that add up to the whole in
    gross do so in net and VAT as well, in whatever sizes they come, because the last takes what is left.
    Raises ``ValueError`` for more than is left, or for a part of the other sign.
    """
    gross, taken, left = whole.gross.minor, (before + part).minor, (whole.gross - before - part).minor
    if taken * gross < 0 or left * gross < 0 or part.minor * gross < 0 or (not gross and (taken or left)):
        raise ValueError(f"{part} cannot be taken from {whole.gross} after {before}.")
    net = _share(whole, taken) - _share(whole, before.minor)
    return Taxed(part, net, part - net)


def parts(whole: Taxed, amounts: Iterable[Money]) -> list[Taxed]:
    """``whole`` in parts with these gross amounts; see ``nth_part``."""
    found: list[Taxed] = []
    before = Money.zero(whole.gross.currency)
    for part in amounts:
        found.append(nth_part(whole, before, part))
        before += part
    return found


def _share(whole: Taxed, taken: int) -> Money:
    """The net amount of the first ``taken`` minor units of gross."""
    if not whole.gross.minor:
        return whole.net
    return round_half_up(Fraction(whole.net.amount) * Fraction(taken, whole.gross.minor), whole.net.currency)
