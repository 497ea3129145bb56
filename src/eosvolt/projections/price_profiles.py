"""Every price profile, with the home chargers that it prices."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from eosvolt.domain.kernel import Fact
from eosvolt.domain.price_profiles.events import (
    PriceProfileAdded,
    PriceProfileAssigned,
    PriceProfileChanged,
    PriceProfileReleased,
    PriceProfileRemoved,
    ProfileTerms,
)
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class PriceProfileRow(Row, frozen=True, kw_only=True):
    """A price profile. ``version`` is that of its last edition."""

    profile: str
    company: int
    name: str
    terms: ProfileTerms
    added_at: datetime
    homes: tuple[str, ...] = ()
    removed: bool = False
    version: int = 0


def keys(fact: Fact) -> Iterable[str]:
    """The price profile itself."""
    return (fact.key,)


def apply(row: PriceProfileRow | None, fact: Fact, key: str) -> PriceProfileRow | None:
    """The price profile after the fact."""
    change = msgspec.structs.replace
    match fact.event, row:
        case PriceProfileAdded(terms=terms) as added, _:
            return PriceProfileRow(
                profile=key,
                company=added.company,
                name=terms.name,
                terms=terms,
                added_at=added.at,
                version=fact.version,
            )
        case PriceProfileChanged(terms=terms), PriceProfileRow() as known:
            return change(known, name=terms.name, terms=terms, version=fact.version)
        case PriceProfileAssigned(home=home), PriceProfileRow() as known:
            return change(known, homes=tuple(sorted({*known.homes, home})))
        case PriceProfileReleased(home=home), PriceProfileRow() as known:
            return change(known, homes=tuple(each for each in known.homes if each != home))
        case PriceProfileRemoved(), PriceProfileRow() as known:
            return change(known, removed=True)
        case _:
            return row


price_profiles = ReadModel(
    name="price_profiles",
    version=1,
    row=PriceProfileRow,
    reads=tags(
        PriceProfileAdded,
        PriceProfileChanged,
        PriceProfileAssigned,
        PriceProfileReleased,
        PriceProfileRemoved,
    ),
    keys=keys,
    apply=apply,
    indexes=("company, name",),
)
