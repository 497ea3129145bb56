"""Time of plugs that is in no sum yet, because what they do goes on, and how time divides into local days."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from eosvolt.domain.calendar import MICROSECOND, local_date, local_day
from eosvolt.projections.clock_advance import settled_at, until_now
from eosvolt.projections.plug_clock import ChargerClock, PlugStretch
from eosvolt.projections.time_sums import NOTHING, StretchKind, TimeSum, kind_of, plus, rated, sum_of_kind

_ONE_DAY = timedelta(days=1)
_NEVER = datetime.max.replace(tzinfo=UTC)


class LastingStretch(NamedTuple):
    """A stretch of a plug that is in no sum yet. ``until`` is ``None`` while it goes on."""

    connector: int
    since: datetime
    until: datetime | None
    kind: StretchKind
    power_w: int


class Lasting(NamedTuple):
    """What is under way at a charger, valid from ``settled`` on (``None``: at any time).

    It depends on the charger's clock alone, so that it can be kept for as long as nothing happens there.
    """

    clock: ChargerClock
    settled: datetime | None
    stretches: tuple[LastingStretch, ...]

    def at(self, now: datetime) -> Iterable[LastingStretch]:
        """What is under way at an instant."""
        if self.settled is None or now > self.settled:
            return self.stretches
        return [_lasting(self.clock, stretch, now) for stretch in until_now(self.clock, now)]


def lasting(clock: ChargerClock) -> Lasting:
    """What is under way at a charger."""
    stretches = until_now(clock, _NEVER)
    return Lasting(clock, settled_at(clock), tuple(_lasting(clock, stretch, _NEVER) for stretch in stretches))


def under_way(
    chargers: Iterable[tuple[str, Lasting, str]], now: datetime, plug: int | None = None
) -> Mapping[tuple[str, date], TimeSum]:
    """What has not ended ``now`` and is in no sum yet, by place and local day.

    ``chargers`` are places, what is under way there, and time zones; ``plug`` counts the plugs of one number
    only. Lengths are added up before sums are made of them, because large networks have thousands of plugs.
    """
    lengths: dict[tuple[str, date, StretchKind], list[int]] = defaultdict(lambda: [0, 0])
    todays: dict[str, tuple[date, datetime]] = {}
    for place, charger, zone in chargers:
        if zone not in todays:
            day = local_date(now, zone)
            todays[zone] = day, local_day(day, zone)[0]
        today, midnight = todays[zone]
        for connector, since, until, kind, power in charger.at(now):
            if plug not in (None, connector):
                continue
            # Most of what is under way began today.
            parts: Iterable[tuple[date, int]] = (
                ((today, (now - since) // MICROSECOND),)
                if until is None and midnight <= since < now
                else by_day(since, until or now, zone)
            )
            for day, length in parts:
                found = lengths[place, day, kind]
                found[0] += length
                found[1] += rated(length, power)
    sums: dict[tuple[str, date], TimeSum] = defaultdict(lambda: NOTHING)
    for (place, day, kind), (length, could) in lengths.items():
        sums[place, day] = plus(sums[place, day], sum_of_kind(kind, length, could))
    return sums


def _lasting(clock: ChargerClock, stretch: PlugStretch, end: datetime) -> LastingStretch:
    until = None if stretch.until == end else stretch.until
    return LastingStretch(
        stretch.connector, stretch.since, until, kind_of(stretch), clock.power(stretch.connector)
    )


def by_day(since: datetime, until: datetime, zone: str) -> Iterable[tuple[date, int]]:
    """The local days of a stretch of time, each with its part in µs."""
    day = local_date(since, zone)
    while since < until:
        end = min(local_day(day, zone)[1], until)
        if since < end:
            yield day, (end - since) // MICROSECOND
            since = end
        day += _ONE_DAY
