"""The power of zones and their chargers, as it is kept by the minute and by the quarter of an hour."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from eosvolt.domain.charge_points.events import ChargePointDisconnected, TransactionClosed
from eosvolt.domain.kernel import Fact
from eosvolt.domain.sessions.events import EnergyMetered, SessionReading
from eosvolt.domain.smart_charging.events import ZoneLeft
from eosvolt.domain.zones.events import ZoneDecided, ZoneDisabled
from eosvolt.domain.zones.values import ZoneRoom
from eosvolt.projections.fold import Fold
from eosvolt.projections.zone_power import MINUTE, NOW, QUARTER, ZonePowerRow, zone_power
from tests.unit.projections.zone_events import BOX, FALLBACK, NOON, ZONE, at, facts, joined


def folded(history: Iterable[Fact]) -> dict[str, ZonePowerRow]:
    fold: Fold[ZonePowerRow] = Fold(zone_power, lambda _row, _key: None)
    for fact in history:
        keys = fold.keys(fact)
        for key in keys:
            fold.rows.setdefault(key, None)
        fold.apply(fact, keys)
    assert fold.dead == {}
    return {key: row for key, row in fold.rows.items() if row is not None}


def metered(power_w: int, plug: int = 1) -> EnergyMetered:
    reading = SessionReading(at=NOON, energy_wh=1, power_w=power_w)
    return EnergyMetered(plug=f"{BOX}/{plug}", received_at=NOON, readings=(reading,))


def points(history: Iterable[Fact], by: str = MINUTE) -> list[tuple[datetime | None, int | None, int | None]]:
    rows = sorted(
        (row for row in folded(history).values() if row.by == by and row.charger), key=lambda row: row.id
    )
    return [(row.since, row.power_w, row.may_draw_w) for row in rows]


def test_a_minute_keeps_the_last_that_was_known_in_it() -> None:
    history = [
        *facts(f"smart-charging:{BOX}", [joined(), *FALLBACK]),
        *facts("session:s1", [metered(4_000), metered(5_000)], since=10),
        *facts("session:s1", [metered(3_000)], since=70),
    ]
    # 6 A on three phases and 6 A on one, at 230 V.
    assert points(history) == [(NOON, 5_000, 5_520), (at(60), 3_000, 5_520)]
    assert points(history, QUARTER) == [(NOON, 3_000, 5_520)]


def test_what_a_charger_outside_of_zones_draws_is_not_kept() -> None:
    assert folded(facts("session:s1", [metered(4_000)])) == {}


def test_a_plug_draws_nothing_after_its_session_and_something_unknown_while_away() -> None:
    closed = TransactionClosed(session="s1", connector=1, at=NOON)
    away = ChargePointDisconnected(at=NOON, reason="", silent_at=NOON, connectors=(1, 2))
    begin = facts(f"smart-charging:{BOX}", [joined(), *FALLBACK])
    two = facts("session:s1", [metered(4_000), metered(1_000, plug=2)], since=10)
    assert points([*begin, *two]) == [(NOON, 5_000, 5_520)]
    assert points([*begin, *two, *facts(f"charge-point:{BOX}", [closed], since=20)]) == [(NOON, 1_000, 5_520)]
    assert points([*begin, *two, *facts(f"charge-point:{BOX}", [away], since=20)]) == [(NOON, None, 5_520)]


def test_a_charger_that_leaves_its_zone_ends_with_nothing() -> None:
    left = ZoneLeft(company=242, charge_point=BOX, zone=ZONE, at=NOON)
    history = [
        *facts(f"smart-charging:{BOX}", [joined(), *FALLBACK]),
        *facts("session:s1", [metered(4_000)], since=10),
        *facts(f"smart-charging:{BOX}", [left], since=20),
        *facts("session:s1", [metered(5_000)], since=30),
    ]
    assert points(history) == [(NOON, None, None)]
    assert all(row.by != NOW for row in folded(history).values())


def test_a_minute_of_the_day_before_gives_way_to_that_of_today() -> None:
    begin = facts(f"smart-charging:{BOX}", [joined(), *FALLBACK])
    day = 24 * 3600
    history = [
        *begin,
        *facts("session:s1", [metered(4_000)]),
        *facts("session:s1", [metered(5_000)], since=day),
    ]
    assert points(history) == [(NOON + timedelta(days=1), 5_000, 5_520)]
    assert len(points(history, QUARTER)) == 2


def test_a_zone_may_use_what_its_last_decision_says_and_nothing_is_said_while_it_is_off() -> None:
    room = ZoneRoom(
        zone=ZONE,
        capacity_ma=(100_000,) * 3,
        rest_ma=(10_000,) * 3,
        usable_ma=(90_000, 90_000, 80_000),
        assumed_ma=(0, 0, 0),
    )
    decided = ZoneDecided(zone=ZONE, at=NOON, number=1, rooms=(room,))
    rows = folded(facts(f"zone:{ZONE}", [decided]))
    assert {(row.by, row.usable_w, row.rest_w) for row in rows.values()} == {
        (MINUTE, 59_800, 6_900),
        (QUARTER, 59_800, 6_900),
    }
    off = folded(facts(f"zone:{ZONE}", [decided, ZoneDisabled(zone=ZONE, at=NOON)]))
    assert {row.usable_w for row in off.values()} == {None}
