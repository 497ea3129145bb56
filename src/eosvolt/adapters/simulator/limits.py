"""The charging profiles of a simulated charger and their limits (OCPP 1.6 §3.13).

For each purpose the highest stack level with an active limit counts; across purposes the lowest limit. A
TxProfile replaces the default profiles and ends with its transaction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from eosvolt.adapters.simulator.events import Delivery
from eosvolt.adapters.simulator.schedules import Profile, readable

HIGHEST_LEVEL, MOST_PROFILES, MOST_PERIODS = 10, 20, 24
ACCEPTED, REJECTED = "Accepted", "Rejected"
WHOLE, DEFAULT, TRANSACTION = "ChargePointMaxProfile", "TxDefaultProfile", "TxProfile"


@dataclass(frozen=True, slots=True)
class Outlet:
    """A plug's maximum power and its running session."""

    max_power_w: int
    delivery: Delivery | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A profile and its plug. ``delivery`` is the session of a ``TxProfile``."""

    connector: int
    profile: Profile
    delivery: Delivery | None = None


class Limits:
    """All profiles of one charger."""

    def __init__(self) -> None:
        """Start without profiles."""
        self._kept: list[Kept] = []

    def take(self, connector: int, payload: Mapping[str, Any], outlets: Mapping[int, Outlet]) -> str:
        """Store a profile. Returns the ChargingProfileStatus of OCPP 1.6 §7.11.

        It replaces a profile of the same id, or of the same purpose and level on the same plug.
        """
        profile = readable(payload, HIGHEST_LEVEL, MOST_PERIODS)
        if profile is None or not self._fits(connector, profile, outlets):
            return REJECTED
        delivery = outlets[connector].delivery if profile.purpose == TRANSACTION else None
        new = Kept(connector, profile, delivery)
        others = [kept for kept in self._current(outlets) if not _replaces(new, kept)]
        if len(others) >= MOST_PROFILES:
            return REJECTED
        self._kept = [*others, new]
        return ACCEPTED

    def drop(
        self,
        number: int | None,
        connector: int | None,
        purpose: str | None,
        level: int | None,
        outlets: Mapping[int, Outlet],
    ) -> str:
        """Remove the profiles that match all given criteria; an id alone is sufficient."""

        def meant(kept: Kept) -> bool:
            if number is not None:
                return kept.profile.number == number
            return (
                connector in (None, kept.connector)
                and purpose in (None, kept.profile.purpose)
                and level in (None, kept.profile.level)
            )

        current = self._current(outlets)
        self._kept = [kept for kept in current if not meant(kept)]
        return ACCEPTED if len(self._kept) < len(current) else "Unknown"

    def power_w(self, connector: int, at: datetime, outlets: Mapping[int, Outlet]) -> int:
        """The power limit of a plug at ``at`` in whole watts; of the whole charger for 0."""
        if connector == 0:
            every = sum(self._plug_w(number, at, outlets) for number in outlets)
            return min(every, self._highest((WHOLE,), 0, at, None) or every)
        own = self._plug_w(connector, at, outlets)
        whole = self._highest((WHOLE,), 0, at, None)
        if whole is None:
            return own
        busy = [number for number, outlet in outlets.items() if outlet.delivery is not None]
        # The charger's limit is shared in equal parts.
        return min(own, whole // max(len(busy), 1))

    def next_change(self, after: datetime, outlets: Mapping[int, Outlet]) -> datetime | None:
        """The next time within a day at which a limit may change."""
        until = after + timedelta(days=1)
        return min((at for at in self._bounds(after, until, outlets) if at > after), default=None)

    def schedule(
        self, connector: int, at: datetime, seconds: int, unit: str, outlets: Mapping[int, Outlet]
    ) -> dict[str, Any]:
        """The composite schedule for the next ``duration`` seconds (OCPP 1.6 §5.7)."""
        until = at + timedelta(seconds=seconds)
        bounds = sorted({at, *(one for one in self._bounds(at, until, outlets) if at < one < until)})
        limits = [(bound, self.power_w(connector, bound, outlets)) for bound in bounds]
        changes = [limits[0]] + [after for before, after in pairwise(limits) if after[1] != before[1]]
        periods = [
            {"start_period": int((bound - at).total_seconds()), "limit": _in(unit, watts)}
            for bound, watts in changes
        ]
        return {"duration": seconds, "charging_rate_unit": unit, "charging_schedule_period": periods}

    def _plug_w(self, connector: int, at: datetime, outlets: Mapping[int, Outlet]) -> int:
        outlet = outlets[connector]
        own = self._highest((TRANSACTION,), connector, at, outlet.delivery)
        if own is None:
            own = self._highest((DEFAULT,), connector, at, outlet.delivery)
        if own is None:
            own = self._highest((DEFAULT,), 0, at, outlet.delivery)
        return outlet.max_power_w if own is None else min(own, outlet.max_power_w)

    def _highest(
        self, purposes: tuple[str, ...], connector: int, at: datetime, delivery: Delivery | None
    ) -> int | None:
        began = delivery.started_at if delivery is not None else at
        found = [
            (kept.profile.level, watts)
            for kept in self._kept
            if kept.profile.purpose in purposes
            and kept.connector == connector
            and kept.delivery in (None, delivery)
            and (watts := kept.profile.power_w(at, began)) is not None
        ]
        return max(found)[1] if found else None

    def _current(self, outlets: Mapping[int, Outlet]) -> list[Kept]:
        return [
            kept
            for kept in self._kept
            if kept.delivery is None or outlets[kept.connector].delivery is kept.delivery
        ]

    def _bounds(self, since: datetime, until: datetime, outlets: Mapping[int, Outlet]) -> Iterable[datetime]:
        for kept in self._current(outlets):
            begins = [o.delivery.started_at for o in outlets.values() if o.delivery is not None]
            for began in {*begins, since}:
                yield from kept.profile.bounds(since, until, began)

    def _fits(self, connector: int, profile: Profile, outlets: Mapping[int, Outlet]) -> bool:
        if connector != 0 and connector not in outlets:
            return False
        match profile.purpose:
            case "ChargePointMaxProfile":
                return connector == 0
            case "TxProfile":
                delivery = outlets[connector].delivery if connector else None
                return delivery is not None and profile.transaction in (None, delivery.transaction)
            case _:
                return True


def _replaces(new: Kept, old: Kept) -> bool:
    if new.profile.number == old.profile.number:
        return True
    same = (old.connector, old.profile.purpose, old.profile.level)
    return (new.connector, new.profile.purpose, new.profile.level) == same


def _in(unit: str, watts: int) -> float:
    """Convert watts to the unit: watts, or amperes on three phases, rounded down to tenths."""
    return float(watts) if unit == "W" else watts * 10 // 690 / 10
