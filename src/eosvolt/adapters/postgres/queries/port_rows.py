"""Ports for the definitions of uptime, from the rows of plug time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from eosvolt.domain.exclusions.events import ExclusionKind
from eosvolt.domain.locations.opening_hours import OpeningHours
from eosvolt.projections.exclusions import ExclusionRow
from eosvolt.projections.outages import open_outages, outage_of
from eosvolt.projections.plug_time import CLAIM, DOWN, PlugTimeRow
from eosvolt.projections.time_under_way import Lasting
from eosvolt.projections.uptime_definitions import Excluded, Port


class ChargerNow(NamedTuple):
    """A charger at a location, and what is under way there."""

    location: str
    charge_point: str
    lasting: Lasting


def ports_of(
    chargers: Iterable[ChargerNow],
    zones: Mapping[str, str],
    by_plug: Mapping[tuple[str, int], Sequence[PlugTimeRow]],
    recorded: Sequence[ExclusionRow],
    hours: Mapping[str, OpeningHours],
    number: int | None,
    now: datetime,
) -> list[Port]:
    """The ports of chargers, or those of one ``number``, by charger and number.

    ``by_plug`` are the rows of outages and claims by charger and plug; ``zones``, ``hours`` are by location.
    """
    found = []
    for row in chargers:
        clock = row.lasting.clock
        for plug in clock.plugs:
            if number not in (None, plug.connector):
                continue
            kept = by_plug.get((row.charge_point, plug.connector), ())
            found.append(
                Port(
                    location=row.location,
                    charge_box_id=row.charge_point,
                    connector=plug.connector,
                    observed_since=plug.observed_since,
                    known_until=now,
                    outages=[
                        *(outage_of(span) for span in kept if span.by == DOWN),
                        *open_outages(row.lasting, plug.connector, now),
                    ],
                    claims=[
                        (span.since, span.until)
                        for span in kept
                        if span.by == CLAIM and span.since and span.until
                    ],
                    exclusions=[
                        Excluded(each.since, each.until, ExclusionKind(each.kind))
                        for each in recorded
                        if each.covers(row.location, row.charge_point, plug.connector)
                    ],
                    rated_w=clock.power(plug.connector),
                    time_zone=zones.get(row.location, "UTC"),
                    hours=hours.get(row.location, OpeningHours()),
                )
            )
    return sorted(found, key=lambda port: (port.charge_box_id, port.connector))
