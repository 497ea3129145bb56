"""A whole charger in simulated time: its plugs, its links and its power, without any socket.

The live park gives it sockets; the demo's history plays it straight into the application.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from eosvolt.adapters.simulator.bay import Reservation
from eosvolt.adapters.simulator.chance import stream
from eosvolt.adapters.simulator.drivers import Wallet
from eosvolt.adapters.simulator.happenings import (
    Delivery,
    Happening,
    LinkBack,
    LinkLost,
    Status,
    StatusChanged,
)
from eosvolt.adapters.simulator.plans import ChargerPlan
from eosvolt.adapters.simulator.plug import Plug
from eosvolt.adapters.simulator.troubles import Luck, outage, silence

STARTS_IN = timedelta(seconds=25)


class Verdict(StrEnum):
    """A charger's answer to an operator, in OCPP 1.6's words."""

    ACCEPTED = "Accepted"
    REJECTED = "Rejected"
    SCHEDULED = "Scheduled"


class Station:
    """One charger.

    ``advance`` plays it up to an instant; the other verbs are what an operator can ask for.
    """

    def __init__(
        self,
        plan: ChargerPlan,
        wallet: Wallet,
        since: datetime,
        *,
        seed: int = 1,
        luck: Luck | None = None,
        busyness: float = 1.0,
    ) -> None:
        """A charger that has just started at ``since``. The same seed always gives the same life."""
        since = since.replace(microsecond=since.microsecond // 1_000 * 1_000)
        self.plan = plan
        self._luck = luck or Luck()
        self._chance = stream(seed, plan.key)
        self.plugs = {
            spec.number: Plug(
                plan,
                spec,
                stream(seed, plan.key, spec.number),
                wallet,
                since,
                luck=self._luck,
                busyness=busyness,
            )
            for spec in plan.plugs
        }
        self.away_until: datetime | None = None
        self._starting = False
        self._next_loss = self._luck.next_link_loss(self._chance, since)
        self._next_cut = self._luck.next_power_cut(self._chance, since)

    @property
    def deliveries(self) -> list[Delivery]:
        """All sessions so far, as they really were, oldest first."""
        every = (delivery for plug in self.plugs.values() for delivery in plug.deliveries)
        return sorted(every, key=lambda delivery: (delivery.started_at, delivery.plug))

    def statuses(self, at: datetime) -> list[StatusChanged]:
        """What the charger says about each plug when it (re)connects."""
        return [
            plug.defect if plug.status is Status.FAULTED else StatusChanged(at, plug.spec.number, plug.status)
            for plug in self.plugs.values()
        ]

    def due(self) -> datetime:
        """The next instant at which something happens by itself."""
        return min(self._own_due(), *(plug.due() for plug in self.plugs.values()))

    def advance(self, until: datetime) -> list[Happening]:
        """Play everything up to and including ``until``, in order of time."""
        happenings: list[Happening] = []
        while (due := self.due()) <= until:
            if self._own_due() == due:
                happenings += self._own(due)
            for plug in self.plugs.values():
                happenings += plug.advance(due)
        return happenings

    # What an operator can ask for.

    def remote_start(self, at: datetime, token: str, plug: int | None) -> Verdict:
        """Charge with ``token`` on a plug, or on any that is free."""
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
    ) -> tuple[Verdict, list[Happening]]:
        """Take a plug (0: all) out of service or back; ``Scheduled`` where a transaction must end first."""
        asked = list(self._plugs(plug))
        if not asked:
            return Verdict.REJECTED, []
        happenings: list[Happening] = []
        for one in asked:
            happenings += one.permit(at, operative=operative)
        busy = not operative and any(one.delivery is not None for one in asked)
        return (Verdict.SCHEDULED if busy else Verdict.ACCEPTED), happenings

    def reserve(
        self, at: datetime, plug: int, number: int, token: str, until: datetime
    ) -> tuple[str, Sequence[Happening]]:
        """Hold a plug for ``token``; the answer is OCPP's ``ReservationStatus``. No number is held twice."""
        if plug not in self.plugs:
            return Verdict.REJECTED.value, []
        elsewhere = self.reserved(number)
        moved = elsewhere is not None and elsewhere is not self.plugs[plug]
        status, happenings = self.plugs[plug].reserve(at, Reservation(number, token, until))
        if elsewhere is not None and moved and status == Verdict.ACCEPTED:
            happenings = [*elsewhere.cancel_reservation(at), *happenings]
        return status, happenings

    def cancel(self, at: datetime, number: int) -> tuple[bool, Sequence[Happening]]:
        """Hold it no longer; false where nobody knows this reservation."""
        plug = self.reserved(number)
        return (False, []) if plug is None else (True, plug.cancel_reservation(at))

    def reserved(self, number: int) -> Plug | None:
        """The plug that is held under a number."""
        for plug in self.plugs.values():
            if plug.reservation is not None and plug.reservation.number == number:
                return plug
        return None

    def reset(self, at: datetime, *, hard: bool) -> list[Happening]:
        """End all transactions and start anew."""
        happenings: list[Happening] = []
        for plug in self.plugs.values():
            happenings += plug.stop(at, "HardReset" if hard else "SoftReset")
        return [*happenings, self._go_away(at, STARTS_IN, starting=True)]

    def shut_down(self, at: datetime) -> list[Happening]:
        """End all transactions: the park closes."""
        happenings: list[Happening] = []
        for plug in self.plugs.values():
            happenings += plug.stop(at, "Reboot")
        return happenings

    # What happens by itself.

    def _own_due(self) -> datetime:
        return min(self._next_loss, self._next_cut, self.away_until or self._next_loss)

    def _own(self, at: datetime) -> Iterator[Happening]:
        if self.away_until == at:
            self.away_until = None
            yield LinkBack(at, booted=self._starting)
            self._starting = False
        if self._next_loss == at:
            self._next_loss = self._luck.next_link_loss(self._chance, at)
            if self.away_until is None:
                yield self._go_away(at, silence(self._chance), starting=False)
        if self._next_cut == at:
            self._next_cut = self._luck.next_power_cut(self._chance, at)
            if self.away_until is None:
                dark = outage(self._chance)
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
