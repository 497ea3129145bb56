"""The faults and who looks after them: one row per entry of the diagnostics page."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from eosvolt.domain.calendar import MICROSECOND
from eosvolt.domain.explanations import Explanation
from eosvolt.domain.faults.events import (
    FaultAcknowledged,
    FaultAssigned,
    FaultOpened,
    FaultRecovered,
    FaultRecurred,
    FaultSnoozed,
    FaultSolved,
    FaultUnacknowledged,
    FaultWoken,
)
from eosvolt.domain.faults.level import Level, impact
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# More microseconds than there are from 1970 to the year 2286.
_GROUP = 10**16


class FaultRow(Row, frozen=True, kw_only=True):
    """One entry.

    ``text`` is the charger's own, ``explanation`` ours.
    ``state`` is ``open``, ``recovered`` or ``solved``; ``earlier`` is the id of the entry it came back from;
    ``session`` was open on the plug when the fault was last seen, if any was. ``level`` is how bad it is for
    those who want to charge, ``rank`` the same as a number (0 is minor); ``stops_charging``: the plug, or
    the charger, cannot charge while it is open. It was open for ``down_s`` seconds up to its last recovery,
    and again since ``down_since``. ``queue_order`` sorts what needs attention: what nobody acknowledged
    first, then the worst, then what is open the longest. ``version`` is that of its stream.
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
    explanation: Explanation | None = None
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
    level: str = Level.MINOR.value
    rank: int = Level.MINOR.rank
    stops_charging: bool = False
    down_s: int = 0
    down_since: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    acknowledgement: str = ""
    owner: str = ""
    snoozed_until: datetime | None = None
    snoozed_by: str = ""
    snooze_note: str = ""
    queue_order: int = 0
    version: int = 0

    def snoozed(self, at: datetime) -> bool:
        """Whether it needs no attention at an instant."""
        return self.state == "open" and self.snoozed_until is not None and at < self.snoozed_until

    def down(self, at: datetime) -> timedelta:
        """How long it was open in all up to an instant, without the times in between."""
        more = timedelta() if self.down_since is None else max(at - self.down_since, timedelta())
        return timedelta(seconds=self.down_s) + more


def keys(fact: Fact) -> Iterable[str]:
    """The entry: its subject and its number."""
    match fact.event:
        case (
            FaultOpened(number=number)
            | FaultRecurred(number=number)
            | FaultRecovered(number=number)
            | FaultSolved(number=number)
            | FaultAcknowledged(number=number)
            | FaultUnacknowledged(number=number)
            | FaultAssigned(number=number)
            | FaultSnoozed(number=number)
            | FaultWoken(number=number)
        ):
            return (f"{fact.key}#{number}",)
        case _:
            return ()


def apply(row: FaultRow | None, fact: Fact, key: str) -> FaultRow | None:
    """The entry after the fact."""
    after = _opened(fact.event, fact.key, key) if isinstance(fact.event, FaultOpened) else _moved(row, fact)
    if after is None:
        return None
    return msgspec.structs.replace(after, queue_order=_queue_order(after), version=fact.version)


def _opened(opened: FaultOpened, subject: str, key: str) -> FaultRow:
    row = FaultRow(
        id=key,
        company=opened.company,
        location=opened.location,
        charge_point=opened.charge_point,
        connector=opened.connector,
        kind=opened.kind.value,
        code=opened.code,
        vendor_code=opened.vendor_code,
        text=opened.text,
        explanation=opened.explanation,
        since=opened.at,
        last_seen_at=opened.at,
        earlier=f"{subject}#{opened.earlier}" if opened.earlier else "",
        session=opened.session,
        down_since=opened.at,
    )
    return _judged(row, opened)


def _moved(row: FaultRow | None, fact: Fact) -> FaultRow | None:
    change = msgspec.structs.replace
    match fact.event, row:
        case _, None:
            return None
        case FaultRecurred() as again, known:
            latest = again if again.text or again.explanation is not None else known
            seen = change(
                known,
                state="open",
                recovered_at=None,
                last_seen_at=again.at,
                occurrences=again.occurrences,
                vendor_code=again.vendor_code or known.vendor_code,
                text=latest.text,
                explanation=latest.explanation,
                session=again.session or known.session,
                down_since=known.down_since or again.at,
            )
            return _judged(seen, again)
        case FaultRecovered(at=at), known:
            return change(_over(known, at), state="recovered", recovered_at=at)
        case FaultSolved() as solved, known:
            return change(
                _over(known, solved.at),
                state="solved",
                solved_at=solved.at,
                solved_by=solved.by,
                note=solved.note,
            )
        case FaultAcknowledged(at=at, by=by, note=note), known:
            return change(known, acknowledged_at=at, acknowledged_by=by, acknowledgement=note)
        case FaultUnacknowledged(), known:
            return change(known, acknowledged_at=None, acknowledged_by="", acknowledgement="")
        case FaultAssigned(owner=owner), known:
            return change(known, owner=owner)
        case FaultSnoozed(until=until, by=by, note=note), known:
            return change(known, snoozed_until=until, snoozed_by=by, snooze_note=note)
        case FaultWoken(), known:
            return change(known, snoozed_until=None, snoozed_by="", snooze_note="")
        case _:
            return row


def _judged(row: FaultRow, seen: FaultOpened | FaultRecurred) -> FaultRow:
    found = impact(row.code, row.connector, seen.severity, charger_down=seen.charger_down)
    return msgspec.structs.replace(
        row,
        severity=seen.severity.value,
        level=found.level.value,
        rank=found.level.rank,
        stops_charging=found.stops_charging,
    )


def _over(row: FaultRow, at: datetime) -> FaultRow:
    return msgspec.structs.replace(row, down_s=int(row.down(at).total_seconds()), down_since=None)


def _queue_order(row: FaultRow) -> int:
    group = Level.CRITICAL.rank - row.rank + (len(Level) if row.acknowledged_at is not None else 0)
    return group * _GROUP + (row.since - _EPOCH) // MICROSECOND


faults = ReadModel(
    name="faults",
    version=5,
    row=FaultRow,
    reads=tags(
        FaultOpened,
        FaultRecurred,
        FaultRecovered,
        FaultSolved,
        FaultAcknowledged,
        FaultUnacknowledged,
        FaultAssigned,
        FaultSnoozed,
        FaultWoken,
    ),
    keys=keys,
    apply=apply,
    indexes=(
        "company, state, last_seen_at DESC",
        "company, last_seen_at DESC, id DESC",
        "company, state, queue_order, id",
        "company, queue_order, id",
        "company, charge_point",
    ),
)
