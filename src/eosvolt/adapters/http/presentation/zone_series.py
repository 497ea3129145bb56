"""The power of a zone over time: what chargers drew and might draw, beside what they might use."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from eosvolt.projections.zone_power import KEPT, MINUTE, QUARTER, SECONDS, ZonePowerRow

# A longer stretch has a point for each quarter of an hour.
LONGEST_BY_MINUTE = timedelta(hours=12)
LONGEST = timedelta(seconds=SECONDS[QUARTER] * KEPT[QUARTER])


class ChargerPoint(NamedTuple):
    """What a charger draws and may draw at most; ``None`` where it is not known, or has no limit."""

    charger: str
    power_w: int | None
    may_draw_w: int | None


class ZonePoint(NamedTuple):
    """A zone at the end of a minute or a quarter of an hour that began ``at``."""

    at: datetime
    usable_w: int | None
    rest_w: int | None
    chargers: Sequence[ChargerPoint]

    @property
    def power_w(self) -> int:
        """What all chargers draw, as far as it is known."""
        return sum(each.power_w or 0 for each in self.chargers)

    @property
    def may_draw_w(self) -> int | None:
        """What all chargers may draw; ``None`` while no charger follows the zone."""
        known = [each.may_draw_w for each in self.chargers if each.may_draw_w is not None]
        return sum(known) if known else None


def resolution(since: datetime, until: datetime, now: datetime) -> str:
    """The finest resolution in which a stretch is kept, and short enough: ``minute`` or ``quarter``."""
    kept = timedelta(seconds=SECONDS[MINUTE] * KEPT[MINUTE])
    return MINUTE if until - since <= LONGEST_BY_MINUTE and now - since < kept else QUARTER


def series(rows: Sequence[ZonePowerRow], since: datetime, until: datetime, by: str) -> list[ZonePoint]:
    """A point for each step from ``since`` up to ``until``; a value holds until there is another."""
    step = SECONDS[by]
    begins, ends = int(since.timestamp()) // step * step, until.timestamp()
    changes: dict[int, list[ZonePowerRow]] = defaultdict(list)
    for row in rows:
        if row.since is not None:
            changes[max(int(row.since.timestamp()) // step * step, begins - step)].append(row)
    usable: ZonePowerRow | None = None
    chargers: dict[tuple[str, str], ZonePowerRow] = {}
    points: list[ZonePoint] = []
    for at in range(begins - step, int(ends) + 1, step):
        for row in changes.get(at, ()):
            if row.charger:
                chargers[row.zone, row.charger] = row
            else:
                usable = row
        if begins <= at < ends:
            points.append(
                ZonePoint(
                    at=datetime.fromtimestamp(at, UTC),
                    usable_w=None if usable is None else usable.usable_w,
                    rest_w=None if usable is None else usable.rest_w,
                    chargers=[
                        ChargerPoint(row.charger, row.power_w, row.may_draw_w)
                        for _, row in sorted(chargers.items(), key=lambda each: each[0][1])
                    ],
                )
            )
    return points
