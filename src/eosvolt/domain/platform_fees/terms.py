"""Terms of the platform fee, and what a session costs by them."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from eosvolt.domain.money import Money, minor_digits, round_half_up

# The finest rate is a millionth, as of VAT rates.
_FINEST = Decimal("0.000001")


class FeeTerms(Struct, frozen=True, omit_defaults=True):
    """What each session costs that settles on or after the local day ``starts_on``.

    ``rate`` is a fraction of the session's gross amount. ``fixed`` are amounts for each session, at most one
    of a currency; sessions in other currencies cost the rate alone.
    """

    starts_on: date
    rate: Decimal = Decimal(0)
    fixed: tuple[Money, ...] = ()


FeeSchedule = tuple[FeeTerms, ...]


def problems(terms: FeeTerms) -> Iterator[tuple[str, str]]:
    """Every rule that the terms break, as pairs of a field and a sentence."""
    if not (terms.rate.is_finite() and 0 <= terms.rate < 1 and terms.rate % _FINEST == 0):
        yield "rate", "The rate is a fraction from 0 to below 1 with at most 6 decimals."
    for amount in terms.fixed:
        try:
            minor_digits(amount.currency)
        except ValueError:
            yield "fixed", f"{amount.currency} is not an ISO 4217 currency."
        if amount.minor < 0:
            yield "fixed", "A fee is not negative."
    if len({amount.currency for amount in terms.fixed}) < len(terms.fixed):
        yield "fixed", "There is one amount for each currency."


def scheduled(schedule: Iterable[FeeTerms], terms: FeeTerms) -> FeeSchedule:
    """The schedule with further terms, by their first day; they replace those of the same day."""
    others = [each for each in schedule if each.starts_on != terms.starts_on]
    return tuple(sorted((*others, terms), key=lambda each: each.starts_on))


def in_force(schedule: Iterable[FeeTerms], day: date) -> FeeTerms | None:
    """The terms of a day; ``None`` before the first."""
    found = None
    for terms in schedule:
        if terms.starts_on <= day:
            found = terms
    return found


def platform_fee(terms: FeeTerms, gross: Money) -> Money:
    """The fee of a session with this gross amount: rounded half-up once, and never more than the amount."""
    if gross.minor <= 0:
        return Money.zero(gross.currency)
    share = round_half_up(Fraction(gross.amount) * Fraction(terms.rate), gross.currency)
    fixed = (amount for amount in terms.fixed if amount.currency == gross.currency)
    return min(sum(fixed, share), gross)
