"""The connections of this process, and the gateway that sends commands over them."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from weakref import WeakValueDictionary

import structlog

from eosvolt.adapters.ocpp.clock_offset_estimator import ClockOffsetEstimator
from eosvolt.adapters.ocpp.connection import Ask
from eosvolt.adapters.ocpp.conversation import Conversation
from eosvolt.adapters.ocpp.counters import ConnectionCounters
from eosvolt.adapters.ocpp.recorded_connection import RecordedConnection
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


class ConnectionRegistry:
    """The connected chargers. A newer connection of the same charger replaces the older one."""

    def __init__(self, counters: ConnectionCounters, gateway: str = "") -> None:
        """``counters`` counts connections and messages; ``gateway`` is the name of this process."""
        self.counters = counters
        self.gateway = gateway
        self.clocks: dict[str, ClockOffsetEstimator] = {}
        self._by_charge_point: dict[str, Conversation] = {}
        self._recorded: dict[str, RecordedConnection] = {}
        self._arrivals: dict[str, deque[float]] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._report_late: LateAnswers | None = None
        self._reporting: set[asyncio.Task[None]] = set()

    def report_late_answers(self, listener: LateAnswers) -> None:
        """Call ``listener`` with the reference of ``send`` for answers that come after ``TimedOut``."""
        self._report_late = listener

    def join(self, conversation: Conversation, recorded: RecordedConnection) -> Conversation | None:
        """Register a connection. Returns the one that it replaces, which the caller has to close."""
        charge_point = conversation.admission.charge_point
        conversation.answered_late = self._late
        replaced = self._by_charge_point.get(charge_point)
        self._by_charge_point[charge_point] = conversation
        self._recorded[charge_point] = recorded
        self.counters.accepted += 1
        self.counters.connected = len(self._by_charge_point)
        if replaced is not None:
            self.counters.replaced += 1
        return replaced

    def leave(self, conversation: Conversation) -> bool:
        """Remove a connection. Returns False where a newer one has replaced it."""
        charge_point = conversation.admission.charge_point
        if self._by_charge_point.get(charge_point) is not conversation:
            return False
        del self._by_charge_point[charge_point], self._recorded[charge_point]
        self.counters.connected = len(self._by_charge_point)
        return True

    async def disconnect(self, charge_point: str, before: datetime | None = None) -> None:
        """Close the connection of a charger that is not admitted any more.

        ``before``: only a connection that was admitted until then.
        """
        conversation = self._by_charge_point.get(charge_point)
        if conversation is not None and (before is None or conversation.admission.at <= before):
            await conversation.close(NOT_ADMITTED, "not admitted any more")

    def treat(self, charge_point: str, conformance: Conformance, *, held: bool = False) -> None:
        """Apply a changed connection policy to the charger's connection, if there is one.

        ``held``: a charger that is already accepted stays so until its next boot.
        """
        conversation = self._by_charge_point.get(charge_point)
        if conversation is not None:
            conversation.conformance = conformance
            if not held:
                conversation.registration.pending = False

    async def record_again(self, at: datetime) -> None:
        """Record that all connections are open at ``at``, which another process took for gone."""
        for charge_point, recorded in list(self._recorded.items()):
            async with self.turn(charge_point):
                if self._recorded.get(charge_point) is recorded:
                    await recorded.opened(at)

    def turn(self, charge_point: str) -> asyncio.Lock:
        """The lock that keeps a charger's connections and disconnections in order while they are recorded."""
        return self._locks.setdefault(charge_point, asyncio.Lock())

    def flaps(self, charge_point: str) -> bool:
        """Count a connection. True for too many within a minute: two devices may share a charge box id."""
        now = monotonic()
        arrivals = self._arrivals.setdefault(charge_point, deque(maxlen=FLAPPING_CONNECTIONS + 1))
        arrivals.append(now)
        return len(arrivals) > FLAPPING_CONNECTIONS and now - arrivals[0] < FLAPPING_SECONDS

    def holds(self, charge_point: str) -> bool:
        """Whether the charger is connected to this process."""
        return charge_point in self._by_charge_point

    async def send(
        self,
        charge_point: str,
        action: str,
        payload: dict[str, Any],
        timeout: timedelta,  # noqa: ASYNC109 - the port's
        reference: str = "",
    ) -> Answered:
        """Send a command as a CALL and return the charger's answer.

        Raises ``NotConnected``, ``TimedOut``, or ``CallFailed`` with a sentence for the operator.
        """
        conversation = self._by_charge_point.get(charge_point)
        if conversation is None:
            raise NotConnected("The charger is not connected.")
        try:
            request = call_request(csms_request(action, payload))
        except UnsupportedCommand as error:
            raise CallFailed(str(error)) from error
        response = await conversation.ask(request, timeout, reference)
        if problem := unreadable(request.action, response):
            raise CallFailed(problem)
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
