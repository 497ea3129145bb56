"""A simulated charger without a socket: its plugs, link and power supply, in simulated time.

The live park connects it over OCPP; the demo's past plays it into the application.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from eosvolt.adapters.simulator.drivers import Wallet
from eosvolt.adapters.simulator.events import (
    ChargerEvent,
    Delivery,
    LinkBack,
    LinkLost,
    Status,
    StatusChanged,
)
from eosvolt.adapters.simulator.fault_injection import FaultRates, link_outage, power_outage
from eosvolt.adapters.simulator.parking_bay_session import Reservation
from eosvolt.adapters.simulator.plans import ChargerPlan
from eosvolt.adapters.simulator.plug import Plug
from eosvolt.adapters.simulator.rng import stream

STARTS_IN = timedelta(seconds=25)


class Verdict(StrEnum):
    """The status of a charger's answer, in OCPP 1.6's words."""

    ACCEPTED = "Accepted"
    REJECTED = "Rejected"
    SCHEDULED = "Scheduled"


class Station:
    """One charger.

    ``advance`` runs it up to a time; the other methods are commands of the operator.
    """

    def __init__(
        self,
        plan: ChargerPlan,
        wallet: Wallet,
        since: datetime,
        *,
        seed: int = 1,
        fault_rates: FaultRates | None = None,
        busyness: float = 1.0,
    ) -> None:
        """A charger that has just started at ``since``. The same seed always gives the same events."""
        since = since.replace(microsecond=since.microsecond // 1_000 * 1_000)
        self.plan = plan
        self._fault_rates = fault_rates or FaultRates()
        self._rng = stream(seed, plan.key)
        self.plugs = {
            spec.number: Plug(
                plan,
                spec,
                stream(seed, plan.key, spec.number),
                wallet,
                since,
                fault_rates=self._fault_rates,
                busyness=busyness,
            )
            for spec in plan.plugs
        }
        self.away_until: datetime | None = None
        self._starting = False
        self._next_loss = self._fault_rates.next_link_loss(self._rng, since)
        self._next_cut = self._fault_rates.next_power_cut(self._rng, since)

    @property
    def deliveries(self) -> list[Delivery]:
        """All sessions so far, as they really were, oldest first."""
        every = (delivery for plug in self.plugs.values() for delivery in plug.deliveries)
        return sorted(every, key=lambda delivery: (delivery.started_at, delivery.plug))

    def statuses(self, at: datetime) -> list[StatusChanged]:
        """The status of each plug, which is sent after connecting."""
        return [
            plug.defect if plug.status is Status.FAULTED else StatusChanged(at, plug.spec.number, plug.status)
            for plug in self.plugs.values()
        ]

    def due(self) -> datetime:
        """The time of the next timed event."""
        return min(self._own_due(), *(plug.due() for plug in self.plugs.values()))

    def advance(self, until: datetime) -> list[ChargerEvent]:
        """Run up to and including ``until``. Returns the events in order of time."""
        events: list[ChargerEvent] = []
        while (due := self.due()) <= until:
            if self._own_due() == due:
                events += self._own(due)
            for plug in self.plugs.values():
                events += plug.advance(due)
        return events

    # Commands of the operator.

    def remote_start(self, at: datetime, token: str, plug: int | None) -> Verdict:
        """Start a session with ``token`` on a plug, or on any free one."""
        asked = (
            [self.plugs[plug]] if plug in self.plugs else list(self.plugs.values()) if plug is None else []
        )
        accepted = any(one.invite(at, token) for one in asked)
        return Verdict.ACCEPTED if accepted else Verdict.REJECTED

    def charging(self, transaction: int) -> Plug | None:
        """The plug on which a transaction runs."""
        for plug in self.plugs.values():
            if plug.delivery is not None and plug.delivery.transaction == transaction:
                return plug
        return None

    def change_availability(
        self, at: datetime, plug: int, *, operative: bool
    ) -> tuple[Verdict, list[ChargerEvent]]:
        """Take a plug (0: all) out of service or back; ``Scheduled`` where a transaction must end first."""
        asked = list(self._plugs(plug))
        if not asked:
            return Verdict.REJECTED, []
        events: list[ChargerEvent] = []
        for one in asked:
            events += one.permit(at, operative=operative)
        busy = not operative and any(one.delivery is not None for one in asked)
        return (Verdict.SCHEDULED if busy else Verdict.ACCEPTED), events

    def reserve(
        self, at: datetime, plug: int, number: int, token: str, until: datetime
    ) -> tuple[str, Sequence[ChargerEvent]]:
        """Reserve a plug for ``token``. Returns the ReservationStatus of OCPP 1.6 §7.40 and events.

        A reservation with the same number on another plug is cancelled.
        """
        if plug not in self.plugs:
            return Verdict.REJECTED.value, []
        elsewhere = self.reserved(number)
        moved = elsewhere is not None and elsewhere is not self.plugs[plug]
        status, events = self.plugs[plug].reserve(at, Reservation(number, token, until))
        if elsewhere is not None and moved and status == Verdict.ACCEPTED:
            events = [*elsewhere.cancel_reservation(at), *events]
        return status, events

    def cancel(self, at: datetime, number: int) -> tuple[bool, Sequence[ChargerEvent]]:
        """Cancel a reservation; False where it is unknown."""
        plug = self.reserved(number)
        return (False, []) if plug is None else (True, plug.cancel_reservation(at))

    def reserved(self, number: int) -> Plug | None:
        """The plug that is reserved under a number."""
        for plug in self.plugs.values():
            if plug.reservation is not None and plug.reservation.number == number:
                return plug
        return None

    def reset(self, at: datetime, *, hard: bool) -> list[ChargerEvent]:
        """End all transactions and restart."""
        events: list[ChargerEvent] = []
        for plug in self.plugs.values():
            events += plug.stop(at, "HardReset" if hard else "SoftReset")
        return [*events, self._go_away(at, STARTS_IN, starting=True)]

    def shut_down(self, at: datetime) -> list[ChargerEvent]:
        """End all transactions: the park closes."""
        events: list[ChargerEvent] = []
        for plug in self.plugs.values():
            events += plug.stop(at, "Reboot")
        return events

    # Timed events.

    def _own_due(self) -> datetime:
        return min(self._next_loss, self._next_cut, self.away_until or self._next_loss)

    def _own(self, at: datetime) -> Iterator[ChargerEvent]:
        if self.away_until == at:
            self.away_until = None
            yield LinkBack(at, booted=self._starting)
            self._starting = False
        if self._next_loss == at:
            self._next_loss = self._fault_rates.next_link_loss(self._rng, at)
            if self.away_until is None:
                yield self._go_away(at, link_outage(self._rng), starting=False)
        if self._next_cut == at:
            self._next_cut = self._fault_rates.next_power_cut(self._rng, at)
            if self.away_until is None:
                dark = power_outage(self._rng)
                for plug in self.plugs.values():
                    yield from plug.lose_power(at, at + dark)
                yield self._go_away(at, dark, starting=True)

    def _go_away(self, at: datetime, duration: timedelta, *, starting: bool) -> LinkLost:
        self.away_until = at + duration
        self._starting = self._starting or starting
        if starting:
            for plug in self.plugs.values():
                plug.delay(self.away_until)
        return LinkLost(at, self.away_until)

    def _plugs(self, number: int) -> Sequence[Plug]:
        if number == 0:
            return list(self.plugs.values())
        return [self.plugs[number]] if number in self.plugs else []
