"""Which chargers are connected to this process, and the way to tell them something."""

import asyncio
from collections import deque
from datetime import timedelta
from time import monotonic
from typing import Any
from weakref import WeakValueDictionary

from eosvolt.adapters.ocpp.conversation import Conversation
from eosvolt.adapters.ocpp.tally import Tally
from eosvolt.adapters.ocpp.v16_tells import agreed, tell
from eosvolt.adapters.ocpp.vocabulary import Unspeakable, told
from eosvolt.application.commanding import Answered, CallFailed, NotConnected

FLAPPING_CONNECTIONS = 6
FLAPPING_SECONDS = 60.0
EXPELLED = 1008


class Presence:
    """The connected chargers. A newer connection of the same charger takes the place of the older one."""

    def __init__(self, tally: Tally) -> None:
        """Count in ``tally``."""
        self.tally = tally
        self._here: dict[str, Conversation] = {}
        self._arrivals: dict[str, deque[float]] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def join(self, conversation: Conversation) -> Conversation | None:
        """Register a connection; returns the one that it replaces, which the caller closes."""
        charge_point = conversation.admission.charge_point
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

    async def expel(self, charge_point: str) -> None:
        """Close the connection of a charger that may not be here any more."""
        conversation = self._here.get(charge_point)
        if conversation is not None:
            await conversation.close(EXPELLED, "not admitted any more")

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

    async def tell(
        self,
        charge_point: str,
        action: str,
        payload: dict[str, Any],
        timeout: timedelta,  # noqa: ASYNC109 - the port's
    ) -> Answered:
        """Say it to the charger and return its answer.

        Raises ``NotConnected``, ``TimedOut``, or ``CallFailed`` with a sentence for the operator.
        """
        conversation = self._here.get(charge_point)
        if conversation is None:
            raise NotConnected("The charger is not connected.")
        try:
            spoken = tell(told(action, payload))
        except Unspeakable as error:
            raise CallFailed(str(error)) from error
        response = await conversation.ask(spoken, timeout)
        return Answered(agreed(spoken.action, response), response)
