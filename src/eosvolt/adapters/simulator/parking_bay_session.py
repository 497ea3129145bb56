"""The base of a simulated plug: its status, meter, parked car, and the steps of every session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from eosvolt.adapters.simulator.drivers import Guests, Visit, Wallet
from eosvolt.adapters.simulator.events import (
    Delivery,
    Metered,
    PlugEvent,
    Status,
    StatusChanged,
    Stopped,
)
from eosvolt.adapters.simulator.fault_injection import FaultRates
from eosvolt.adapters.simulator.meter import Meter
from eosvolt.adapters.simulator.plans import ChargerPlan, PlugPlan
from eosvolt.adapters.simulator.timers import WHILE_CHARGING, WHILE_VISITED, Timer, Timers

SAMPLE_EVERY = timedelta(seconds=60)
PHASES = 3
AC_VOLTS = 230.0
# Others leave so long before a booked time, and none comes shortly before it.
LEAVES_BEFORE, TOO_LATE_FOR_OTHERS = timedelta(minutes=4), timedelta(minutes=40)
# One of so many heeds no booking.
HEEDLESS = 8
# A booker who finds the plug taken waits so long.
BOOKER_WAITS = timedelta(minutes=25)
# Less than 6 A on one phase is not charging.
LEAST_W = 1_380


@dataclass(frozen=True, slots=True)
class Reservation:
    """A reservation of the plug (OCPP 1.6 §3.11)."""

    number: int
    token: str
    until: datetime

    def is_for(self, token: str) -> bool:
        """Whether the reservation is for this card."""
        return self.token.casefold() == token.casefold()


@dataclass(frozen=True, slots=True)
class BookedTime:
    """A time for which the plug is booked.

    Its driver comes at ``comes_at`` with the card ``token``; ``None``: nobody comes, or charges already.
    """

    since: datetime
    until: datetime
    token: str = ""
    comes_at: datetime | None = None


class ParkingBaySession:
    """One plug with its meter, the visit of the parked car, and its sessions so far."""

    def __init__(
        self,
        plan: ChargerPlan,
        spec: PlugPlan,
        rng: Random,
        wallet: Wallet,
        since: datetime,
        *,
        fault_rates: FaultRates,
        busyness: float = 1.0,
    ) -> None:
        """A free plug at the instant ``since``; ``busyness`` multiplies the visits of the plan's profile."""
        self.spec = spec
        self.status = Status.AVAILABLE
        self.sample_every = SAMPLE_EVERY
        self.operative = True
        self.limit_w = spec.max_power_w
        self.reservation: Reservation | None = None
        self.visit: Visit | None = None
        self.delivery: Delivery | None = None
        self.deliveries: list[Delivery] = []
        self.defect = StatusChanged(since, spec.number, Status.AVAILABLE)
        self._plan, self._rng, self._fault_rates = plan, rng, fault_rates
        self._guests = Guests(plan, spec, rng, wallet, busyness)
        self._awaited: Visit | None = None
        self.booked: Sequence[BookedTime] = ()
        self._came: datetime | None = None
        self._meter = Meter(spec.max_power_w, since)
        self._timers = Timers()
        self._timers.put(Timer.DEFECT, fault_rates.next_defect(rng, since))
        self._expect_somebody(since)

    @property
    def register_wh(self) -> int:
        """The meter's register as it was last counted."""
        return self._meter.register_wh

    @property
    def power_w(self) -> int:
        """The power in W at the moment."""
        if self.visit is None or self.status is not Status.CHARGING:
            return 0
        return self.visit.car.power_w(self.limit_w, direct=self.spec.direct)

    def read_meter(self, at: datetime) -> Metered | None:
        """Read the meter of the running transaction; ``None`` without one."""
        self._count(at)
        if self.delivery is None or self.visit is None:
            return None
        power, direct, car = self.power_w, self.spec.direct, self.visit.car
        volts, wires = (float(car.model.dc_volts), 1) if direct else (AC_VOLTS, PHASES)
        return Metered(
            at=at,
            plug=self.spec.number,
            delivery=self.delivery,
            register_wh=self.register_wh,
            power_w=power,
            current_a=round(power / (wires * volts), 1),
            voltage_v=volts,
            soc_percent=car.soc_percent if direct else None,
        )

    # The steps of a session.

    @property
    def _resting(self) -> Status:
        if not self.operative:
            return Status.UNAVAILABLE
        return Status.AVAILABLE if self.reservation is None else Status.RESERVED

    def _forget_reservation(self) -> None:
        self.reservation = None
        self._timers.drop(Timer.LAPSE)

    def _present(self) -> Visit:
        if self.visit is None:
            raise RuntimeError("a plug without a car does not charge")
        return self.visit

    def _become(self, at: datetime, status: Status) -> list[PlugEvent]:
        if self.status is status:
            return []
        self.status = status
        return [StatusChanged(at, self.spec.number, status)]

    def _count(self, at: datetime) -> None:
        """Advance the battery and the meter to ``at``."""
        car = self.visit.car if self.visit is not None and self.status is Status.CHARGING else None
        self._meter.count(at, car, self.limit_w, direct=self.spec.direct)

    def _end(self, at: datetime, reason: str, token: str = "") -> list[PlugEvent]:
        self._count(at)
        delivery, self.delivery = self.delivery, None
        if delivery is None or self.visit is None:
            return []
        delivery.ended_at, delivery.meter_stop_wh, delivery.reason = at, self.register_wh, reason
        self._timers.drop(*WHILE_CHARGING)
        self._timers.bring_forward(Timer.DEPARTURE, at + self.visit.lateness)
        return [Stopped(at, self.spec.number, delivery, reason, token)]

    def _leave(self, at: datetime) -> None:
        if self.visit is not None:
            self._guests.leave(self.visit)
            if self.deliveries and self.deliveries[-1].freed_at is None:
                self.deliveries[-1].freed_at = at
        self.visit = None
        self._timers.drop(*WHILE_VISITED)

    def _expect_somebody(self, after: datetime) -> None:
        self._timers.put(Timer.ARRIVAL, self._guests.next_arrival(after))

    # Bookings: drivers come to theirs, and others make room for them.

    def book(self, at: datetime, booked: Sequence[BookedTime]) -> None:
        """What is booked of the plug, as it is known at ``at``; it takes the place of what was known."""
        self.booked = booked
        self._await_booker(at)
        if self.delivery is None:
            return
        leaves_by = self._leaves_by(at)
        if leaves_by is not None:
            self._timers.bring_forward(Timer.DEPARTURE, max(leaves_by, at))

    def _await_booker(self, at: datetime) -> None:
        coming = [max(each.comes_at, at) for each in self._coming(at) if each.comes_at is not None]
        self._timers.drop(Timer.BOOKER)
        if coming:
            self._timers.put(Timer.BOOKER, min(coming))

    def _coming(self, at: datetime) -> list[BookedTime]:
        """The bookings whose drivers are still to come, the first one first."""
        coming = [
            each
            for each in self.booked
            if each.comes_at is not None and at < each.comes_at + BOOKER_WAITS and each.since != self._came
        ]
        return sorted(coming, key=lambda each: each.since)

    def _leaves_by(self, at: datetime) -> datetime | None:
        """When a driver on demand leaves for a booker; ``None``: there is none, or they do not care."""
        stay = self._present()
        if _heedless(stay.arrives):
            return None
        later = [each.since for each in self.booked if each.since > at and each.token != stay.token]
        return min(later) - LEAVES_BEFORE if later else None

    def _is_kept(self, at: datetime) -> bool:
        """Whether a driver on demand drives on, because the plug is booked or soon will be."""
        booked = any(each.since - TOO_LATE_FOR_OTHERS <= at < each.until for each in self.booked)
        return booked and not _heedless(at)


def _heedless(arrives: datetime) -> bool:
    return int(arrives.timestamp()) % HEEDLESS == 0
