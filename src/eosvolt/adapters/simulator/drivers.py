"""Simulated drivers: arrival times, cards and durations of stay."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from eosvolt.adapters.simulator.car import Car, any_car
from eosvolt.adapters.simulator.plans import ChargerPlan, PlugPlan

SATURDAY = 5
INVALID_CARDS = 0.015
PULLED = 0.2
THROTTLED = 0.08
# So many minutes after the end of their slots bookers leave: most before it, a few later.
BOOKERS_LEAVE = (-12.0, 14.0)


@dataclass(frozen=True, slots=True)
class DriverHabits:
    """The arrival pattern of a location.

    ``per_day`` visits reach each plug on a working day, spread over the local hours by ``hours``.

    ``patience_h`` bounds a stay; ``late_share`` of the drivers come back late, by up to ``late_minutes``.
    """

    per_day: float
    weekend: float
    hours: tuple[int, ...]
    patience_h: tuple[float, float]
    late_share: float
    late_minutes: int

    def rate(self, local: datetime) -> float:
        """Visits per hour and plug at a local time."""
        daily = self.per_day * (self.weekend if local.weekday() >= SATURDAY else 1.0)
        return daily * self.hours[local.hour] / sum(self.hours)

    @property
    def highest_rate(self) -> float:
        """The maximum of ``rate``."""
        return self.per_day * max(1.0, self.weekend) * max(self.hours) / sum(self.hours)


PROFILES: dict[str, DriverHabits] = {
    "city": DriverHabits(
        4.2,
        0.9,
        (1, 1, 1, 1, 1, 2, 4, 7, 8, 8, 7, 8, 8, 7, 7, 8, 9, 10, 10, 8, 6, 4, 3, 2),
        (0.7, 6.0),
        0.30,
        150,
    ),
    "office": DriverHabits(
        2.6,
        0.15,
        (0, 0, 0, 0, 0, 1, 5, 14, 16, 9, 4, 3, 5, 6, 3, 2, 2, 1, 1, 0, 0, 0, 0, 0),
        (3.0, 9.0),
        0.35,
        240,
    ),
    "motorway": DriverHabits(
        9.0,
        1.25,
        (2, 1, 1, 1, 2, 3, 5, 8, 9, 10, 11, 12, 12, 11, 11, 12, 12, 11, 9, 7, 5, 4, 3, 2),
        (0.4, 1.4),
        0.10,
        60,
    ),
    "shopping": DriverHabits(
        5.0,
        1.4,
        (0, 0, 0, 0, 0, 0, 1, 2, 5, 9, 11, 11, 9, 9, 10, 11, 11, 9, 7, 4, 2, 1, 0, 0),
        (0.6, 3.0),
        0.20,
        90,
    ),
    "hotel": DriverHabits(
        2.2,
        1.2,
        (1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 3, 5, 7, 9, 11, 12, 10, 8, 5, 3, 2),
        (5.0, 14.0),
        0.5,
        420,
    ),
    # The car is plugged in when it comes home, and stays for the night.
    "home": DriverHabits(
        0.6,
        0.8,
        (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 5, 9, 11, 9, 7, 4, 2, 1),
        (9.0, 13.0),
        0.9,
        540,
    ),
}


class Wallet:
    """The drivers' cards. A card that is in use cannot arrive at another plug."""

    def __init__(self, tokens: Sequence[str], invalid_cards: Sequence[str] = ()) -> None:
        """``invalid_cards`` are blocked or unknown cards, which are used now and then."""
        self._free = list(tokens)
        self._out: set[str] = set()
        self._invalid_cards = list(invalid_cards)

    def take(self, rng: Random) -> str | None:
        """Take a card that is not in use; ``None`` when all are."""
        if self._invalid_cards and rng.random() < INVALID_CARDS:
            return rng.choice(self._invalid_cards)
        if not self._free:
            return None
        token = self._free.pop(rng.randrange(len(self._free)))
        self._out.add(token)
        return token

    def give_back(self, token: str) -> None:
        """Return a card that was taken."""
        if token in self._out:
            self._out.discard(token)
            self._free.append(token)


@dataclass(frozen=True, slots=True)
class Visit:
    """One driver's stay, as planned on arrival.

    The driver leaves ``lateness`` after the car has reached ``target_percent`` or ``patience`` after
    arriving, whichever is first. ``pulls_plug``: ends the session at the car instead of with the card.
    ``welcome``: the session was started remotely, so no card is shown. ``throttled_after``: the charger
    pauses once, that long after the start.
    """

    arrives: datetime
    token: str
    car: Car
    shows_card_after: timedelta
    target_percent: int
    patience: timedelta
    lateness: timedelta
    pulls_plug: bool = False
    welcome: bool = False
    throttled_after: timedelta | None = None

    @property
    def until(self) -> datetime:
        """The end of the driver's patience."""
        return self.arrives + self.patience


def next_arrival(
    profile: DriverHabits, zone: ZoneInfo, rng: Random, after: datetime, busyness: float = 1.0
) -> datetime:
    """When the next driver would like to use a plug that is free since ``after``; in whole milliseconds.

    Arrivals are a Poisson process whose rate follows the local hour and weekday (thinning).
    """
    highest = profile.highest_rate * busyness
    at = after
    while True:
        at += timedelta(milliseconds=int(rng.expovariate(highest) * 3_600_000) + 1)
        if rng.random() * highest <= profile.rate(at.astimezone(zone)) * busyness:
            return at


def visit(
    profile: DriverHabits, rng: Random, at: datetime, token: str, *, direct: bool, welcome: bool = False
) -> Visit:
    """The stay of a driver who arrives at ``at``."""
    late = rng.random() < profile.late_share
    lateness = rng.uniform(15, profile.late_minutes) if late else rng.uniform(0.3, 7)
    throttled = rng.random() < THROTTLED
    return Visit(
        arrives=at,
        token=token,
        car=any_car(rng, direct=direct),
        shows_card_after=timedelta(milliseconds=rng.randint(4_000, 45_000)),
        target_percent=rng.choice((80, 80, 85, 90)) if direct else rng.choice((90, 100, 100, 100)),
        patience=timedelta(milliseconds=int(rng.uniform(*profile.patience_h) * 3_600_000)),
        lateness=timedelta(milliseconds=int(lateness * 60_000)),
        pulls_plug=rng.random() < PULLED,
        welcome=welcome,
        throttled_after=timedelta(milliseconds=rng.randint(240_000, 1_800_000)) if throttled else None,
    )


class Guests:
    """The drivers that arrive at one plug."""

    def __init__(
        self, plan: ChargerPlan, spec: PlugPlan, rng: Random, wallet: Wallet, busyness: float = 1.0
    ) -> None:
        """Drivers follow the plan's profile and use cards of ``wallet``.

        ``busyness`` multiplies their number.
        """
        self._profile, self._zone = PROFILES[plan.profile], plan.zone
        self._direct, self._rng, self._wallet, self._busyness = spec.direct, rng, wallet, busyness

    def next_arrival(self, after: datetime) -> datetime:
        """When the next driver arrives at the plug, which is free since ``after``."""
        return next_arrival(self._profile, self._zone, self._rng, after, self._busyness)

    def arrive(self, at: datetime) -> Visit | None:
        """A driver arrives at ``at``; ``None`` when all cards are in use."""
        token = self._wallet.take(self._rng)
        return None if token is None else self._visit(at, token, welcome=False)

    def invited(self, at: datetime, token: str) -> Visit:
        """A driver arrives at ``at`` who started the session remotely with ``token``."""
        return self._visit(at, token, welcome=True)

    def booked(self, at: datetime, token: str, until: datetime) -> Visit:
        """The driver arrives at ``at`` who has booked the plug up to ``until``."""
        stay = self._visit(at, token, welcome=False)
        leaves = until - at + timedelta(milliseconds=int(self._rng.uniform(*BOOKERS_LEAVE) * 60_000))
        return replace(stay, patience=leaves)

    def leave(self, stay: Visit) -> None:
        """The driver leaves; the card can be used again."""
        self._wallet.give_back(stay.token)

    def _visit(self, at: datetime, token: str, *, welcome: bool) -> Visit:
        return visit(self._profile, self._rng, at, token, direct=self._direct, welcome=welcome)
