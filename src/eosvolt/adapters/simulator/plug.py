"""A plug and whoever uses it: a state machine in simulated time that nobody has to watch.

``advance`` plays everything up to an instant and says what happened; questions that need an answer from
outside (``TokenShown``) are answered by calling ``answered``. The meter counts millijoules, so every reading
is exact.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar

from eosvolt.adapters.simulator.agenda import Timer
from eosvolt.adapters.simulator.bay import LEAST_W, Bay, Reservation
from eosvolt.adapters.simulator.happenings import (
    Delivery,
    PlugHappening,
    Started,
    Status,
    StatusChanged,
    TokenShown,
)
from eosvolt.adapters.simulator.meter import MILLISECOND
from eosvolt.adapters.simulator.troubles import any_trouble, lasts

GIVES_UP = timedelta(minutes=3)
WAITS_FOR_REPAIR = timedelta(minutes=15)
TURNS_AWAY = timedelta(seconds=40)
DRIVES_UP = timedelta(seconds=8)


class Plug(Bay):
    """One plug: what happens at it by itself, and what can be asked of it."""

    def due(self) -> datetime:
        """The next instant at which something happens by itself; a defect is always ahead."""
        return self._agenda.due()[0]

    def advance(self, until: datetime) -> list[PlugHappening]:
        """Play everything up to and including ``until``, in order."""
        happenings: list[PlugHappening] = []
        while self.due() <= until:
            at, timer = self._agenda.due()
            self._agenda.drop(timer)
            happenings += self._ACTS[timer](self, at)
        return happenings

    def answered(self, at: datetime, token: str, *, accepted: bool) -> list[PlugHappening]:
        """The reader shows whether ``token``, the card of the waiting driver, is good."""
        waiting = self.delivery is None and self.status is Status.PREPARING
        if self.visit is None or self.visit.token != token or not waiting:
            return []
        if accepted:
            return self._start(at)
        self._agenda.put(Timer.DEPARTURE, at + TURNS_AWAY)
        return []

    def invite(self, at: datetime, token: str) -> bool:
        """Somebody asks from afar to charge here with ``token``.

        The car comes at once where it is not there yet.
        """
        if self.status is Status.PREPARING and self.visit is not None and self.delivery is None:
            self._guests.leave(self.visit)
            self.visit = self._guests.invited(at, token)
            self._agenda.put(Timer.CARD, at + DRIVES_UP)
            return True
        if not self._is_free_for(token):
            return False
        self._awaited = self._guests.invited(at + DRIVES_UP, token)
        self._agenda.put(Timer.ARRIVAL, at + DRIVES_UP)
        return True

    def expect(self, at: datetime) -> None:
        """Let the next driver arrive at ``at`` at the latest, where the plug is free."""
        self._agenda.bring_forward(Timer.ARRIVAL, at)

    def stop(self, at: datetime, reason: str, token: str = "") -> list[PlugHappening]:
        """End the transaction, where there is one. The car stays until its driver comes."""
        ended = self._end(at, reason, token)
        return [*ended, *self._become(at, Status.FINISHING)] if ended else []

    def release(self, at: datetime) -> list[PlugHappening]:
        """Unlock the cable: the transaction ends and the driver takes it within a minute."""
        ended = self.stop(at, "UnlockCommand")
        if self.visit is not None:
            self._agenda.put(Timer.DEPARTURE, at + TURNS_AWAY)
        return ended

    def reserve(self, at: datetime, reservation: Reservation) -> tuple[str, list[PlugHappening]]:
        """Hold the plug for somebody; the answer is OCPP's ``ReservationStatus``."""
        again = self.reservation is not None and self.reservation.number == reservation.number
        match self.status:
            case Status.FAULTED | Status.UNAVAILABLE:
                return self.status.value, []
            case Status.AVAILABLE if self.visit is None and self._awaited is None:
                pass
            case Status.RESERVED if again:
                pass
            case _:
                return "Occupied", []
        if reservation.until <= at:
            return "Rejected", []
        self.reservation = reservation
        self._agenda.put(Timer.LAPSE, reservation.until)
        return "Accepted", self._become(at, Status.RESERVED)

    def cancel_reservation(self, at: datetime) -> list[PlugHappening]:
        """Hold the plug no longer."""
        self._forget_reservation()
        return self._become(at, self._resting) if self.status is Status.RESERVED else []

    def limit(self, at: datetime, watts: int) -> list[PlugHappening]:
        """Deliver at most so much from now on; too little to charge with is a pause."""
        if watts == self.limit_w:
            return []
        self._count(at)
        paused, self.limit_w = self.limit_w < LEAST_W, watts
        charging = self.status is Status.CHARGING or (paused and self.status is Status.SUSPENDED_EVSE)
        if self.delivery is None or not charging:
            return []
        self._agenda.drop(Timer.TARGET, Timer.FULL)
        return self._flow(at)

    def permit(self, at: datetime, *, operative: bool) -> list[PlugHappening]:
        """Take the plug out of service or back into it; a running transaction is finished first."""
        self.operative = operative
        if not operative:
            self._forget_reservation()
        if self.visit is not None or self.status is Status.FAULTED:
            return []
        return self._become(at, self._resting)

    def lose_power(self, at: datetime, until: datetime) -> list[PlugHappening]:
        """The power is gone until ``until``: the transaction ends and the driver leaves in the dark."""
        ended = self._end(at, "PowerLoss")
        self._leave(at)
        self._forget_reservation()
        self.status = self._resting
        self._awaited = None
        self._agenda.clear()
        self._agenda.put(Timer.DEFECT, self._luck.next_defect(self._chance, until))
        self._expect_somebody(until)
        return ended

    def delay(self, until: datetime) -> None:
        """Nothing happens here before ``until``: the charger is starting."""
        self._agenda.delay(until)

    # What happens by itself.

    def _arrive(self, at: datetime) -> list[PlugHappening]:
        if not self._is_free_for("" if self._awaited is None else self._awaited.token):
            self._awaited = None
            self._expect_somebody(at)
            return []
        self.visit, self._awaited = self._awaited or self._guests.arrive(at), None
        if self.visit is None:
            self._expect_somebody(at)
            return []
        self._agenda.put(Timer.CARD, at + self.visit.shows_card_after)
        return self._become(at, Status.PREPARING)

    def _show_card(self, at: datetime) -> list[PlugHappening]:
        if self.visit is None or self.status is not Status.PREPARING:
            return []
        if self.visit.welcome:
            return self._start(at)
        self._agenda.put(Timer.DEPARTURE, at + GIVES_UP)
        return [TokenShown(at, self.spec.number, self.visit.token)]

    def _start(self, at: datetime) -> list[PlugHappening]:
        stay = self._present()
        self.delivery = Delivery(self._plan.charge_box_id, self.spec.number, stay.token, at, self.register_wh)
        if self.reservation is not None:
            self.delivery.reservation = self.reservation.number
            self._forget_reservation()
        self.deliveries.append(self.delivery)
        self._agenda.put(Timer.SAMPLE, at + self.sample_every)
        self._agenda.put(Timer.DEPARTURE, max(stay.until, at + GIVES_UP))
        if stay.throttled_after is not None:
            self._agenda.put(Timer.THROTTLE, at + stay.throttled_after)
        return [Started(at, self.spec.number, self.delivery), *self._flow(at)]

    def _flow(self, at: datetime) -> list[PlugHappening]:
        """Current flows from now on; foresee when the driver has enough and when the car is full."""
        self._count(at)
        if self.limit_w < LEAST_W:
            return self._become(at, Status.SUSPENDED_EVSE)
        stay = self._present()
        limits = ((Timer.TARGET, stay.target_percent), (Timer.FULL, 100))
        for timer, percent in limits:
            left = stay.car.milliseconds_until(percent, self.limit_w, direct=self.spec.direct)
            if left is not None:
                self._agenda.put(timer, at + left * MILLISECOND)
        return self._become(at, Status.CHARGING)

    def _throttle(self, at: datetime) -> list[PlugHappening]:
        if self.status is not Status.CHARGING:
            return []
        self._count(at)
        self._agenda.drop(Timer.TARGET, Timer.FULL)
        self._agenda.put(Timer.RELEASE, at + timedelta(milliseconds=self._chance.randint(120_000, 900_000)))
        return self._become(at, Status.SUSPENDED_EVSE)

    def _reach_target(self, at: datetime) -> list[PlugHappening]:
        self._agenda.bring_forward(Timer.DEPARTURE, at + self._present().lateness)
        return []

    def _fill(self, at: datetime) -> list[PlugHappening]:
        self._count(at)
        return self.stop(at, "Other") if self.spec.direct else self._become(at, Status.SUSPENDED_EV)

    def _sample(self, at: datetime) -> list[PlugHappening]:
        reading = self.read_meter(at)
        self._agenda.put(Timer.SAMPLE, at + self.sample_every)
        return [] if reading is None else [reading]

    def _depart(self, at: datetime) -> list[PlugHappening]:
        if self.delivery is None or self.visit is None:
            return self._unplug(at)
        if self.visit.pulls_plug:
            return [*self._end(at, "EVDisconnected"), *self._unplug(at)]
        self._agenda.put(Timer.UNPLUG, at + timedelta(milliseconds=self._chance.randint(10_000, 60_000)))
        ended = self.stop(at, "Local", "" if self.visit.welcome else self.visit.token)
        self._agenda.drop(Timer.DEPARTURE)
        return ended

    def _unplug(self, at: datetime) -> list[PlugHappening]:
        self._leave(at)
        self._expect_somebody(at)
        if self.status is Status.FAULTED:
            return []
        return self._become(at, self._resting)

    def _break(self, at: datetime) -> list[PlugHappening]:
        trouble = any_trouble(self._chance)
        self._agenda.put(Timer.RECOVERY, at + lasts(self._chance, trouble))
        ended = self._end(at, "EmergencyStop" if trouble.code == "GroundFailure" else "Other")
        self._agenda.drop(Timer.CARD)
        if self.visit is not None:
            self._agenda.bring_forward(Timer.DEPARTURE, at + WAITS_FOR_REPAIR)
        self.defect = StatusChanged(
            at, self.spec.number, Status.FAULTED, trouble.code, trouble.vendor_code, trouble.text
        )
        self.status = Status.FAULTED
        self._forget_reservation()
        return [*ended, self.defect]

    def _lapse(self, at: datetime) -> list[PlugHappening]:
        """Who reserved the plug did not come."""
        return self.cancel_reservation(at)

    def _is_free_for(self, token: str) -> bool:
        if self.visit is not None:
            return False
        reserved = self.reservation
        return self.status is Status.AVAILABLE or (
            self.status is Status.RESERVED and reserved is not None and reserved.is_for(token)
        )

    def _recover(self, at: datetime) -> list[PlugHappening]:
        self._agenda.put(Timer.DEFECT, self._luck.next_defect(self._chance, at))
        if self.visit is not None:
            return self._become(at, Status.FINISHING)
        return self._become(at, self._resting)

    _ACTS: ClassVar[dict[Timer, Callable[["Plug", datetime], list[PlugHappening]]]] = {
        Timer.DEFECT: _break,
        Timer.RECOVERY: _recover,
        Timer.ARRIVAL: _arrive,
        Timer.CARD: _show_card,
        Timer.THROTTLE: _throttle,
        Timer.RELEASE: _flow,
        Timer.TARGET: _reach_target,
        Timer.FULL: _fill,
        Timer.SAMPLE: _sample,
        Timer.DEPARTURE: _depart,
        Timer.UNPLUG: _unplug,
        Timer.LAPSE: _lapse,
    }
