"""Comparing the history with its seals, event by event, and naming what differs."""

import struct
from collections.abc import AsyncIterator, Callable
from enum import StrEnum
from typing import LiteralString, NamedTuple
from uuid import UUID

import msgspec

from eosvolt.adapters.postgres.connections import Db, connect
from eosvolt.adapters.postgres.seals import GENESIS, Leaf, chain, leaf, signature, unpack
from eosvolt.adapters.postgres.stored_events import moment

# Moved events are looked for among the differences; with more of them than this the history is beyond naming.
COMPARED = 3_000
_SEALS: LiteralString = (
    "SELECT up_to, count, leaves, digest, signature FROM history_seals"
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


class Kind(StrEnum):
    """What can be wrong with the history."""

    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"
    REORDERED = "reordered"
    BROKEN_SEAL = "broken seal"


class Finding(NamedTuple):
    """One thing that is wrong, at a position of the log, in a sentence."""

    kind: Kind
    position: int
    text: str


class HistoryReport(NamedTuple):
    """The history against its seals.

    ``digest`` is the last seal's, in hex: written down elsewhere, it proves the end of the history, too.
    """

    events: int
    seals: int
    unsealed: int
    digest: str
    findings: list[Finding]

    @property
    def intact(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


class _Stored(NamedTuple):
    position: int
    originator_id: UUID
    version: int
    topic: str
    state: bytes
    company: int

    @property
    def leaf(self) -> bytes:
        return self.at(self.position)

    def at(self, position: int) -> bytes:
        return leaf(position, self.originator_id, self.version, self.topic, self.state).digest

    @property
    def named(self) -> str:
        return f'"{self.topic}", version {self.version} of {_stream(self.state) or self.originator_id}'


class _Differences:
    """What was sealed and is gone, what is there and was not sealed, what is other than it was sealed."""

    def __init__(self) -> None:
        self.missing: dict[int, bytes] = {}
        self.added: dict[int, _Stored] = {}
        self.changed: dict[int, tuple[bytes, _Stored]] = {}

    def compare(self, sealed: list[Leaf], stored: list[_Stored]) -> None:
        expected = dict(sealed)
        for event in stored:
            digest = expected.pop(event.position, None)
            if digest is None:
                self.added[event.position] = event
            elif digest != event.leaf:
                self.changed[event.position] = (digest, event)
        self.missing.update(expected)

    def findings(self) -> list[Finding]:
        """The differences in words, those that are one event in another place told as such."""
        gaps = self.missing | {position: digest for position, (digest, _) in self.changed.items()}
        strays = [*self.added.values(), *(event for _, event in self.changed.values())]
        moved: dict[int, _Stored] = {}
        if (
            len(gaps) <= COMPARED
            and len(strays) <= COMPARED
            and len(gaps) * len(strays) <= COMPARED * COMPARED
        ):
            for position, digest in gaps.items():
                moved.update((position, event) for event in strays if event.at(position) == digest)
        homes = {event.position for event in moved.values()}
        found = [
            Finding(
                Kind.REORDERED, position, f"the event sealed here is now at {event.position}: {event.named}"
            )
            for position, event in moved.items()
        ]
        found += [
            Finding(Kind.CHANGED, position, event.named)
            for position, (_, event) in self.changed.items()
            if position not in moved and position not in homes
        ]
        found += [
            Finding(Kind.MISSING, position, "the event that was sealed here is gone")
            for position in (*self.missing, *(p for p in self.changed if p in homes))
            if position not in moved
        ]
        found += [
            Finding(
                Kind.ADDED, position, f"this event was not here when the stretch was sealed: {event.named}"
            )
            for position, event in self.added.items()
            if position not in homes
        ]
        return found


async def check_history(
    dsn: str, secret: bytes = b"", progress: Callable[[int, int], None] | None = None
) -> HistoryReport:
    """Compare every sealed event with its seal, as of one instant; what is not sealed yet is only counted.

    With a ``secret``, a seal without its signature is a finding. ``progress`` is told positions done and to
    do.
    """
    findings: list[Finding] = []
    differences = _Differences()
    events = seals = 0
    up_to, digest = 0, GENESIS
    async with await connect(dsn, "check history") as connection:
        await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        last = (await _one(connection, "SELECT coalesce(max(up_to), 0) FROM history_seals"))[0]
        async for seal in _seals(connection):
            seals += 1
            findings += _broken(seal, digest, secret)
            cursor = connection.cursor(binary=True)
            await cursor.execute(_EVENTS, (up_to if seals > 1 else _BEFORE_ALL, seal.up_to), prepare=True)
            stored = [_Stored(*row) for row in await cursor.fetchall()]
            events += len(stored)
            differences.compare(seal.read(), stored)
            findings += _misfiled(stored)
            up_to, digest = seal.up_to, seal.digest
            if progress is not None:
                progress(up_to, last)
        unsealed = (await _one(connection, _TAIL, (up_to if seals else _BEFORE_ALL,)))[0]
        cut = (await _one(connection, _BOOKMARK))[0]
    if cut:
        findings.append(
            Finding(Kind.MISSING, cut, "a read model has seen an event here, and the history ends before it")
        )
    findings = sorted(findings + differences.findings(), key=lambda finding: (finding.position, finding.kind))
    return HistoryReport(events + unsealed, seals, unsealed, digest.hex(), findings)


class _Seal(NamedTuple):
    up_to: int
    size: int
    leaves: bytes
    digest: bytes
    signature: bytes | None

    def read(self) -> list[Leaf]:
        """The leaves, as far as they are whole."""
        try:
            return unpack(self.leaves)
        except struct.error:
            return unpack(self.leaves[: len(self.leaves) // 24 * 24])


async def _seals(connection: Db) -> AsyncIterator[_Seal]:
    after = _BEFORE_ALL
    while True:
        cursor = connection.cursor(binary=True)
        await cursor.execute(_SEALS, (after,), prepare=True)
        rows = [_Seal(*row) for row in await cursor.fetchall()]
        for seal in rows:
            yield seal
        if not rows:
            return
        after = rows[-1].up_to


def _broken(seal: _Seal, previous: bytes, secret: bytes) -> list[Finding]:
    leaves = seal.read()
    if seal.digest != chain(previous, seal.leaves):
        text = "its digest does not follow from the seal before it and its own list of events"
    elif len(leaves) != seal.size or not leaves or leaves[-1].position != seal.up_to:
        text = "its count or its end does not fit its list of events"
    elif secret and seal.signature != signature(secret, seal.up_to, seal.size, seal.digest):
        text = "its signature was not made with this installation's secret"
    else:
        return []
    return [Finding(Kind.BROKEN_SEAL, seal.up_to, text)]


def _misfiled(stored: list[_Stored]) -> list[Finding]:
    """Events whose company column, which the seals do not cover, says other than the event."""
    return [
        Finding(Kind.CHANGED, event.position, f"filed under company {event.company}: {event.named}")
        for event in stored
        if not event.state.startswith(b'{"company":%d,' % event.company) and _company(event) != event.company
    ]


def _company(event: _Stored) -> int | None:
    try:
        return moment(event.state).company
    except msgspec.MsgspecError:
        # The bytes themselves were changed, which the seal tells.
        return event.company


def _stream(state: bytes) -> str:
    try:
        return str(msgspec.json.decode(state).get("stream", ""))
    except (msgspec.MsgspecError, UnicodeDecodeError, AttributeError):
        return ""


async def _one(connection: Db, query: LiteralString, params: tuple[int, ...] = ()) -> tuple[int, ...]:
    cursor = await connection.execute(query, params)
    row = await cursor.fetchone()
    if row is None:
        raise AssertionError("an aggregate always returns a row")
    return row
