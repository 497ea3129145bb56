"""Runs one charger's connection: a reader that does not wait, and a worker that keeps the order.

The reader takes frames from the socket. It handles answers to our own CALLs and heartbeats at once. All other
frames go through a bounded inbox to the worker, which answers them one after the other. While the inbox is
full the reader stops, and the charger has to wait.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

import structlog

from eosvolt.adapters.ocpp import frames, redaction, v16, v16_answers
from eosvolt.adapters.ocpp.action_router import ActionRouter
from eosvolt.adapters.ocpp.connection import Ask, Connection
from eosvolt.adapters.ocpp.connection_monitor import ConnectionMonitor
from eosvolt.adapters.ocpp.counters import ConnectionCounters
from eosvolt.adapters.ocpp.inbound_messages import InboundMessage
from eosvolt.adapters.ocpp.inbox import Inbox
from eosvolt.adapters.ocpp.pending_registration import PendingRegistration
from eosvolt.adapters.ocpp.schema_repair import NUL
from eosvolt.adapters.ocpp.schemas import Violation
from eosvolt.adapters.ocpp.v16_csms_requests import CallRequest
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
    """Handles the frames of one connection, in both directions."""

    def __init__(
        self,
        admission: Admission,
        name: str,
        socket: tuple[Send, Close],
        router: ActionRouter,
        record: Frames,
        clock: Clock,
        counters: ConnectionCounters,
        monitor: ConnectionMonitor,
        *,
        strict: bool,
    ) -> None:
        """``name`` is unique to this connection; ``socket`` are the functions that send a text and close it.

        ``strict``: invalid messages are refused, not repaired, whatever this charger's setting is.
        """
        self.admission = admission
        self.name = name
        self._send, self.close = socket
        self._router = router
        self._record = record
        self._clock = clock
        self._counters = counters
        self._monitor = monitor
        self._strict = strict
        self.conformance = admission.conformance
        self.registration = PendingRegistration(pending=admission.waits)
        self._connection = Connection(name)
        self._futures: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._pending_send: asyncio.Task[None] | None = None
        self._warned: set[str] = set()
        self._loop = asyncio.get_running_loop()
        self._inbox: Inbox[tuple[frames.Call, datetime] | None] = Inbox(self._loop, INBOX)
        self._over = False
        # Called with the CALL and the answer where an answer comes after ``TimedOut``.
        self.answered_late: Callable[[Ask, dict[str, Any]], None] = lambda _ask, _payload: None

    async def receive(self, text: str) -> None:
        """Take one frame that was received. Waits only while the inbox is full."""
        at = self._clock.now()
        message = v16.parse_frame(text, strict=self._is_strict)
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
                self._monitor.answered(action, outcome, at)
                self._note("in", at, redaction.redacted_result(payload, text, id_), id_, action, outcome)
                if late is not None:
                    self.answered_late(late, payload)
                await self._settled(ask, lambda future: future.set_result(payload))
            case frames.Refusal(id=id_, code=code, description=description):
                ask = self._connection.settle(id_)
                self._note("in", at, text, id_, ask.action if ask else "", f"error:{code}" if ask else "late")
                why = CallFailed(f"The charger refused the message: {code} {description}".rstrip())
                await self._settled(ask, lambda future: future.set_exception(why))
            case frames.Malformed(id=id_, action=action, reason=reason):
                self._monitor.unreadable(_known(action), v16.MALFORMED, at)
                await self._answer(frames.error(id_, v16.MALFORMED, reason), str(id_), action)
                self._note("in", at, text, str(id_), action, f"error:{v16.MALFORMED}")
            case frames.InvalidFrame():
                self._monitor.unreadable("", "InvalidFrame", at)
                self._note("in", at, text, "", "", "ignored")

    async def work(self) -> None:
        """Answer the messages of the inbox in order, until ``finish`` was called and it is empty."""
        while (item := await self._inbox.get()) is not None:
            call, at = item
            try:
                await self._handle(call, at)
            except Exception:
                log.exception("frame failed", charger=self.admission.charge_point, action=call.action)

    async def finish(self, worker: asyncio.Task[None]) -> None:
        """The socket has closed: fail our own CALLs and let the worker finish what was received."""
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
        await self._monitor.end()

    async def ask(self, request: CallRequest, patience: timedelta, reference: str = "") -> dict[str, Any]:
        """Send a CALL when it is its turn and return the payload of the charger's CALLRESULT.

        Raises ``NotConnected`` without a connection, ``TimedOut`` where no answer came within ``patience`` of
        sending it, and ``CallFailed`` for a CALLERROR or where it could not be sent within ``patience``.
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
        if not outcome.startswith("error:") and not self.registration.is_provisional(call.action):
            self._connection.remember(call, answer, self._loop.time())
        self._note("in", at, call.text, str(call.id), call.action, outcome)
        await self._answer(answer, str(call.id), call.action)
        self._monitor.settled(call.action, at, None if outcome.startswith("error:") else self._clock.now())

    async def _decide(self, call: frames.Call, at: datetime) -> tuple[str, str]:
        """Return the text of the answer and the outcome that the message log keeps."""
        if self.registration.refuses(call.action, at):
            return frames.error(call.id, "SecurityError", NOT_YET), "error:SecurityError"
        parsed = self._parsed(call, at)
        if isinstance(parsed, Violation):
            self._warn(call.action, parsed.code, parsed.sentence)
            self._monitor.unreadable(_known(call.action), parsed.code, at)
            if call.action in v16.NEVER_LOST:
                parsed = v16.parse(call.action, call.payload, at, strict=False)
        if isinstance(parsed, Violation):
            fallback = v16.fallback_response(call.action)
            if fallback is not None:
                return frames.result(call.id, fallback), "unparsed"
            return frames.error(call.id, parsed.code, parsed.sentence), f"error:{parsed.code}"
        repairs = [*call.repairs, *parsed.repairs]
        for rule in repairs:
            self._counters.repairs[rule] += 1
            self._warn(call.action, rule, "repaired")
        if repairs:
            self._monitor.repaired(call.action, repairs, at)
        message = self._monitor.timestamped(parsed.message)
        try:
            for report in self._monitor.again():
                await self._done(report, "")
            payload = await self._done(message, call.text)
            self.registration.answered(call.action, payload)
        except Exception:
            # Only what is durable is acknowledged. After a CALLERROR the charger sends the message again.
            log.exception("message failed", charger=self.admission.charge_point, action=call.action)
            return frames.error(call.id, "InternalError", "Please try again."), "error:InternalError"
        outcome = f"repaired:{','.join(repairs)}" if repairs else "answered"
        return frames.result(call.id, payload), outcome

    @property
    def _is_strict(self) -> bool:
        return self._strict or self.conformance is Conformance.STRICT

    def _parsed(self, call: frames.Call, at: datetime) -> v16.Parsed | Violation:
        strict = self._is_strict
        lenient = not strict and self.conformance is Conformance.LENIENT
        return v16.parse(call.action, call.payload, at, strict=strict, lenient=lenient)

    async def _done(self, message: InboundMessage, text: str) -> dict[str, Any]:
        """Handle a message and return the answer's payload. Retries while others change the same stream."""
        for _ in range(TURNS):
            try:
                return await self._router.answer(self.admission.charge_point, message, text)
            except Conflict:
                await asyncio.sleep(TURN_SECONDS)
        return await self._router.answer(self.admission.charge_point, message, text)

    async def _answer_at_once(self, call: frames.Call, at: datetime) -> None:
        parsed = self._parsed(call, at)
        if isinstance(parsed, Violation):
            self._monitor.unreadable(call.action, parsed.code, at)
            answer = frames.error(call.id, parsed.code, parsed.sentence)
            outcome = f"error:{parsed.code}"
        else:
            answer, outcome = frames.result(call.id, self._router.at_once()), "answered"
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
            kept, now = redaction.redacted_call(ask.action, ask.payload, ask.text), self._clock.now()
            self.registration.sent(ask.action, ask.payload, now)
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
        """Log a violation once for each connection, action and rule."""
        if (key := f"{action}:{rule}") not in self._warned and len(self._warned) < INBOX:
            self._warned.add(key)
            who = self.admission.charge_point
            log.warning("nonconforming message", charger=who, action=action, rule=rule, detail=sentence)

    def _note(self, direction: str, at: datetime, text: str, id_: str, action: str, outcome: str) -> None:
        who = self.admission
        kind = "repaired" if outcome.startswith("repaired:") else outcome
        if kind.startswith("error:") and kind.removeprefix("error:") not in frames.ERROR_CODES:
            kind = "error:"
        self._counters.messages[direction, _known(action), kind] += 1
        kept = text.replace(NUL, "\ufffd")
        self._record.put(
            Frame(who.company, who.charge_point, self.name, direction, at, kept, id_, action, outcome)
        )
