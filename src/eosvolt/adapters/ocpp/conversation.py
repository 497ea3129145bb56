"""One charger's connection at work: a reader that never waits, and a worker that keeps the order.

The reader takes frames from the wire. Answers to our own CALLs and heartbeats it deals with at once;
everything else goes through a bounded inbox to the worker, which answers one after the other. Where the inbox
is full the reader stops, and the charger waits.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

import structlog

from eosvolt.adapters.ocpp import frames, secrecy, v16, v16_answers
from eosvolt.adapters.ocpp.conduct import Conduct
from eosvolt.adapters.ocpp.connection import Ask, Connection
from eosvolt.adapters.ocpp.hold import Hold
from eosvolt.adapters.ocpp.inbox import Inbox
from eosvolt.adapters.ocpp.reception import Reception
from eosvolt.adapters.ocpp.repair import NUL
from eosvolt.adapters.ocpp.schemas import Violation
from eosvolt.adapters.ocpp.tally import Tally
from eosvolt.adapters.ocpp.v16_csms_requests import CallRequest
from eosvolt.adapters.ocpp.vocabulary import Heard
from eosvolt.application.charging import Admission
from eosvolt.application.commands.gateway import CallFailed, NotConnected, TimedOut
from eosvolt.application.ports import Clock, Conflict, Frame, Frames
from eosvolt.domain.charge_points.events import Conformance

log = structlog.get_logger(__name__)

INBOX = 64
DRAINING_SECONDS = 30.0
TURNS = 200
TURN_SECONDS = 0.1
NOT_YET = "The charger has to wait until its operator releases it."

Send = Callable[[str], Awaitable[None]]
Close = Callable[[int, str], Coroutine[None, None, None]]


def _known(action: str) -> str:
    """The action, unless the charger made it up."""
    return action if action in v16.ACTIONS else ""


class Conversation:
    """Frames in, frames out, for as long as one connection lives."""

    def __init__(
        self,
        admission: Admission,
        name: str,
        wire: tuple[Send, Close],
        reception: Reception,
        record: Frames,
        clock: Clock,
        tally: Tally,
        conduct: Conduct,
        *,
        strict: bool,
    ) -> None:
        """``name`` tells this connection from all others; ``wire`` sends a text and closes the socket.

        ``strict`` gives no first aid, whatever was agreed for this charger.
        """
        self.admission = admission
        self.name = name
        self._send, self.close = wire
        self._reception = reception
        self._record = record
        self._clock = clock
        self._tally = tally
        self._conduct = conduct
        self._strict = strict
        self.conformance = admission.conformance
        self.hold = Hold(waits=admission.waits)
        self._connection = Connection(name)
        self._futures: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._pending_send: asyncio.Task[None] | None = None
        self._warned: set[str] = set()
        self._loop = asyncio.get_running_loop()
        self._inbox: Inbox[tuple[frames.Call, datetime] | None] = Inbox(self._loop, INBOX)
        self._over = False
        # Whoever wants to know of answers that come after ``TimedOut`` puts itself here.
        self.answered_late: Callable[[Ask, dict[str, Any]], None] = lambda _ask, _payload: None

    async def hear(self, text: str) -> None:
        """Take one frame from the wire. Waits only where the inbox is full."""
        at = self._clock.now()
        message = v16.parsed(text, strict=self._takes_no_mistakes)
        match message:
            case frames.Call(action=v16.AT_ONCE):
                await self._answer_at_once(message, at)
            case frames.Call():
                await self._inbox.put((message, at))
            case frames.Result(id=id_, payload=payload):
                ask = self._connection.settle(id_)
                late = None if ask else self._connection.late(id_, self._loop.time())
                action = ask.action if ask else late.action if late else ""
                outcome = v16_answers.outcome(action, payload) if ask else "late"
                self._conduct.answered(action, outcome, at)
                self._note("in", at, secrecy.heard(payload, text, id_), id_, action, outcome)
                if late is not None:
                    self.answered_late(late, payload)
                await self._settled(ask, lambda future: future.set_result(payload))
            case frames.Refusal(id=id_, code=code, description=description):
                ask = self._connection.settle(id_)
                self._note("in", at, text, id_, ask.action if ask else "", f"error:{code}" if ask else "late")
                why = CallFailed(f"The charger refused the message: {code} {description}".rstrip())
                await self._settled(ask, lambda future: future.set_exception(why))
            case frames.Malformed(id=id_, action=action, reason=reason):
                self._conduct.unreadable(_known(action), v16.MALFORMED, at)
                await self._answer(frames.error(id_, v16.MALFORMED, reason), str(id_), action)
                self._note("in", at, text, str(id_), action, f"error:{v16.MALFORMED}")
            case frames.Noise():
                self._conduct.unreadable("", "Noise", at)
                self._note("in", at, text, "", "", "ignored")

    async def work(self) -> None:
        """Answer what is in the inbox, one after the other, until ``finish`` was called and it is empty."""
        while (item := await self._inbox.get()) is not None:
            call, at = item
            try:
                await self._handle(call, at)
            except Exception:
                log.exception("frame failed", charger=self.admission.charge_point, action=call.action)

    async def finish(self, worker: asyncio.Task[None]) -> None:
        """The socket is gone: give up our own CALLs, and let the worker finish what was heard."""
        self._over = True
        if self._timer is not None:
            self._timer.cancel()
        for ask in self._connection.abandon():
            self._fail(ask, NotConnected("The connection was lost before the charger answered."))
        try:
            async with asyncio.timeout(DRAINING_SECONDS):
                await self._inbox.put(None)
                await worker
        except TimeoutError:
            log.warning(
                "frames left unanswered", charger=self.admission.charge_point, frames=self._inbox.qsize()
            )
            worker.cancel()
        await self._conduct.end()

    async def ask(self, request: CallRequest, patience: timedelta, reference: str = "") -> dict[str, Any]:
        """Send a CALL when it is its turn and return the charger's answer.

        Raises ``NotConnected``, ``TimedOut`` where no answer came within ``patience`` of sending it, and
        ``CallFailed`` where the charger refused it or was too busy to be sent it within ``patience``.
        """
        if self._over:
            raise NotConnected("The charger is not connected.")
        ask = self._connection.ask(*request, patience.total_seconds(), self._loop.time(), reference)
        future: asyncio.Future[dict[str, Any]] = self._loop.create_future()
        self._futures[ask.number] = future
        await self._send_next()
        try:
            return await future
        finally:
            self._futures.pop(ask.number, None)

    async def _handle(self, call: frames.Call, at: datetime) -> None:
        again = self._connection.recall(call, self._loop.time())
        if again is not None:
            self._note("in", at, call.text, str(call.id), call.action, "repeated")
            await self._answer(again, str(call.id), call.action)
            return
        answer, outcome = await self._decide(call, at)
        if not outcome.startswith("error:") and not self.hold.passing(call.action):
            self._connection.remember(call, answer, self._loop.time())
        self._note("in", at, call.text, str(call.id), call.action, outcome)
        await self._answer(answer, str(call.id), call.action)
        self._conduct.settled(call.action, at, None if outcome.startswith("error:") else self._clock.now())

    async def _decide(self, call: frames.Call, at: datetime) -> tuple[str, str]:
        """The answer's text, and what became of the frame."""
        if self.hold.refuses(call.action, at):
            return frames.error(call.id, "SecurityError", NOT_YET), "error:SecurityError"
        understood = self._understood(call, at)
        if isinstance(understood, Violation):
            self._warn(call.action, understood.code, understood.sentence)
            self._conduct.unreadable(_known(call.action), understood.code, at)
            if call.action in v16.NEVER_LOST:
                understood = v16.hear(call.action, call.payload, at, strict=False)
        if isinstance(understood, Violation):
            pardon = v16.pardoned(call.action)
            if pardon is not None:
                return frames.result(call.id, pardon), "unparsed"
            return frames.error(call.id, understood.code, understood.sentence), f"error:{understood.code}"
        repairs = [*call.repairs, *understood.repairs]
        for rule in repairs:
            self._tally.repairs[rule] += 1
            self._warn(call.action, rule, "repaired")
        if repairs:
            self._conduct.repaired(call.action, repairs, at)
        heard = self._conduct.dated(understood.heard)
        try:
            for report in self._conduct.again():
                await self._done(report, "")
            payload = await self._done(heard, call.text)
            self.hold.answered(call.action, payload)
        except Exception:
            # Nothing that is not durable is acknowledged; an error makes the charger send it again.
            log.exception("message failed", charger=self.admission.charge_point, action=call.action)
            return frames.error(call.id, "InternalError", "Please try again."), "error:InternalError"
        outcome = f"repaired:{','.join(repairs)}" if repairs else "answered"
        return frames.result(call.id, payload), outcome

    @property
    def _takes_no_mistakes(self) -> bool:
        return self._strict or self.conformance is Conformance.STRICT

    def _understood(self, call: frames.Call, at: datetime) -> v16.Understood | Violation:
        strict = self._takes_no_mistakes
        trusting = not strict and self.conformance is Conformance.TRUST
        return v16.hear(call.action, call.payload, at, strict=strict, trusting=trusting)

    async def _done(self, heard: Heard, text: str) -> dict[str, Any]:
        """Do what was said. Many chargers at once may want the same token: each gets its turn, if late."""
        for _ in range(TURNS):
            try:
                return await self._reception.answer(self.admission.charge_point, heard, text)
            except Conflict:
                await asyncio.sleep(TURN_SECONDS)
        return await self._reception.answer(self.admission.charge_point, heard, text)

    async def _answer_at_once(self, call: frames.Call, at: datetime) -> None:
        understood = self._understood(call, at)
        if isinstance(understood, Violation):
            self._conduct.unreadable(call.action, understood.code, at)
            answer = frames.error(call.id, understood.code, understood.sentence)
            outcome = f"error:{understood.code}"
        else:
            answer, outcome = frames.result(call.id, self._reception.at_once()), "answered"
        self._note("in", at, call.text, str(call.id), call.action, outcome)
        await self._answer(answer, str(call.id), call.action)

    async def _answer(self, text: str, id_: str, action: str) -> None:
        self._note("out", self._clock.now(), text, id_, action, "undelivered" if self._over else "sent")
        if not self._over:
            await self._send(text)

    async def _settled(
        self, ask: Ask | None, settle: Callable[[asyncio.Future[dict[str, Any]]], None]
    ) -> None:
        if ask is None:
            return
        if (future := self._futures.pop(ask.number, None)) is not None and not future.done():
            settle(future)
        await self._send_next()

    async def _send_next(self) -> None:
        ask = self._connection.next_ask(self._loop.time())
        self._arm()
        if ask is not None:
            kept, now = secrecy.said(ask.action, ask.payload, ask.text), self._clock.now()
            self.hold.told(ask.action, ask.payload, now)
            self._note("out", now, kept, ask.id, ask.action, "sent")
            await self._send(ask.text)

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        deadline = self._connection.next_deadline
        self._timer = self._loop.call_at(deadline, self._expire) if deadline is not None else None

    def _expire(self) -> None:
        for ask in self._connection.overdue(self._loop.time()):
            if ask.deadline:
                self._fail(ask, TimedOut("The charger did not answer in time."))
            else:
                self._fail(ask, CallFailed("The charger was busy with other commands for too long."))
        self._pending_send = self._loop.create_task(self._send_next())

    def _fail(self, ask: Ask, why: Exception) -> None:
        future = self._futures.pop(ask.number, None)
        if future is not None and not future.done():
            future.set_exception(why)

    def _warn(self, action: str, rule: str, sentence: str) -> None:
        """Say it once for each connection, action and rule: a charger that errs does so every minute."""
        if (key := f"{action}:{rule}") not in self._warned and len(self._warned) < INBOX:
            self._warned.add(key)
            who = self.admission.charge_point
            log.warning("nonconforming message", charger=who, action=action, rule=rule, detail=sentence)

    def _note(self, direction: str, at: datetime, text: str, id_: str, action: str, outcome: str) -> None:
        who = self.admission
        kind = "repaired" if outcome.startswith("repaired:") else outcome
        if kind.startswith("error:") and kind.removeprefix("error:") not in frames.ERROR_CODES:
            kind = "error:"
        self._tally.messages[direction, _known(action), kind] += 1
        kept = text.replace(NUL, "\ufffd")
        self._record.put(
            Frame(who.company, who.charge_point, self.name, direction, at, kept, id_, action, outcome)
        )
