"""Zones, the limits of their chargers and their power, as they are shown."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from eosvolt.domain.charge_points.events import ChargePointDisconnected, TransactionClosed
from eosvolt.domain.kernel import Event, Fact, Provenance
from eosvolt.domain.sessions.events import EnergyMetered, SessionReading
from eosvolt.domain.smart_charging.events import (
    LimitAsked,
    LimitConfirmed,
    LimitExceeded,
    LimitExpired,
    LimitKept,
    LimitNotSent,
    LimitRefused,
    LimitsDoubted,
    LimitSent,
    LimitUnanswered,
    SmartChargingChanged,
    WithdrawalAsked,
    WithdrawalConfirmed,
    WithdrawalFailed,
    ZoneJoined,
    ZoneLeft,
)
from eosvolt.domain.zones.events import (
    SubZoneAttached,
    SubZoneDetached,
    ZoneChanged,
    ZoneChargerAdded,
    ZoneChargerChanged,
    ZoneChargerRemoved,
    ZoneCreated,
    ZoneDecided,
    ZoneDisabled,
    ZoneEnabled,
    ZoneMetered,
    ZoneRemoved,
)
from eosvolt.domain.zones.values import (
    ChargingPriority,
    MeterReading,
    PlugWiring,
    ZoneCharger,
    ZoneRoom,
    ZoneSettings,
)
from eosvolt.projections.charger_limits import LimitsRow
from eosvolt.projections.charger_limits import apply as limits_after
from eosvolt.projections.fold import Fold
from eosvolt.projections.zone_power import MINUTE, NOW, QUARTER, ZonePowerRow, zone_power
from eosvolt.projections.zones import ZoneRow, tree_of
from eosvolt.projections.zones import apply as zone_after

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ZONE, BOX, WHY = "z1", "242/CP-1", Provenance(242, "system:load-balancing")
SETTINGS = ZoneSettings(name="Garage", capacity_w=100_000, time_zone="Europe/Berlin")
WIRING = (PlugWiring(plug=1), PlugWiring(plug=2, phases=1, max_ma=16_000))


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def facts(stream: str, events: Iterable[Event], since: float = 0, step: float = 1) -> list[Fact]:
    return [
        Fact(number, stream, number, event, at(since + number * step), WHY)
        for number, event in enumerate(events, 1)
    ]


def zone_of(*events: Event) -> ZoneRow:
    row: ZoneRow | None = None
    created = ZoneCreated(zone=ZONE, company=242, settings=SETTINGS, at=NOON)
    for fact in facts(f"zone:{ZONE}", [created, *events]):
        row = zone_after(row, fact, ZONE)
    assert row is not None
    return row


def limits_of(*events: Event) -> LimitsRow:
    row: LimitsRow | None = None
    for fact in facts(f"smart-charging:{BOX}", [joined(), *events]):
        row = limits_after(row, fact, BOX)
    assert row is not None
    return row


def joined(*, following: bool = True, fallback_ma: int = 6_000) -> ZoneJoined:
    return ZoneJoined(
        company=242,
        charge_point=BOX,
        zone=ZONE,
        plugs=WIRING,
        fallback_ma=fallback_ma,
        at=NOON,
        following=following,
    )


def asked(command: str, limit_ma: int, plug: int = 1, session: str = "s1") -> LimitAsked:
    return LimitAsked(
        company=242,
        charge_point=BOX,
        zone=ZONE,
        plug=plug,
        limit_ma=limit_ma,
        command=command,
        sequence=1,
        at=NOON,
        session=session if plug else "",
    )


def sent(command: str, plug: int = 1) -> LimitSent:
    return LimitSent(company=242, charge_point=BOX, plug=plug, command=command, at=NOON)


def confirmed(command: str, limit_ma: int, plug: int = 1) -> LimitConfirmed:
    return LimitConfirmed(
        company=242, charge_point=BOX, plug=plug, limit_ma=limit_ma, command=command, at=NOON
    )


def refused(command: str, limit_ma: int) -> LimitRefused:
    return LimitRefused(
        company=242,
        charge_point=BOX,
        plug=1,
        limit_ma=limit_ma,
        command=command,
        at=NOON,
        status="Rejected",
        refusals=2,
    )


def unanswered(command: str, limit_ma: int) -> LimitUnanswered:
    return LimitUnanswered(company=242, charge_point=BOX, plug=1, limit_ma=limit_ma, command=command, at=NOON)


def not_sent(command: str, limit_ma: int) -> LimitNotSent:
    return LimitNotSent(company=242, charge_point=BOX, plug=1, limit_ma=limit_ma, command=command, at=NOON)


def lapsed(session: str = "s1") -> LimitExpired:
    return LimitExpired(company=242, charge_point=BOX, plug=1, session=session, at=NOON)


FALLBACK = (asked("f", 6_000, plug=0), sent("f", plug=0), confirmed("f", 6_000, plug=0))


def drawn(*events: Event) -> tuple[int, int]:
    """What the two plugs may draw after the events."""
    row = limits_of(*events)
    return row.may_draw_ma(WIRING[0]), row.may_draw_ma(WIRING[1])


def test_a_zone_is_as_it_was_last_described() -> None:
    other = ZoneSettings(name="Yard", capacity_w=50_000, time_zone="Europe/Berlin")
    row = zone_of(ZoneChanged(zone=ZONE, settings=other, at=at(1)), ZoneEnabled(zone=ZONE, at=at(2)))
    assert (row.name, row.settings.capacity_w, row.version) == ("Yard", 50_000, 2)
    assert (row.enabled, row.since) == (True, at(2))


def test_chargers_keep_their_order_whatever_is_said_of_them() -> None:
    first, second = ZoneCharger(charge_point=BOX), ZoneCharger(charge_point="242/CP-2")
    preferred = ZoneCharger(charge_point=BOX, priority=ChargingPriority.FIRST)
    row = zone_of(
        ZoneChargerAdded(zone=ZONE, charger=first, at=NOON),
        ZoneChargerAdded(zone=ZONE, charger=second, at=NOON),
        ZoneChargerChanged(zone=ZONE, charger=preferred, at=NOON),
    )
    assert row.chargers == (preferred, second)
    gone = zone_after(
        row,
        Fact(9, f"zone:{ZONE}", 9, ZoneChargerRemoved(zone=ZONE, charge_point=BOX, at=NOON), NOON, WHY),
        ZONE,
    )
    assert gone is not None
    assert gone.charge_points == ("242/CP-2",)


def test_a_removed_zone_is_off_and_its_last_reading_stays() -> None:
    reading = MeterReading(at=NOON, power_w=20_000)
    row = zone_of(
        ZoneEnabled(zone=ZONE, at=NOON),
        ZoneMetered(zone=ZONE, reading=reading, received_at=at(1)),
        ZoneDisabled(zone=ZONE, at=at(2)),
        ZoneRemoved(zone=ZONE, at=at(3)),
    )
    assert (row.enabled, row.removed, row.reading, row.read_at) == (False, True, reading, at(1))


def test_a_tree_has_one_root_and_knows_what_is_below_each_zone() -> None:
    def zone(key: str, parent: str, *parts: str) -> ZoneRow:
        settings = ZoneSettings(name=key, capacity_w=1, time_zone="UTC", parent=parent)
        return ZoneRow(zone=key, company=242, name=key, settings=settings, created_at=NOON, parts=parts)

    every = [zone("site", "", "east", "west"), zone("east", "site", "row"), zone("row", "east")]
    assert tree_of(every, "east")[:2] == ("site", frozenset({"east", "row"}))
    assert tree_of(every, "row")[:2] == ("site", frozenset({"row"}))
    assert tree_of(every, "site").parts == {"site", "east", "row"}
    assert zone_of(
        SubZoneAttached(zone=ZONE, child="b", at=NOON),
        SubZoneAttached(zone=ZONE, child="a", at=NOON),
        SubZoneDetached(zone=ZONE, child="b", at=NOON),
    ).parts == ("a",)


def test_a_charger_that_confirmed_nothing_may_draw_what_its_plugs_deliver() -> None:
    assert drawn() == (32_000, 16_000)
    assert drawn(FALLBACK[0]) == (32_000, 16_000)


def test_without_a_session_the_fallback_holds() -> None:
    assert drawn(*FALLBACK) == (6_000, 6_000)


def test_what_is_under_way_counts_with_the_higher_limit() -> None:
    assert drawn(*FALLBACK, asked("a", 20_000))[0] == 20_000
    raised = (*FALLBACK, asked("a", 20_000), sent("a"), confirmed("a", 20_000))
    assert drawn(*raised)[0] == 20_000
    assert drawn(*raised, asked("b", 10_000), sent("b"))[0] == 20_000
    assert drawn(*raised, asked("b", 10_000), sent("b"), confirmed("b", 10_000))[0] == 10_000


def test_a_refused_limit_leaves_what_was_in_force() -> None:
    raised = (*FALLBACK, asked("a", 10_000), confirmed("a", 10_000))
    row = limits_of(*raised, asked("b", 20_000), refused("b", 20_000))
    assert row.may_draw_ma(WIRING[0]) == 10_000
    limit = row.limit(1)
    assert limit is not None
    assert (limit.state, limit.status, row.refusals) == ("refused", "Rejected", 2)


def test_an_unanswered_limit_may_be_in_force_until_another_one_is_confirmed() -> None:
    raised = (*FALLBACK, asked("a", 10_000), confirmed("a", 10_000), asked("b", 20_000), sent("b"))
    assert drawn(*raised, unanswered("b", 20_000))[0] == 20_000
    assert drawn(*raised, unanswered("b", 20_000), asked("c", 8_000), confirmed("c", 8_000))[0] == 8_000


def test_a_limit_that_never_left_is_not_in_force() -> None:
    raised = (*FALLBACK, asked("a", 10_000), confirmed("a", 10_000), asked("b", 20_000))
    assert drawn(*raised, not_sent("b", 20_000))[0] == 10_000


def test_an_answer_that_comes_late_does_not_undo_what_was_asked_since() -> None:
    events = (*FALLBACK, asked("a", 20_000), asked("b", 30_000), confirmed("a", 20_000))
    row = limits_of(*events)
    assert row.may_draw_ma(WIRING[0]) == 30_000
    limit = row.limit(1)
    assert limit is not None
    assert (limit.asked_ma, limit.state, limit.in_force_ma) == (30_000, "asked", 20_000)


def test_a_limit_ends_with_its_session() -> None:
    raised = (*FALLBACK, asked("a", 20_000), confirmed("a", 20_000))
    assert drawn(*raised, lapsed())[0] == 6_000
    assert drawn(*raised, lapsed("other"))[0] == 20_000
    assert drawn(*raised, asked("b", 8_000, session="s2"), confirmed("b", 8_000))[0] == 8_000


def test_a_charger_that_booted_is_doubted_until_it_confirms_the_fallback_again() -> None:
    doubted = LimitsDoubted(company=242, charge_point=BOX, at=at(9))
    events = (*FALLBACK, asked("a", 10_000), confirmed("a", 10_000), doubted)
    assert drawn(*events) == (10_000, 6_000)
    assert limits_of(*events).doubted_at == at(9)
    assert limits_of(*events, asked("g", 6_000, plug=0), confirmed("g", 6_000, plug=0)).doubted_at is None


def test_a_limit_below_the_fallback_counts_with_the_fallback_that_may_hold_any_moment() -> None:
    assert drawn(*FALLBACK, asked("a", 0), confirmed("a", 0))[0] == 6_000


def test_what_exceeds_its_limit_is_named_until_it_keeps_it() -> None:
    exceeded = LimitExceeded(
        company=242, charge_point=BOX, plug=1, limit_ma=10_000, measured_ma=16_000, at=NOON
    )
    events = (*FALLBACK, asked("a", 10_000), confirmed("a", 10_000), exceeded)
    limit = limits_of(*events).limit(1)
    assert limit is not None
    assert limit.drawn_ma == 16_000
    kept = limits_of(*events, LimitKept(company=242, charge_point=BOX, plug=1, at=NOON)).limit(1)
    assert kept is not None
    assert kept.drawn_ma is None


@pytest.mark.parametrize("outcome", ["refused", "unanswered", "notSent"])
def test_a_charger_that_could_not_be_told_is_named_with_the_zone_that_it_left(outcome: str) -> None:
    left = ZoneLeft(company=242, charge_point=BOX, zone=ZONE, at=NOON)
    off = SmartChargingChanged(
        company=242, charge_point=BOX, zone=ZONE, plugs=WIRING, fallback_ma=6_000, at=NOON
    )
    ask = WithdrawalAsked(company=242, charge_point=BOX, zone=ZONE, command="w", at=at(1))
    failed = WithdrawalFailed(company=242, charge_point=BOX, command="w", at=at(2), outcome=outcome)
    done = WithdrawalConfirmed(company=242, charge_point=BOX, command="w", at=at(3))
    row = limits_of(*FALLBACK, off, ask, failed, left)
    assert (row.zone, row.following, row.withdrawn_zone) == ("", False, ZONE)
    assert [(each.plug, each.state) for each in row.withdrawals] == [(0, outcome)]
    # The fallback may be gone or not.
    assert limits_of(*FALLBACK, off, ask).may_draw_ma(WIRING[0]) == 32_000
    told = limits_of(*FALLBACK, off, ask, done)
    assert (told.withdrawals, told.limits) == ((), ())


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
