"""Which chargers are connected to this process, and the way to send them commands."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from weakref import WeakValueDictionary

import structlog

from eosvolt.adapters.ocpp.clock_watch import ClockWatch
from eosvolt.adapters.ocpp.connection import Ask
from eosvolt.adapters.ocpp.conversation import Conversation
from eosvolt.adapters.ocpp.tally import Tally
from eosvolt.adapters.ocpp.v16_answers import agreed, unreadable
from eosvolt.adapters.ocpp.v16_csms_requests import call_request
from eosvolt.application.commands.gateway import Answered, CallFailed, NotConnected
from eosvolt.domain.charge_points.events import Conformance
from eosvolt.domain.commands.catalogue import UnsupportedCommand, csms_request

log = structlog.get_logger(__name__)

LateAnswers = Callable[[str, Answered], Coroutine[Any, Any, None]]

FLAPPING_CONNECTIONS = 6
FLAPPING_SECONDS = 60.0
NOT_ADMITTED = 1008


class Presence:
    """The connected chargers. A newer connection of the same charger takes the place of the older one."""

    def __init__(self, tally: Tally) -> None:
        """Count in ``tally``."""
        self.tally = tally
        self.clocks: dict[str, ClockWatch] = {}
        self._here: dict[str, Conversation] = {}
        self._arrivals: dict[str, deque[float]] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._report_late: LateAnswers | None = None
        self._reporting: set[asyncio.Task[None]] = set()

    def report_late_answers(self, listener: LateAnswers) -> None:
        """Let ``listener`` know of answers that come after ``TimedOut``, by the reference of ``send``."""
        self._report_late = listener

    def join(self, conversation: Conversation) -> Conversation | None:
        """Register a connection; returns the one that it replaces, which the caller closes."""
        charge_point = conversation.admission.charge_point
        conversation.answered_late = self._late
        replaced = self._here.get(charge_point)
        self._here[charge_point] = conversation
        self.tally.accepted += 1
        self.tally.connected = len(self._here)
        if replaced is not None:
            self.tally.replaced += 1
        return replaced

    def leave(self, conversation: Conversation) -> bool:
        """Forget a connection. False where another one already has its place: then nobody has left."""
        charge_point = conversation.admission.charge_point
        if self._here.get(charge_point) is not conversation:
            return False
        del self._here[charge_point]
        self.tally.connected = len(self._here)
        return True

    async def disconnect(self, charge_point: str, before: datetime | None = None) -> None:
        """Close the connection of a charger that may not be here any more.

        With ``before`` only one that was let in by then.
        """
        conversation = self._here.get(charge_point)
        if conversation is not None and (before is None or conversation.admission.at <= before):
            await conversation.close(NOT_ADMITTED, "not admitted any more")

    def treat(self, charge_point: str, conformance: Conformance, *, held: bool = False) -> None:
        """From now on its messages are treated like this, if it is connected here.

        ``held``: not one that is let in already; it goes on until it boots anew.
        """
        conversation = self._here.get(charge_point)
        if conversation is not None:
            conversation.conformance = conformance
            if not held:
                conversation.hold.waits = False

    def turn(self, charge_point: str) -> asyncio.Lock:
        """The lock under which a charger's comings and goings are reported, so that they keep their order."""
        return self._turns.setdefault(charge_point, asyncio.Lock())

    def flaps(self, charge_point: str) -> bool:
        """Note an arrival. True for one too many within a minute: two devices may share an identity."""
        now = monotonic()
        arrivals = self._arrivals.setdefault(charge_point, deque(maxlen=FLAPPING_CONNECTIONS + 1))
        arrivals.append(now)
        return len(arrivals) > FLAPPING_CONNECTIONS and now - arrivals[0] < FLAPPING_SECONDS

    def holds(self, charge_point: str) -> bool:
        """Whether the charger is connected here."""
        return charge_point in self._here

    async def send(
        self,
        charge_point: str,
        action: str,
        payload: dict[str, Any],
        timeout: timedelta,  # noqa: ASYNC109 - the port's
        reference: str = "",
    ) -> Answered:
        """Send a command to the charger and return its answer.

        Raises ``NotConnected``, ``TimedOut``, or ``CallFailed`` with a sentence for the operator.
        """
        conversation = self._here.get(charge_point)
        if conversation is None:
            raise NotConnected("The charger is not connected.")
        try:
            request = call_request(csms_request(action, payload))
        except UnsupportedCommand as error:
            raise CallFailed(str(error)) from error
        response = await conversation.ask(request, timeout, reference)
        if trouble := unreadable(request.action, response):
            raise CallFailed(trouble)
        return Answered(agreed(request.action, response), response)

    def _late(self, ask: Ask, response: dict[str, Any]) -> None:
        if self._report_late is None or not ask.reference:
            return
        answer = Answered(agreed(ask.action, response), response)
        task = asyncio.create_task(self._report_late(ask.reference, answer))
        self._reporting.add(task)
        task.add_done_callback(self._reported)

    def _reported(self, task: "asyncio.Task[None]") -> None:
        self._reporting.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a late answer was lost", exc_info=task.exception())
