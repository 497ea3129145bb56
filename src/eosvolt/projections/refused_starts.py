"""Refused starts, one row each: who wanted to charge where and might not, and why."""

from collections.abc import Iterable
from datetime import datetime

from eosvolt.domain.kernel import Fact
from eosvolt.domain.refusals.events import StartRefused
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class RefusedStartRow(Row, frozen=True, kw_only=True):
    """A refused start; see ``StartRefused``. ``charge_box_id`` names the charger within its company."""

    id: str
    company: int
    location: str
    charge_box_id: str
    connector: int
    token: str
    at: datetime
    reason: str
    session: str = ""


def keys(fact: Fact) -> Iterable[str]:
    """A row of its own for each fact."""
    return (f"{fact.key}@{fact.version}",)


def apply(row: RefusedStartRow | None, fact: Fact, key: str) -> RefusedStartRow | None:
    """The refusal; a row never changes once written."""
    match fact.event:
        case StartRefused() as refused:
            return RefusedStartRow(
                id=key,
                company=refused.company,
                location=refused.location,
                charge_box_id=refused.charge_point,
                connector=refused.connector,
                token=refused.token,
                at=refused.at,
                reason=refused.reason,
                session=refused.session,
            )
        case _:
            return row


refused_starts = ReadModel(
    name="refused_starts",
    version=1,
    row=RefusedStartRow,
    reads=tags(StartRefused),
    keys=keys,
    apply=apply,
    indexes=("company, location, at",),
)
