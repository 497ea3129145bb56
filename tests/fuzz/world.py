"""The system as chargers meet it, in memory, and what must hold whatever they say to it.

What it must not do is raised as ``Finding``: lose its line, leave a CALL without its answer or give it two,
give an answer that breaks its schema, fail inside, make an event that cannot be stored or that a read model
cannot take, remember a charger that has left.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import structlog
from structlog.testing import LogCapture

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.ocpp import frames
from eosvolt.adapters.ocpp.schemas import schemas
from eosvolt.adapters.postgres.row_tables import RowTable
from eosvolt.adapters.postgres.stored_events import EventMapper
from eosvolt.application.commands.gateway import CallFailed, NotConnected, TimedOut
from eosvolt.domain.vocabulary import EVENTS, tag
from eosvolt.projections import READ_MODELS
from eosvolt.projections.fold import Fold
from tests.e2e.ocpp.inside.gateway import Gateway
from tests.fuzz.connection import Line
from tests.fuzz.understanding import Finding, hold

BEGINS = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CHARGERS = 40
# Chargers forget too; and what was found shall be repeatable from few conversations.
LIFETIME = 160
TELL = timedelta(seconds=30)
TOKENS = ("04A1B2C3D4E5F6", "REMOTE-42", "TAG")
CODES = frozenset(
    {
        "NotImplemented",
        "NotSupported",
        "ProtocolError",
        "SecurityError",
        "FormationViolation",
        "PropertyConstraintViolation",
        "OccurenceConstraintViolation",
        "TypeConstraintViolation",
    }
)
SCHEMAS = schemas("1.6")
OFFENCES = frozenset({"error", "critical"})


class World:
    """Forty chargers, one endpoint. Made anew every now and then."""

    def __init__(self) -> None:
        self.clock = SteppedClock(BEGINS)
        self.gateway = Gateway(self.clock)
        self.endpoint = self.gateway.endpoint()
        self.talks = 0
        self._mapper = EventMapper(EVENTS)
        self._folds = [Fold(model, RowTable(model).accepts) for model in READ_MODELS]
        self._seen = 0
        self._log = LogCapture()
        structlog.configure(processors=[self._log], cache_logger_on_first_use=False)
        self._offences: list[str] = []

    async def furnish(self) -> None:
        """Chargers and tokens."""
        asyncio.get_running_loop().set_exception_handler(
            lambda _, context: self._offences.append(repr(context))
        )
        for number in range(CHARGERS):
            await self.gateway.add_charger(f"CP-{number}")
        for token in TOKENS:
            await self.gateway.add_token(token)

    @property
    def old(self) -> bool:
        """Whether it is time for a new one."""
        return self.talks >= LIFETIME

    async def converse(self, lines: Sequence[str | bytes]) -> int:
        """Connect, say it all, and see that the line still works; returns how many frames were sent.

        A line ``>action {…}`` makes the system tell that to the charger; ``"$"`` stands for the id of its
        last CALL and ``"@"`` for the last transaction number that it gave. Raises ``Finding``.
        """
        name = f"CP-{self.talks % CHARGERS}"
        self.talks += 1
        self.clock.step(timedelta(seconds=7))
        line = Line(self.endpoint, f"/ocpp/242/{name}".encode())
        hold(await line.open() == 101, "the charger is not let in")
        key, said, sendings = f"242/{name}", [], []
        try:
            for text in lines:
                if isinstance(text, str) and text.startswith(">"):
                    sendings.append(asyncio.create_task(self._tell(key, text)))
                    await asyncio.sleep(0)
                    continue
                frame = await self._filled(line, text)
                said.append(frame)
                line.say(frame)
            await self._alive(line)
        except (TimeoutError, ConnectionError) as error:
            raise Finding(f"the line is dead: {error!r}") from error
        finally:
            await line.hang_up()
        await asyncio.gather(*sendings)
        _judge(said, line)
        self._look_behind(key)
        return len(said)

    async def _alive(self, line: Line) -> None:
        """All that was said is answered, in order, and a good charger notices nothing."""
        line.say('[2,"end-of-talk","DataTransfer",{"vendorId":"V"}]')
        await line.answered("end-of-talk")
        line.say('[2,"still-there","Heartbeat",{}]')
        await line.answered("still-there")

    async def _filled(self, line: Line, text: str | bytes) -> str | bytes:
        if isinstance(text, bytes):
            return text
        if '"$"' in text:
            asked = await line.asked(_received(line) - 1) if _received(line) else await line.asked(0)
            text = text.replace('"$"', json.dumps(asked[1])) if asked else text
        if '"@"' in text:
            for _ in range(30):
                await asyncio.sleep(0)
            text = text.replace('"@"', str(_transaction(line)))
        return text

    async def _tell(self, key: str, text: str) -> None:
        action, _, payload = text[1:].partition(" ")
        with suppress(ValueError, NotConnected, TimedOut, CallFailed):
            known = orjson.loads(payload)
            if isinstance(known, dict):
                await self.gateway.connections.send(key, action, known, TELL)

    def _look_behind(self, key: str) -> None:
        hold(not self.gateway.connections.holds(key), "a charger that left is still there")
        offences = [entry for entry in self._log.entries if entry["log_level"] in OFFENCES]
        self._log.entries.clear()
        hold(not offences, f"logged: {offences}")
        hold(not self._offences, f"in the loop: {self._offences}")
        self.gateway.frames.clear()
        for fact in self.gateway.store.facts[self._seen :]:
            stored = self._mapper.stored(fact.stream, fact.version, fact.event, fact.recorded_at, fact.why)
            hold(len(stored.state) < 300_000, f"an event of {len(stored.state)} bytes")
            for fold in self._folds:
                if tag(type(fact.event)) in fold.model.reads:
                    keys = fold.keys(fact)
                    for row in keys:
                        fold.rows.setdefault(row, None)
                    fold.apply(fact, keys)
                    hold(not fold.dead, f"{fold.model.name} cannot take {fact.event}: {fold.dead}")
        self._seen = len(self.gateway.store.facts)


def _judge(said: Sequence[str | bytes], line: Line) -> None:
    """Every CALL has one answer, and every answer its right shape."""
    wanted: Counter[str] = Counter(("'end-of-talk'", "'still-there'"))
    asked: dict[str, set[str]] = {}
    for frame in said:
        message = frames.parse(frame if isinstance(frame, str) else frame.decode(errors="replace"))
        if isinstance(message, frames.Call | frames.Malformed):
            wanted[repr(message.id)] += 1
            asked.setdefault(repr(message.id), set()).add(message.action)
    got: Counter[str] = Counter()
    for text in line.message:
        kind, id_, *rest = json.loads(text)
        match kind:
            case 2:
                hold(SCHEMAS[rest[0]].valid(rest[1]), f"our CALL breaks its schema: {text}")
                continue
            case 3:
                actions = asked.get(repr(id_), {"DataTransfer", "Heartbeat"})
                shapes = [SCHEMAS[f"{a}Response"] for a in actions if f"{a}Response" in SCHEMAS]
                hold(any(shape.valid(rest[0]) for shape in shapes), f"our answer breaks its schema: {text}")
            case _:
                hold(kind == 4 and rest[0] in CODES and len(rest) == 3, f"no proper error: {text}")
                hold(len(rest[1]) <= 255 and rest[2] == {}, f"too much of an error: {text}")
        got[repr(id_)] += 1
    hold(got == wanted, f"answers {got - wanted} too many, {wanted - got} missing")


def _received(line: Line) -> int:
    return sum(text.startswith("[2,") for text in line.message)


def _transaction(line: Line) -> int:
    for text in reversed(line.message):
        if '"transactionId":' in text and text.startswith("[3,"):
            answer: dict[str, Any] = json.loads(text)[2]
            return int(answer["transactionId"])
    return 1
