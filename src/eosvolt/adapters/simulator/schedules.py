"""One charging profile: when it is valid, and its limits (OCPP 1.6 §7.8)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

VOLTS, PHASES = 230, 3
EVERY = {"Daily": timedelta(days=1), "Weekly": timedelta(days=7)}


@dataclass(frozen=True, slots=True)
class PowerPeriod:
    """A limit of ``watts`` from ``start`` after the beginning of the schedule."""

    start: timedelta
    watts: int


@dataclass(frozen=True, slots=True)
class Profile:
    """A charging profile. Without ``begins`` it starts with the transaction."""

    number: int
    level: int
    purpose: str
    periods: tuple[PowerPeriod, ...]
    begins: datetime | None
    every: timedelta | None
    lasts: timedelta | None
    valid_from: datetime | None
    valid_to: datetime | None
    transaction: int | None

    def power_w(self, at: datetime, transaction_began: datetime) -> int | None:
        """The limit in W at ``at``; ``None`` where the profile has none."""
        if (self.valid_from is not None and at < self.valid_from) or (
            self.valid_to is not None and at >= self.valid_to
        ):
            return None
        since = at - self._begins(at, transaction_began)
        if since < timedelta(0) or (self.lasts is not None and since >= self.lasts):
            return None
        return [period.watts for period in self.periods if period.start <= since][-1]

    def bounds(self, since: datetime, until: datetime, transaction_began: datetime) -> Iterator[datetime]:
        """The times up to ``until`` at which the limit may change."""
        yield from (at for at in (self.valid_from, self.valid_to) if at is not None)
        begins = self._begins(since, transaction_began)
        while begins <= until:
            yield begins
            yield from (begins + period.start for period in self.periods)
            if self.lasts is not None:
                yield begins + self.lasts
            if self.every is None:
                return
            begins += self.every

    def _begins(self, at: datetime, transaction_began: datetime) -> datetime:
        begins = transaction_began if self.begins is None else self.begins
        if self.every is None or at < begins:
            return begins
        return begins + (at - begins) // self.every * self.every


def readable(payload: Mapping[str, Any], highest_level: int, most_periods: int) -> Profile | None:
    """Parse a profile of OCPP; ``None`` where it is invalid."""
    schedule = payload["charging_schedule"]
    kind, every = payload["charging_profile_kind"], EVERY.get(payload.get("recurrency_kind") or "")
    periods = tuple(
        PowerPeriod(timedelta(seconds=one["start_period"]), _watts(one, schedule["charging_rate_unit"]))
        for one in schedule["charging_schedule_period"]
    )
    in_order = all(earlier.start < later.start for earlier, later in pairwise(periods))
    if not 0 < len(periods) <= most_periods or periods[0].start or not in_order:
        return None
    if not 0 <= payload["stack_level"] <= highest_level or (kind == "Recurring" and every is None):
        return None
    begins = _instant(schedule.get("start_schedule"))
    if kind == "Recurring" and begins is None:
        return None
    lasts = schedule.get("duration")
    return Profile(
        number=payload["charging_profile_id"],
        level=payload["stack_level"],
        purpose=payload["charging_profile_purpose"],
        periods=periods,
        begins=None if kind == "Relative" else begins,
        every=every if kind == "Recurring" else None,
        lasts=None if lasts is None else timedelta(seconds=lasts),
        valid_from=_instant(payload.get("valid_from")),
        valid_to=_instant(payload.get("valid_to")),
        transaction=payload.get("transaction_id"),
    )


def _watts(period: Mapping[str, Any], unit: str) -> int:
    limit = period["limit"]
    return int(limit if unit == "W" else limit * VOLTS * (period.get("number_phases") or PHASES))


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    at = datetime.fromisoformat(text)
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
