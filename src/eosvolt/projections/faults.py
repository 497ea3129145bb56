"""What is and was wrong: one row per entry of the diagnostics page."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from eosvolt.domain.faults.events import FaultOpened, FaultRecovered, FaultRecurred, FaultSolved
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class FaultRow(Row, frozen=True, kw_only=True):
    """One entry.

    ``state`` is ``open``, ``recovered`` or ``solved``; ``earlier`` is the id of the entry it came back from;
    ``session`` was open on the plug when the fault was last seen, if any was.
    """

    id: str
    company: int
    location: str
    charge_point: str
    connector: int
    kind: str
    code: str
    vendor_code: str
    text: str
    since: datetime
    last_seen_at: datetime
    occurrences: int = 1
    state: str = "open"
    recovered_at: datetime | None = None
    solved_at: datetime | None = None
    solved_by: str = ""
    note: str = ""
    earlier: str = ""
    severity: str = "error"
    session: str = ""


def keys(fact: Fact) -> Iterable[str]:
    """The entry: its subject and its number."""
    match fact.event:
        case (
            FaultOpened(number=number)
            | FaultRecurred(number=number)
            | FaultRecovered(number=number)
            | FaultSolved(number=number)
        ):
            return (f"{fact.key}#{number}",)
        case _:
            return ()


def apply(row: FaultRow | None, fact: Fact, key: str) -> FaultRow | None:
    """The entry after the fact."""
    match fact.event, row:
        case FaultOpened() as opened, _:
            return FaultRow(
                id=key,
                company=opened.company,
                location=opened.location,
                charge_point=opened.charge_point,
                connector=opened.connector,
                kind=opened.kind.value,
                code=opened.code,
                vendor_code=opened.vendor_code,
                text=opened.text,
                since=opened.at,
                last_seen_at=opened.at,
                earlier=f"{fact.key}#{opened.earlier}" if opened.earlier else "",
                severity=opened.severity.value,
                session=opened.session,
            )
        case FaultRecurred() as again, FaultRow() as known:
            return msgspec.structs.replace(
                known,
                state="open",
                recovered_at=None,
                last_seen_at=again.at,
                occurrences=again.occurrences,
                vendor_code=again.vendor_code or known.vendor_code,
                text=again.text or known.text,
                severity=again.severity.value,
                session=again.session or known.session,
            )
        case FaultRecovered(at=at), FaultRow() as known:
            return msgspec.structs.replace(known, state="recovered", recovered_at=at)
        case FaultSolved() as solved, FaultRow() as known:
            return msgspec.structs.replace(
                known, state="solved", solved_at=solved.at, solved_by=solved.by, note=solved.note
            )
        case _:
            return row


faults = ReadModel(
    name="faults",
    version=2,
    row=FaultRow,
    reads=tags(FaultOpened, FaultRecurred, FaultRecovered, FaultSolved),
    keys=keys,
    apply=apply,
    indexes=("company, state, last_seen_at DESC", "company, charge_point"),
)
