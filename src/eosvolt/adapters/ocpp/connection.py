"""The state of one charger's connection, without its socket and without a clock.

One CALL of ours is outstanding at a time and has a deadline (OCPP-J 1.6 §4.1.1). The most urgent waiting CALL
is sent next; a CALL that has waited too long is not sent at all. An answer counts only for the outstanding
CALL. A CALL that timed out is remembered for ten minutes, so that its late answer is recognised. A CALL of
the charger that is repeated with the same id and payload within five minutes gets the same answer again.
"""

import heapq
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, NamedTuple

from eosvolt.adapters.ocpp import frames

ANSWERS_REMEMBERED = 32
REMEMBERED_SECONDS = 300.0
LATE_REMEMBERED = 32
LATE_SECONDS = 600.0


@dataclass(slots=True, order=True)
class Ask:
    """A CALL of ours. It must be sent before ``send_by`` and answered ``patience`` seconds after that.

    ``reference`` is the caller's own name for it.
    """

    urgency: int
    number: int
    id: str
    action: str
    payload: dict[str, Any]
    send_by: float
    patience: float
    deadline: float = 0.0
    reference: str = ""

    @property
    def text(self) -> str:
        """The text of its frame."""
        return frames.call(self.id, self.action, self.payload)


class Remembered(NamedTuple):
    """An answer for a repeated CALL: the hash of the CALL's frame, the answer's text, when it was given."""

    frame: int
    answer: str
    at: float


class Connection:
    """Correlates CALLs and answers. Times are seconds of a monotonic clock that the caller reads."""

    def __init__(self, name: str) -> None:
        """``name`` makes the ids of our CALLs differ from those of other connections."""
        self.name = name
        self.outstanding: Ask | None = None
        self._waiting: list[Ask] = []
        self._asked = 0
        self._answers: OrderedDict[Any, Remembered] = OrderedDict()
        self._unanswered: OrderedDict[str, Ask] = OrderedDict()

    def ask(
        self,
        action: str,
        payload: dict[str, Any],
        urgency: int,
        patience: float,
        now: float,
        reference: str = "",
    ) -> Ask:
        """Queue a CALL. ``next_ask`` returns it when it may be sent, the smallest ``urgency`` first."""
        self._asked += 1
        ask = Ask(
            urgency,
            self._asked,
            f"{self.name}-{self._asked}",
            action,
            payload,
            now + patience,
            patience,
            reference=reference,
        )
        heapq.heappush(self._waiting, ask)
        return ask

    def next_ask(self, now: float) -> Ask | None:
        """The CALL to send now, which becomes the outstanding one; ``None`` while another one is."""
        if self.outstanding is not None or not self._waiting:
            return None
        ask = heapq.heappop(self._waiting)
        ask.deadline = now + ask.patience
        self.outstanding = ask
        return ask

    def settle(self, id_: str) -> Ask | None:
        """The outstanding CALL, where the answer with this id belongs to it; otherwise ``None``."""
        ask = self.outstanding
        if ask is None or ask.id != id_:
            return None
        self.outstanding = None
        return ask

    def late(self, id_: str, now: float) -> Ask | None:
        """The CALL of a late answer, which timed out less than ten minutes ago; otherwise ``None``."""
        ask = self._unanswered.pop(id_, None)
        return ask if ask is not None and now - ask.deadline < LATE_SECONDS else None

    def overdue(self, now: float) -> list[Ask]:
        """Remove and return the CALLs whose deadline has passed, the outstanding one and waiting ones."""
        dead = [ask for ask in self._waiting if ask.send_by <= now]
        if dead:
            self._waiting = [ask for ask in self._waiting if ask.send_by > now]
            heapq.heapify(self._waiting)
        if self.outstanding is not None and self.outstanding.deadline <= now:
            dead.append(self.outstanding)
            self._unanswered[self.outstanding.id] = self.outstanding
            if len(self._unanswered) > LATE_REMEMBERED:
                self._unanswered.popitem(last=False)
            self.outstanding = None
        return dead

    @property
    def next_deadline(self) -> float | None:
        """The earliest deadline of all CALLs; ``None`` where there is none."""
        times = [ask.send_by for ask in self._waiting]
        if self.outstanding is not None:
            times.append(self.outstanding.deadline)
        return min(times, default=None)

    def abandon(self) -> list[Ask]:
        """Remove and return all CALLs: the connection has ended and none of them will be answered."""
        dead = list(self._waiting)
        if self.outstanding is not None:
            dead.append(self.outstanding)
        self._waiting.clear()
        self.outstanding = None
        return dead

    def remember(self, call: frames.Call, answer: str, now: float) -> None:
        """Keep the answer to a CALL, for the last ``ANSWERS_REMEMBERED`` CALLs."""
        self._answers[call.id] = Remembered(hash(call.text), answer, now)
        self._answers.move_to_end(call.id)
        if len(self._answers) > ANSWERS_REMEMBERED:
            self._answers.popitem(last=False)

    def recall(self, call: frames.Call, now: float) -> str | None:
        """The answer that the same CALL got within the last ``REMEMBERED_SECONDS``; otherwise ``None``."""
        known = self._answers.get(call.id)
        if known is None or known.frame != hash(call.text) or now - known.at > REMEMBERED_SECONDS:
            return None
        return known.answer
