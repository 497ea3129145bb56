"""Events of a charger, folded into the sums of its plug time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from msgspec.structs import replace

from eosvolt.domain.charge_points.events import (
    ChargePointAdded,
    ConnectorSpec,
    TransactionClosed,
    TransactionOpened,
)
from eosvolt.domain.kernel import Event, Fact, Provenance
from eosvolt.domain.locations.events import LocationAdded
from eosvolt.domain.tokens.events import Authorization
from eosvolt.projections.fold import Fold
from eosvolt.projections.plug_time import CLOCK, PlugTimeRow, clock_key, plug_time
from eosvolt.projections.time_sums import NOTHING, TimeSum, plus, total
from eosvolt.projections.time_under_way import lasting, under_way
from tests.examples import COMPANY, DETAILS, FLAT_TARIFF
from tests.unit.projections.folded_events import BOX, NOON, at

Sums = Mapping[tuple[int, date], TimeSum]


def located(location: str = "L", zone: str = "Europe/Berlin") -> Event:
    tariff = replace(FLAT_TARIFF, time_zone=zone)
    return LocationAdded(location=location, company=COMPANY, at=NOON, details=DETAILS, tariff=tariff)


def added(location: str = "L", power_w: int = 22_000) -> Event:
    specs = (ConnectorSpec(1, max_power_w=power_w), ConnectorSpec(2, max_power_w=power_w))
    return ChargePointAdded(
        company=COMPANY, charge_box_id="CP-1", location=location, connectors=specs, at=at(-60)
    )


def opened(minutes: float, session: str = "1", connector: int = 1) -> Event:
    return TransactionOpened(
        session=session,
        transaction=1,
        connector=connector,
        token="T",
        at=at(minutes),
        meter_start_wh=0,
        authorization=Authorization.ACCEPTED,
    )


def closed(minutes: float, session: str = "1", connector: int = 1) -> Event:
    return TransactionClosed(session=session, connector=connector, at=at(minutes))


def rows_of(events: Iterable[Event], recorded_at: datetime | None = None) -> dict[str, PlugTimeRow]:
    """All rows after the events."""
    fold: Fold[Any] = Fold(plug_time, lambda _row, _key: None)
    for position, event in enumerate(events, 1):
        stream = f"location:{event.location}" if isinstance(event, LocationAdded) else f"charge-point:{BOX}"
        why = Provenance(COMPANY, "charger:CP-1")
        fact = Fact(position, stream, position, event, recorded_at or at(1_000_000), why)
        keys = fold.keys(fact)
        for key in keys:
            fold.rows.setdefault(key, None)
        fold.apply(fact, keys)
    assert fold.dead == {}
    return {key: row for key, row in fold.rows.items() if row is not None}


def sums(events: Iterable[Event], now: datetime, *, by: str = "day", zone: str = "Europe/Berlin") -> Sums:
    """The sums by plug and local day (or month), with what is under way ``now``."""
    rows = rows_of((located(zone=zone), *events))
    found: dict[tuple[int, date], TimeSum] = defaultdict(lambda: NOTHING)
    for row in rows.values():
        if row.by == by and row.day is not None:
            for plug in row.plugs:
                place = plug.connector, row.day
                found[place] = plus(found[place], plug.time)
    clock = rows[clock_key(BOX)].clock
    assert rows[clock_key(BOX)].by == CLOCK
    assert clock is not None
    for connector, day, time in [
        (plug.connector, day, time)
        for plug in clock.plugs
        for (_, day), time in under_way([("", lasting(clock), zone)], now, plug.connector).items()
    ]:
        place = connector, day if by == "day" else day.replace(day=1)
        found[place] = plus(found[place], time)
    return found


def whole(events: Iterable[Event], now: datetime, connector: int | None = 1) -> TimeSum:
    """All that was counted up to ``now``, of one plug or of all."""
    found = sums(events, now)
    return total(time for (number, _), time in found.items() if connector in (None, number))
