"""What a profile that reimburses says: who pays, for whose charging, and at which price of each day."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import combinations

from msgspec import Struct

from eosvolt.domain.tariffs.tariff import FINEST_DECIMALS

MOST_TOKENS = 100
MOST_SOURCES = 100
LONGEST_EVIDENCE = 200
_DEAREST = Decimal(1_000_000_000)


class SourceKind(StrEnum):
    """Where a price comes from: the owner's contract, or a flat rate that was published for the year."""

    CONTRACT = "contract"
    FLAT_RATE = "flatRate"


class PriceSource(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A price per kWh for the days ``since`` to ``until``, both included, of one calendar year.

    ``base_share`` is the share of the contract's base price in each kWh; it is paid on top of ``price``.
    ``evidence`` names the contract, the bill or the publication; ``file`` is the SHA-256 in hex of the file
    that was uploaded of it, empty for none.
    """

    since: date
    until: date
    kind: SourceKind
    price: Decimal
    evidence: str
    base_share: Decimal = Decimal(0)
    file: str = ""

    @property
    def year(self) -> int:
        """The calendar year for which it was chosen."""
        return self.since.year

    @property
    def per_kwh(self) -> Decimal:
        """What a kWh is reimbursed with."""
        return self.price + self.base_share


class Reimbursement(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who reimburses the owner of a home charger for what is charged with which tokens.

    ``payer`` is the customer who pays, an employer; empty for the company itself. ``tokens`` are the folded
    uids of business tokens. ``sources`` are in the order of their days.
    """

    payer: str = ""
    tokens: tuple[str, ...] = ()
    sources: tuple[PriceSource, ...] = ()

    @property
    def files(self) -> frozenset[str]:
        """The digests of the files that prove its prices."""
        return frozenset(each.file for each in self.sources if each.file)

    def source_on(self, day: date) -> PriceSource | None:
        """Where the price of a local day comes from; ``None`` where nothing is known."""
        return next((each for each in self.sources if each.since <= day <= each.until), None)


def problems(terms: Reimbursement) -> Iterator[tuple[str, str]]:
    """Every rule that the terms break, as ``(pointer, sentence)``; pointers are JSON pointers (RFC 6901)."""
    if len(terms.tokens) > MOST_TOKENS:
        yield "/businessTokens", f"At most {MOST_TOKENS:d} tokens count as business."
    if any(not each for each in terms.tokens):
        yield "/businessTokens", "A token needs its number."
    if len(terms.sources) > MOST_SOURCES:
        yield "/priceSources", f"A price profile has at most {MOST_SOURCES:d} prices."
    for index, source in enumerate(terms.sources):
        for field, sentence in _of_source(source):
            yield f"/priceSources/{index}{field}", sentence
    for first, second in combinations(terms.sources, 2):
        year, day = first.year, max(first.since, second.since).isoformat()
        if year == second.year and first.kind is not second.kind:
            yield "/priceSources", f"The contract's price or the flat rate is chosen for all of {year:d}."
        if first.since <= second.until and second.since <= first.until:
            yield "/priceSources", f"Two prices apply on {day}."


def chosen_otherwise(before: Iterable[PriceSource], after: Iterable[PriceSource], year: int) -> int | None:
    """A year up to ``year`` whose kind of price was chosen before and is another one now, if any."""
    chosen = {each.year: each.kind for each in before if each.year <= year}
    for each in after:
        if chosen.get(each.year, each.kind) is not each.kind:
            return each.year
    return None


def _of_source(source: PriceSource) -> Iterator[tuple[str, str]]:
    if source.until < source.since:
        yield "/validUntil", "It ends before it begins."
    elif source.until.year != source.year:
        yield "/validUntil", "A price is of one calendar year: say another one for the next."
    for field, number in (("/price", source.price), ("/basePriceShare", source.base_share)):
        if not (number.is_finite() and 0 <= number < _DEAREST):
            yield field, "A price is a number from 0 to below a billion."
        elif int(number.as_tuple().exponent) < -FINEST_DECIMALS:
            yield field, f"A price has at most {FINEST_DECIMALS:d} decimals."
    if source.kind is SourceKind.FLAT_RATE and source.base_share:
        yield "/basePriceShare", "A flat rate has no base price."
    if not source.evidence.strip():
        yield "/evidence", "A price needs its evidence: the contract, the bill or the publication."
    elif len(source.evidence) > LONGEST_EVIDENCE:
        yield "/evidence", f"The evidence has at most {LONGEST_EVIDENCE:d} characters."
