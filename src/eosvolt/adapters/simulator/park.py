"""Many chargers at once."""

import asyncio
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from eosvolt.adapters.simulator.charger import Charger
from eosvolt.adapters.simulator.clock import ParkClock
from eosvolt.adapters.simulator.drivers import Wallet
from eosvolt.adapters.simulator.events import Delivery
from eosvolt.adapters.simulator.fault_injection import FaultRates
from eosvolt.adapters.simulator.plans import ChargerPlan
from eosvolt.adapters.simulator.rng import stream
from eosvolt.adapters.simulator.station import Station

DIAL_EVERY_S = 0.01
CLOSES_WITHIN_S = 5.0
EARLY_SHARE = 0.6
EARLY_MS = 120_000


class ParkState(msgspec.Struct, frozen=True):
    """The park at an instant.

    ``waiting``: messages not delivered yet; ``given_up``: messages that were never answered.
    """

    at: datetime
    chargers: int
    connected: int
    charging: int
    power_w: int
    sessions: int
    energy_wh: int
    waiting: int
    given_up: int
    problems: tuple[str, ...] = ()


def stations(
    plans: Iterable[ChargerPlan],
    wallet: Wallet,
    since: datetime,
    *,
    seed: int = 1,
    fault_rates: FaultRates | None = None,
    busyness: float = 1.0,
) -> list[Station]:
    """Chargers without sessions at ``since``.

    Drivers share one ``wallet``. At more than half of the plugs a driver arrives within two minutes.
    """
    built = [
        Station(plan, wallet, since, seed=seed, fault_rates=fault_rates, busyness=busyness) for plan in plans
    ]
    early = stream(seed, "early")
    for station in built:
        for plug in station.plugs.values():
            if early.random() < EARLY_SHARE:
                plug.expect(since + timedelta(milliseconds=early.randrange(EARLY_MS)))
    return built


class Park:
    """Simulated chargers with one clock, connected to one system."""

    def __init__(
        self,
        stations: Sequence[Station],
        url: str,
        clock: ParkClock,
        *,
        password: str | None = None,
        passwords: Mapping[str, str] | None = None,
        response_timeout_s: float = 30.0,
        started: bool = False,
        closes_within_s: float = CLOSES_WITHIN_S,
    ) -> None:
        """``url`` is what the charge box id is appended to.

        ``passwords`` has the passwords of chargers that differ from ``password``, by charge box id.
        ``started``: the chargers are running already and do not boot. ``closes_within_s``: how long they go
        on delivering messages once they have ended their sessions.
        """
        self._clock, self._closes_within_s = clock, closes_within_s
        own = passwords or {}
        self.chargers = [
            Charger(
                station,
                url,
                clock,
                password=own.get(station.plan.charge_box_id, password),
                response_timeout_s=response_timeout_s,
                started=started,
            )
            for station in stations
        ]

    @property
    def deliveries(self) -> list[Delivery]:
        """All sessions so far, as they really were, oldest first."""
        every = [delivery for charger in self.chargers for delivery in charger.station.deliveries]
        return sorted(every, key=lambda delivery: delivery.started_at)

    def state(self) -> ParkState:
        """The park's current state."""
        plugs = [plug for charger in self.chargers for plug in charger.station.plugs.values()]
        ended = [delivery for plug in plugs for delivery in plug.deliveries if delivery.ended_at is not None]
        problems = {charger.problem for charger in self.chargers if charger.problem}
        return ParkState(
            at=self._clock.now(),
            chargers=len(self.chargers),
            connected=sum(charger.connected for charger in self.chargers),
            charging=sum(plug.delivery is not None for plug in plugs),
            power_w=sum(plug.power_w for plug in plugs),
            sessions=len(ended),
            energy_wh=sum(delivery.energy_wh for delivery in ended),
            waiting=sum(len(charger.outbox) for charger in self.chargers),
            given_up=sum(charger.outbox.given_up for charger in self.chargers),
            problems=tuple(sorted(problems)),
        )

    async def run(
        self, duration_s: float | None = None, beside: Coroutine[Any, Any, None] | None = None
    ) -> None:
        """Run for ``duration_s`` real seconds, or until cancelled; then end all sessions and disconnect.

        What goes on ``beside`` it ends with it.
        """
        lives: list[asyncio.Task[None]] = []
        try:
            if beside is not None:
                lives.append(asyncio.create_task(beside))
            for charger in self.chargers:
                lives.append(asyncio.create_task(charger.run()))
                await asyncio.sleep(DIAL_EVERY_S)
            done, _ = await asyncio.wait(lives, timeout=duration_s, return_when=asyncio.FIRST_EXCEPTION)
            for life in done:
                life.result()
        finally:
            await asyncio.gather(*(charger.close(self._closes_within_s) for charger in self.chargers))
            for life in lives:
                life.cancel()
            await asyncio.gather(*lives, return_exceptions=True)
