"""A simulated plug and its driver: a state machine in simulated time.

``advance`` runs it up to a time and returns the events. A ``TokenShown`` has to be answered by calling
``answered``. The meter counts millijoules, so every reading is exact.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar

from eosvolt.adapters.simulator.events import (
    Delivery,
    PlugEvent,
    Started,
    Status,
    StatusChanged,
    TokenShown,
)
from eosvolt.adapters.simulator.fault_injection import fault_duration, random_fault
from eosvolt.adapters.simulator.meter import MILLISECOND
from eosvolt.adapters.simulator.parking_bay_session import LEAST_W, ParkingBaySession, Reservation
from eosvolt.adapters.simulator.timers import Timer

GIVES_UP = timedelta(minutes=3)
WAITS_FOR_REPAIR = timedelta(minutes=15)
TURNS_AWAY = timedelta(seconds=40)
DRIVES_UP = timedelta(seconds=8)
BOOKER_LOOKS_AGAIN = timedelta(minutes=2)


class Plug(ParkingBaySession):
    """One plug: its timed events, and the commands to it."""

    def due(self) -> datetime:
        """The time of the next timed event; there is always one."""
        return self._timers.due()[0]

    def advance(self, until: datetime) -> list[PlugEvent]:
        """Run up to and including ``until``. Returns the events in order."""
        events: list[PlugEvent] = []
        while self.due() <= until:
            at, timer = self._timers.due()
            self._timers.drop(timer)
            events += self._ACTS[timer](self, at)
        return events

    def answered(self, at: datetime, token: str, *, accepted: bool) -> list[PlugEvent]:
        """The answer to ``TokenShown``: whether the waiting driver's ``token`` is accepted."""
        waiting = self.delivery is None and self.status is Status.PREPARING
        if self.visit is None or self.visit.token != token or not waiting:
            return []
        if accepted:
            return self._start(at)
        self._timers.put(Timer.DEPARTURE, at + TURNS_AWAY)
        return []

    def invite(self, at: datetime, token: str) -> bool:
        """A remote start with ``token``. Returns whether it is accepted.

        A car that is not there yet arrives at once.
        """
        if self.status is Status.PREPARING and self.visit is not None and self.delivery is None:
            self._guests.leave(self.visit)
            self.visit = self._guests.invited(at, token)
            self._timers.put(Timer.CARD, at + DRIVES_UP)
            return True
        if not self._is_free_for(token):
            return False
        self._awaited = self._guests.invited(at + DRIVES_UP, token)
        self._timers.put(Timer.ARRIVAL, at + DRIVES_UP)
        return True

    def expect(self, at: datetime) -> None:
        """Let the next driver arrive at ``at`` at the latest, where the plug is free."""
        self._timers.bring_forward(Timer.ARRIVAL, at)

    def stop(self, at: datetime, reason: str, token: str = "") -> list[PlugEvent]:
        """End the transaction, where there is one. The car stays until its driver comes."""
        ended = self._end(at, reason, token)
        return [*ended, *self._become(at, Status.FINISHING)] if ended else []

    def release(self, at: datetime) -> list[PlugEvent]:
        """Unlock the cable: the transaction ends and the driver takes it within a minute."""
        ended = self.stop(at, "UnlockCommand")
        if self.visit is not None:
            self._timers.put(Timer.DEPARTURE, at + TURNS_AWAY)
        return ended

    def reserve(self, at: datetime, reservation: Reservation) -> tuple[str, list[PlugEvent]]:
        """Reserve the plug. Returns the ReservationStatus of OCPP 1.6 §7.40."""
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
        self._timers.put(Timer.LAPSE, reservation.until)
        return "Accepted", self._become(at, Status.RESERVED)

    def cancel_reservation(self, at: datetime) -> list[PlugEvent]:
        """Cancel the reservation."""
        self._forget_reservation()
        return self._become(at, self._resting) if self.status is Status.RESERVED else []

    def limit(self, at: datetime, watts: int) -> list[PlugEvent]:
        """Limit the power from now on; a limit below the minimum pauses the session."""
        if watts == self.limit_w:
            return []
        self._count(at)
        paused, self.limit_w = self.limit_w < LEAST_W, watts
        charging = self.status is Status.CHARGING or (paused and self.status is Status.SUSPENDED_EVSE)
        if self.delivery is None or not charging:
            return []
        self._timers.drop(Timer.TARGET, Timer.FULL)
        return self._flow(at)

    def permit(self, at: datetime, *, operative: bool) -> list[PlugEvent]:
        """Take the plug out of service or back; a running transaction ends first."""
        self.operative = operative
        if not operative:
            self._forget_reservation()
        if self.visit is not None or self.status is Status.FAULTED:
            return []
        return self._become(at, self._resting)

    def lose_power(self, at: datetime, until: datetime) -> list[PlugEvent]:
        """The power fails until ``until``: the transaction ends and the driver leaves."""
        ended = self._end(at, "PowerLoss")
        self._leave(at)
        self._forget_reservation()
        self.status = self._resting
        self._awaited = None
        self._timers.clear()
        self._timers.put(Timer.DEFECT, self._fault_rates.next_defect(self._rng, until))
        self._expect_somebody(until)
        self._await_booker(until)
        return ended

    def delay(self, until: datetime) -> None:
        """Postpone all timed events to ``until``, while the charger restarts."""
        self._timers.delay(until)

    # Timed events.

    def _arrive(self, at: datetime) -> list[PlugEvent]:
        if not self._is_free_for("" if self._awaited is None else self._awaited.token):
            self._awaited = None
            self._expect_somebody(at)
            return []
        kept = self._awaited is None and self._is_kept(at)
        self.visit, self._awaited = self._awaited or (None if kept else self._guests.arrive(at)), None
        if self.visit is None:
            self._expect_somebody(at)
            return []
        self._timers.put(Timer.CARD, at + self.visit.shows_card_after)
        return self._become(at, Status.PREPARING)

    def _booker_comes(self, at: datetime) -> list[PlugEvent]:
        """The driver who has booked the plug arrives; while it is taken, they wait a while."""
        due = next((each for each in self._coming(at) if each.comes_at and each.comes_at <= at), None)
        if due is None:
            return []
        if not self._is_free_for(due.token):
            self._timers.put(Timer.BOOKER, at + BOOKER_LOOKS_AGAIN)
            return []
        self._came = due.since
        self._await_booker(at)
        self._awaited = self._guests.booked(at, due.token, due.until)
        return self._arrive(at)

    def _show_card(self, at: datetime) -> list[PlugEvent]:
        if self.visit is None or self.status is not Status.PREPARING:
            return []
        if self.visit.welcome:
            return self._start(at)
        self._timers.put(Timer.DEPARTURE, at + GIVES_UP)
        return [TokenShown(at, self.spec.number, self.visit.token)]

    def _start(self, at: datetime) -> list[PlugEvent]:
        stay = self._present()
        self.delivery = Delivery(self._plan.charge_box_id, self.spec.number, stay.token, at, self.register_wh)
        if self.reservation is not None:
            self.delivery.reservation = self.reservation.number
            self._forget_reservation()
        self.deliveries.append(self.delivery)
        self._timers.put(Timer.SAMPLE, at + self.sample_every)
        leaves_by = self._leaves_by(at)
        until = stay.until if leaves_by is None else min(stay.until, leaves_by)
        self._timers.put(Timer.DEPARTURE, max(until, at + GIVES_UP))
        if stay.throttled_after is not None:
            self._timers.put(Timer.THROTTLE, at + stay.throttled_after)
        return [Started(at, self.spec.number, self.delivery), *self._flow(at)]

    def _flow(self, at: datetime) -> list[PlugEvent]:
        """Start charging; set the timers for the driver's target and the full battery."""
        self._count(at)
        if self.limit_w < LEAST_W:
            return self._become(at, Status.SUSPENDED_EVSE)
        stay = self._present()
        limits = ((Timer.TARGET, stay.target_percent), (Timer.FULL, 100))
        for timer, percent in limits:
            left = stay.car.milliseconds_until(percent, self.limit_w, direct=self.spec.direct)
            if left is not None:
                self._timers.put(timer, at + left * MILLISECOND)
        return self._become(at, Status.CHARGING)

    def _throttle(self, at: datetime) -> list[PlugEvent]:
        if self.status is not Status.CHARGING:
            return []
        self._count(at)
        self._timers.drop(Timer.TARGET, Timer.FULL)
        self._timers.put(Timer.RELEASE, at + timedelta(milliseconds=self._rng.randint(120_000, 900_000)))
        return self._become(at, Status.SUSPENDED_EVSE)

    def _reach_target(self, at: datetime) -> list[PlugEvent]:
        self._timers.bring_forward(Timer.DEPARTURE, at + self._present().lateness)
        return []

    def _fill(self, at: datetime) -> list[PlugEvent]:
        self._count(at)
        return self.stop(at, "Other") if self.spec.direct else self._become(at, Status.SUSPENDED_EV)

    def _sample(self, at: datetime) -> list[PlugEvent]:
        reading = self.read_meter(at)
        self._timers.put(Timer.SAMPLE, at + self.sample_every)
        return [] if reading is None else [reading]

    def _depart(self, at: datetime) -> list[PlugEvent]:
        if self.delivery is None or self.visit is None:
            return self._unplug(at)
        if self.visit.pulls_plug:
            return [*self._end(at, "EVDisconnected"), *self._unplug(at)]
        self._timers.put(Timer.UNPLUG, at + timedelta(milliseconds=self._rng.randint(10_000, 60_000)))
        ended = self.stop(at, "Local", "" if self.visit.welcome else self.visit.token)
        self._timers.drop(Timer.DEPARTURE)
        return ended

    def _unplug(self, at: datetime) -> list[PlugEvent]:
        self._leave(at)
        self._expect_somebody(at)
        if self.status is Status.FAULTED:
            return []
        return self._become(at, self._resting)

    def _break(self, at: datetime) -> list[PlugEvent]:
        fault = random_fault(self._rng)
        self._timers.put(Timer.RECOVERY, at + fault_duration(self._rng, fault))
        ended = self._end(at, "EmergencyStop" if fault.code == "GroundFailure" else "Other")
        self._timers.drop(Timer.CARD)
        if self.visit is not None:
            self._timers.bring_forward(Timer.DEPARTURE, at + WAITS_FOR_REPAIR)
        self.defect = StatusChanged(
            at, self.spec.number, Status.FAULTED, fault.code, fault.vendor_code, fault.text
        )
        self.status = Status.FAULTED
        self._forget_reservation()
        return [*ended, self.defect]

    def _lapse(self, at: datetime) -> list[PlugEvent]:
        """The reservation expires."""
        return self.cancel_reservation(at)

    def _is_free_for(self, token: str) -> bool:
        if self.visit is not None:
            return False
        reserved = self.reservation
        return self.status is Status.AVAILABLE or (
            self.status is Status.RESERVED and reserved is not None and reserved.is_for(token)
        )

    def _recover(self, at: datetime) -> list[PlugEvent]:
        self._timers.put(Timer.DEFECT, self._fault_rates.next_defect(self._rng, at))
        if self.visit is not None:
            return self._become(at, Status.FINISHING)
        return self._become(at, self._resting)

    _ACTS: ClassVar[dict[Timer, Callable[["Plug", datetime], list[PlugEvent]]]] = {
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
        Timer.BOOKER: _booker_comes,
    }
