"""One process of a load: plays its part of the park and hands over the events, ready to be stored."""

import asyncio
import gc
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from typing import NamedTuple

import msgspec

from eosvolt.adapters.postgres.numbers import PostgresNumbers
from eosvolt.adapters.postgres.stored_events import EventMapper, Stored
from eosvolt.adapters.simulator.history import Playback, stations
from eosvolt.adapters.simulator.past_charger import PastCharger
from eosvolt.application.ports import Frame
from eosvolt.demo.contents import furnish
from eosvolt.demo.load_park import LoadSize, load_park
from eosvolt.demo.past import PastSystem
from eosvolt.domain.deliveries.events import DeliveryTaken
from eosvolt.domain.kernel import Fact, Provenance
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import ConnectorFreed
from eosvolt.domain.vocabulary import EVENTS

STRETCH = timedelta(hours=6)
# What comes late concerns a plug's last sessions; the states of older ones are dropped.
SESSIONS_KEPT = 3
LATE = timedelta(days=2)
NUMBERS_AT_ONCE = 2_000
# Events and states hold no cycles, and collecting garbage takes a quarter of the time.
OBJECTS_BEFORE_COLLECTION = 200_000


class LoadPart(msgspec.Struct, frozen=True):
    """The ``part`` of ``parts`` of a park that one process plays, from ``since`` up to ``until``."""

    size: LoadSize
    part: int
    parts: int
    since: datetime
    until: datetime
    seed: int


class PlayedStretch(NamedTuple):
    """The events recorded up to ``until``, with the times of recording, oldest first."""

    until: datetime
    rows: list[tuple[datetime, Stored]]


def play(pipe: Connection, dsn: str, part: LoadPart) -> None:
    """Send a ``PlayedStretch`` after the other through ``pipe``, then ``None``; a text where it failed."""
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION, 20, 50)
    try:
        asyncio.run(_play(pipe, dsn, part))
    except Exception as error:  # noqa: BLE001 - whoever listens says what happened
        pipe.send(f"{type(error).__name__}: {error}")
    else:
        pipe.send(None)


async def _play(pipe: Connection, dsn: str, part: LoadPart) -> None:
    park = load_park(part.size, part.part, part.parts)
    mapper, old = EventMapper(EVENTS), EndedSessions()
    async with PostgresNumbers(dsn, NUMBERS_AT_ONCE) as numbers:
        past = PastSystem(part.since, numbers, part.size.company, receipts=False)
        why = Provenance(part.size.company, "system:load", "set-up of the load")
        await furnish(past.application, part.since, park, why)
        use_cases = past.use_cases(_NoFrames())
        tokens = [token.uid for token in park.tokens]
        chargers = [
            PastCharger(past.charging, past.clock, station, use_cases.frames, None)
            for station in stations(list(park.plans.values()), tokens, part.since, seed=part.seed)
        ]
        playback = Playback(use_cases, chargers)
        await playback.begin(part.since)
        for until in _ends(part.since, part.until):
            await playback.until(until)
            if until == part.until:
                await playback.end(until)
            facts = past.hand_over()
            old.note(facts)
            past.application.forget(old.over(until - LATE))
            pipe.send(PlayedStretch(until, [(fact.recorded_at, _row(mapper, fact)) for fact in facts]))


def _ends(since: datetime, until: datetime) -> Iterator[datetime]:
    at = since + STRETCH
    while at < until:
        yield at
        at += STRETCH
    yield until


def _row(mapper: EventMapper, fact: Fact) -> Stored:
    event = fact.event
    if isinstance(event, ConnectorFreed):
        # No receipts: processes that give numbers of one company at a time would wait for each other.
        event = msgspec.structs.replace(event, numbered=False)
    return mapper.stored(fact.stream, fact.version, event, fact.recorded_at, fact.why)


class EndedSessions:
    """The sessions whose plugs were left, by plug, oldest first, and the messages that each took."""

    def __init__(self) -> None:
        self._left: defaultdict[str, list[tuple[datetime, str]]] = defaultdict(list)
        self._deliveries: defaultdict[str, list[str]] = defaultdict(list)

    def note(self, facts: list[Fact]) -> None:
        """Take notice of what happened."""
        for fact in facts:
            match fact.event:
                case ConnectorFreed(place=place):
                    self._left[place.plug].append((fact.recorded_at, fact.stream))
                case DeliveryTaken(session=session):
                    self._deliveries[sessions.stream(session)].append(fact.stream)

    def over(self, instant: datetime) -> set[str]:
        """The streams of those whose plugs were left before ``instant`` and had enough sessions since.

        Each only once.
        """
        found = set()
        for plug, left in self._left.items():
            old = [stream for at, stream in left[:-SESSIONS_KEPT] if at < instant]
            found.update(old)
            for stream in old:
                found.update(self._deliveries.pop(stream, ()))
            self._left[plug] = left[len(old) :]
        return found


class _NoFrames:
    """Keeps no messages."""

    def put(self, frame: Frame) -> None:
        """Drop it."""
