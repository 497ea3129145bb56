"""A charger that behaves as it likes.

Messages twice, late, out of order or never; reboots, lost connections, forgotten ids. Whatever it does, every
session that really took place ends as one session with the energy that was really delivered and one bill for
it.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from eosvolt.domain.money import round_half_up
from eosvolt.domain.sessions.events import ChargingEnded, EndWithdrawn
from eosvolt.projections.charging_attempts import charging_attempts
from eosvolt.projections.deadlines import deadlines
from eosvolt.projections.ledger import ledger
from eosvolt.projections.session_history import session_history
from tests.books import assert_books_are_right
from tests.counted_attempts import counted, told
from tests.examples import TARIFF_WITH_CAPPED_FEE, after
from tests.hypothesis_profiles import share
from tests.scenario import Scenario

# Energy comes in steps that no plug of the scenario could fail to deliver.
STEP_WH = st.integers(0, 900)


@dataclass
class Truth:
    """A session as it really was. ``number`` is what the system answered, once the answer was heard."""

    begun: float
    start_wh: int
    ended: float | None = None
    stop_wh: int = 0
    number: int | None = None
    started: bool = False
    stopped: bool = False


@dataclass
class Message:
    """Something the charger has to say. ``about`` is the session it is about."""

    kind: str
    at: float
    wh: int
    about: Truth
    status: str = ""
    delivered: int = 0


@dataclass
class Plug:
    """The charger's side: its clock in minutes, its register, its car, and what it has not said yet."""

    now: float = 0.0
    register: int = 1000
    car: Truth | None = None
    past: list[Truth] = field(default_factory=list)
    queue: list[Message] = field(default_factory=list)
    said: list[Message] = field(default_factory=list)


class AnyCharger(RuleBasedStateMachine):
    """One plug of one charger with a sequence of cars."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.plug = Plug()
        self.system: Scenario = self._do(Scenario().opened(TARIFF_WITH_CAPPED_FEE))
        self.connected = True

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    def _tick(self, minutes: float) -> float:
        # Whole seconds, as chargers tell them, and never two things in the same one.
        self.plug.now = round((self.plug.now + max(minutes, 1 / 60)) * 60) / 60
        return self.plug.now

    # What really happens at the plug.

    @precondition(lambda self: self.plug.car is None)
    @rule(wait=st.floats(0.1, 30))
    def a_car_comes(self, wait: float) -> None:
        at = self._tick(wait)
        self.plug.car = Truth(begun=at, start_wh=self.plug.register)
        self.plug.past.append(self.plug.car)
        self.plug.queue.append(Message("start", at, self.plug.register, self.plug.car))

    @precondition(lambda self: self.plug.car is not None)
    @rule(wait=st.floats(0.5, 20), energy=STEP_WH, reported=st.booleans())
    def it_draws_energy(self, wait: float, energy: int, reported: bool) -> None:
        car = self.plug.car
        assert car is not None
        at = self._tick(wait)
        self.plug.register += energy
        if reported:
            self.plug.queue.append(Message("meter", at, self.plug.register, car))

    @precondition(lambda self: self.plug.car is not None)
    @rule(
        status=st.sampled_from(["Charging", "SuspendedEV", "SuspendedEVSE", "Faulted"]),
        wait=st.floats(0.1, 10),
    )
    def the_plug_changes(self, status: str, wait: float) -> None:
        car = self.plug.car
        assert car is not None
        self.plug.queue.append(Message("status", self._tick(wait), 0, car, status))

    @precondition(lambda self: self.plug.car is not None)
    @rule(wait=st.floats(0.1, 40), leaves_after=st.floats(0.1, 50))
    def it_stops_and_leaves(self, wait: float, leaves_after: float) -> None:
        car = self.plug.car
        assert car is not None
        car.ended, car.stop_wh, self.plug.car = self._tick(wait), self.plug.register, None
        self.plug.queue.append(Message("stop", car.ended, self.plug.register, car))
        self.plug.queue.append(Message("status", self._tick(leaves_after), 0, car, "Available"))

    # What the system hears of it.

    @precondition(lambda self: self.connected and self.plug.queue)
    @rule()
    def the_next_message_arrives(self) -> None:
        self._deliver(self.plug.queue.pop(0))

    @precondition(lambda self: self.connected and self.plug.queue)
    @rule(data=st.data())
    def another_message_overtakes(self, data: st.DataObject) -> None:
        index = data.draw(
            st.sampled_from([n for n in range(min(4, len(self.plug.queue))) if self._may_overtake(n)])
        )
        self._deliver(self.plug.queue.pop(index))

    def _may_overtake(self, index: int) -> bool:
        """Chargers keep the transactions of different cars in order; statuses may come as they like."""
        message = self.plug.queue[index]
        return message.kind == "status" or all(
            earlier.kind == "status" or earlier.about is message.about for earlier in self.plug.queue[:index]
        )

    @precondition(lambda self: self.connected and self.plug.said)
    @rule(data=st.data())
    def a_message_arrives_again(self, data: st.DataObject) -> None:
        again = data.draw(st.sampled_from(self.plug.said[-12:]))
        before = len(self.system.store.facts)
        self._say(again)
        if again.kind in ("start", "stop"):
            assert len(self.system.store.facts) == before, f"a repeated {again.kind} was recorded again"

    @precondition(lambda self: any(message.kind != "start" for message in self.plug.queue))
    @rule()
    def a_reading_or_status_is_lost(self) -> None:
        for index, message in enumerate(self.plug.queue):
            if message.kind in ("meter", "status"):
                del self.plug.queue[index]
                return

    @precondition(lambda self: self.connected)
    @rule()
    def the_connection_breaks(self) -> None:
        self.connected = False
        self._do(self.system.disconnects(self._tick(0.1)))

    @precondition(lambda self: not self.connected)
    @rule(wait=st.floats(0.1, 60))
    def the_connection_is_back(self, wait: float) -> None:
        self._back(wait)

    @precondition(lambda self: self.connected)
    @rule()
    def it_boots(self) -> None:
        self._do(self.system.boots(self._tick(0.1)))

    @rule(wait=st.floats(0.1, 25))
    def time_passes(self, wait: float) -> None:
        self._do(self.system.passes(self._tick(wait)))

    def _back(self, wait: float) -> None:
        self.connected = True
        self._do(self.system.connects(self._tick(wait)))

    def _deliver(self, message: Message) -> None:
        self._say(message)
        self.plug.said.append(message)

    def _say(self, message: Message) -> None:
        received = max(self.plug.now, message.at)
        about = message.about
        known = about.number if about.started else -1
        match message.kind:
            case "start":
                about.number = self._do(
                    self.system.starts(message.at, message.wh, received=received)
                ).transaction
                about.started = True
            case "meter":
                self._do(self.system.meters(message.at, message.wh, transaction=known, received=received))
            case "stop":
                # A retry says what the first try said, however much was learnt since.
                message.delivered = message.delivered or (known or -1)
                self._do(self.system.stops(message.at, message.delivered, message.wh, received=received))
                about.stopped = True
            case "status":
                self._do(self.system.reports(message.at, message.status, received=received))

    @invariant()
    def no_session_is_billed_twice(self) -> None:
        ended: dict[str, int] = {}
        for fact in self.system.events(ChargingEnded):
            ended[fact.stream] = ended.get(fact.stream, 0) + 1
        for fact in self.system.events(EndWithdrawn):
            ended[fact.stream] -= 1
        assert all(times in (0, 1) for times in ended.values())

    @invariant()
    def energy_never_exceeds_what_was_delivered(self) -> None:
        for truth in self.plug.past:
            if truth.number is not None:
                so_far = (truth.stop_wh if truth.ended is not None else self.plug.register) - truth.start_wh
                assert self.system.session(truth.number).energy_wh <= so_far

    def teardown(self) -> None:
        """In the end everything arrives, and the books are right."""
        try:
            self._close_the_books()
        finally:
            self.loop.close()

    def _close_the_books(self) -> None:
        if not self.connected:
            self._back(1)
        if self.plug.car is not None:
            self._stop_now()
        while self.plug.queue:
            self._deliver(self.plug.queue.pop(0))
        last = (
            Message("status", self._tick(1), 0, self.plug.past[-1], "Available") if self.plug.past else None
        )
        if last is not None:
            self._deliver(last)
        self._do(self.system.passes(self._tick(30)))
        rows = {row.number: row for row in self.system.sessions()}
        assert set(rows) == {truth.number for truth in self.plug.past}
        for truth in self.plug.past:
            assert truth.number is not None
            assert truth.ended is not None
            row = rows[truth.number]
            energy = truth.stop_wh - truth.start_wh
            assert row.energy_wh == energy
            assert row.provisional is False
            assert row.status == ("completed" if energy else "failed")
            assert row.charging_gross == round_half_up(Fraction(energy, 2000), "EUR").minor
            assert row.started_at == after(truth.begun)
            moved = [line for line in self.system.models.rows(ledger) if line.session == row.id]
            assert sum(line.energy_wh for line in moved) == energy
        assert_books_are_right(self.system.models)
        attempts = self.system.models.rows(charging_attempts)
        assert told(attempts) == counted(self.system.models.rows(session_history))
        waiting = [row.stream for row in self.system.models.rows(deadlines)]
        assert waiting == []

    def _stop_now(self) -> None:
        car = self.plug.car
        assert car is not None
        car.ended, car.stop_wh, self.plug.car = self._tick(1), self.plug.register, None
        self.plug.queue.append(Message("stop", car.ended, self.plug.register, car))


TestAnyCharger = AnyCharger.TestCase
TestAnyCharger.settings = settings(max_examples=share(150), stateful_step_count=40, deadline=None)
