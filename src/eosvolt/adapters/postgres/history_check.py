"""Integrity check of the history: compares each event with its seal and lists the differences."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import LiteralString, NamedTuple

import msgspec

from eosvolt.adapters.postgres.connections import Db, connect
from eosvolt.adapters.postgres.hash_chain import GENESIS, Seal
from eosvolt.adapters.postgres.head_file import Head
from eosvolt.adapters.postgres.history_findings import Differences, HistoryFinding, Kind, StoredRow
from eosvolt.adapters.postgres.stored_events import EventMapper, moment, originator_id

_SEALS: LiteralString = (
    "SELECT up_to, count, leaves, digest, signature, sealed_at, format FROM history_seals"
    " WHERE up_to > %b ORDER BY up_to LIMIT 50"
)
_EVENTS: LiteralString = (
    "SELECT notification_id, originator_id, originator_version, topic, state, company FROM stored_events"
    " WHERE notification_id > %b AND notification_id <= %b ORDER BY notification_id"
)
_TAIL: LiteralString = "SELECT count(*) FROM stored_events WHERE notification_id > %b"
_BOOKMARK: LiteralString = (
    "SELECT coalesce(max(notification_id), 0) FROM notification_tracking"
    " WHERE notification_id > (SELECT coalesce(max(notification_id), 0) FROM stored_events)"
)
_BEFORE_ALL = -(2**63)
_AFTER_ALL = 2**63 - 1
# How far the sealer may lag. It seals every second, and a backlog at 20,000 events a second.
SEALED_WITHIN = timedelta(minutes=1)
UNREADABLE_NAMED = 100


class HistoryReport(NamedTuple):
    """The result of comparing the history with its seals.

    ``digest`` is that of the last seal in hex. A copy of it kept elsewhere later proves that the history
    was not cut off.
    """

    events: int
    seals: int
    unsealed: int
    position: int
    digest: str
    findings: list[HistoryFinding]

    @property
    def intact(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


class Expected(NamedTuple):
    """Expectations about the history from other sources.

    ``heads`` must be in the chain. Each of ``digests`` (hex, or the beginning of one) must be a seal's.
    Events recorded a minute before ``now`` must be sealed. ``mapper``, if given, must read each event.
    """

    heads: tuple[Head, ...] = ()
    digests: tuple[str, ...] = ()
    now: datetime | None = None
    mapper: EventMapper | None = None


NOTHING_EXPECTED = Expected()


async def check_history(
    dsn: str,
    secret: bytes = b"",
    progress: Callable[[int, int], None] | None = None,
    expected: Expected = NOTHING_EXPECTED,
) -> HistoryReport:
    """Compare every sealed event with its seal and with ``expected``, as of one instant.

    With a ``secret``, an unsigned seal is a finding. ``progress`` gets the positions done and the total.
    """
    findings: list[HistoryFinding] = []
    differences = Differences()
    readable = _Readable(expected.mapper)
    wanted = _Wanted(expected)
    events = seals = 0
    up_to, digest = 0, GENESIS
    async with await connect(dsn, "check history") as connection:
        await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        last = (await _one(connection, "SELECT coalesce(max(up_to), 0) FROM history_seals"))[0]
        async for seal in _seals(connection):
            seals += 1
            if fault := seal.fault(digest, secret):
                findings.append(HistoryFinding(Kind.BROKEN_SEAL, seal.up_to, fault))
            stored = await _stored(connection, up_to if seals > 1 else _BEFORE_ALL, seal.up_to)
            events += len(stored)
            differences.compare(seal.read(), stored)
            findings += _misfiled(stored)
            readable.read(stored)
            wanted.passed(seal)
            up_to, digest = seal.up_to, seal.digest
            if progress is not None:
                progress(up_to, last)
        begin = up_to if seals else _BEFORE_ALL
        unsealed = (await _one(connection, _TAIL, (begin,)))[0]
        findings += await _left_unsealed(connection, begin, unsealed, expected.now, readable)
        cut = (await _one(connection, _BOOKMARK))[0]
    if cut:
        findings.append(
            HistoryFinding(
                Kind.MISSING, cut, "a read model has seen an event here, and the history ends before it"
            )
        )
    findings += [*differences.findings(), *readable.findings(), *wanted.findings()]
    findings.sort(key=lambda finding: (finding.position, finding.kind))
    return HistoryReport(events + unsealed, seals, unsealed, up_to, digest.hex(), findings)


class _Wanted:
    """Expected heads and digests that were not found in the chain yet."""

    def __init__(self, expected: Expected) -> None:
        self._heads = {head.position: head for head in expected.heads}
        self._digests = {digest.strip().casefold() for digest in expected.digests}

    def passed(self, seal: Seal) -> None:
        digest = seal.digest.hex()
        if seal.up_to in self._heads and self._heads[seal.up_to].digest == digest:
            del self._heads[seal.up_to]
        if self._digests:
            self._digests = {each for each in self._digests if not digest.startswith(each)}

    def findings(self) -> list[HistoryFinding]:
        text = "the head in the signed file is no seal of this history: it was cut, sealed anew or restored"
        found = [HistoryFinding(Kind.OTHER_HEAD, head.position, text) for head in self._heads.values()]
        return found + [
            HistoryFinding(Kind.OTHER_HEAD, 0, f"no seal of this history has the digest {digest}")
            for digest in sorted(self._digests)
        ]


class _Readable:
    """Events that this program cannot read: of an unknown type, with other fields, of another stream."""

    def __init__(self, mapper: EventMapper | None) -> None:
        self._mapper = mapper
        self._found: list[HistoryFinding] = []
        self._more = 0

    def read(self, stored: list[StoredRow]) -> None:
        for event in stored if self._mapper is not None else ():
            if reason := self._fault(event):
                if len(self._found) < UNREADABLE_NAMED:
                    text = f"{event.named} cannot be read: {reason}"
                    self._found.append(HistoryFinding(Kind.UNREADABLE, event.position, text))
                else:
                    self._more += 1

    def findings(self) -> list[HistoryFinding]:
        more = [HistoryFinding(Kind.UNREADABLE, 0, f"{self._more} more events")] if self._more else []
        return self._found + more

    def _fault(self, event: StoredRow) -> str:
        if self._mapper is None:
            return ""
        try:
            fact = self._mapper.fact(event.position, event.version, event.topic, event.state)
        except Exception as error:  # noqa: BLE001 - whatever the bytes do to the decoder is what is wrong with them
            return f"{type(error).__name__}: {error}"
        return "" if originator_id(fact.stream) == event.originator_id else "it is filed under another stream"


async def _left_unsealed(
    connection: Db, after: int, count: int, now: datetime | None, readable: _Readable
) -> list[HistoryFinding]:
    """Findings for events that should be sealed by now; reads all unsealed events in pieces."""
    late, first = 0, 0
    for _ in range(0, count, 10_000):
        stored = await _stored(connection, after, _AFTER_ALL, 10_000)
        if not stored:
            break
        readable.read(stored)
        for event in stored:
            if now is not None and _recorded(event, now) < now - SEALED_WITHIN:
                late, first = late + 1, first or event.position
        after = stored[-1].position
    if not late:
        return []
    return [
        HistoryFinding(
            Kind.UNSEALED, first, f"{late} events from here on are older than a minute and not sealed"
        )
    ]


def _recorded(event: StoredRow, otherwise: datetime) -> datetime:
    try:
        return moment(event.state).recorded_at
    except msgspec.MsgspecError:
        return otherwise


async def _stored(connection: Db, after: int, until: int, limit: int = _AFTER_ALL) -> list[StoredRow]:
    cursor = connection.cursor(binary=True)
    await cursor.execute(f"{_EVENTS} LIMIT %b", (after, until, limit), prepare=True)
    return [StoredRow(*row) for row in await cursor.fetchall()]


async def _seals(connection: Db) -> AsyncIterator[Seal]:
    after = _BEFORE_ALL
    while True:
        cursor = connection.cursor(binary=True)
        await cursor.execute(_SEALS, (after,), prepare=True)
        rows = [Seal(*row) for row in await cursor.fetchall()]
        for seal in rows:
            yield seal
        if not rows:
            return
        after = rows[-1].up_to


def _misfiled(stored: list[StoredRow]) -> list[HistoryFinding]:
    """Findings for events whose company column, which the seals do not cover, differs from the event."""
    return [
        HistoryFinding(Kind.CHANGED, event.position, f"filed under company {event.company}: {event.named}")
        for event in stored
        if not event.state.startswith(b'{"company":%d,' % event.company) and _company(event) != event.company
    ]


def _company(event: StoredRow) -> int | None:
    try:
        return moment(event.state).company
    except msgspec.MsgspecError:
        # The bytes themselves were changed; the comparison with the seal reports that.
        return event.company


async def _one(connection: Db, query: LiteralString, params: tuple[int, ...] = ()) -> tuple[int, ...]:
    cursor = await connection.execute(query, params)
    row = await cursor.fetchone()
    if row is None:
        raise AssertionError("an aggregate always returns a row")
    return row
