"""Zones, the limits of their chargers and their power, as they are shown."""

import pytest

from eosvolt.domain.kernel import Event, Fact
from eosvolt.domain.smart_charging.events import (
    LimitExceeded,
    LimitExpired,
    LimitKept,
    LimitNotSent,
    LimitRefused,
    LimitsDoubted,
    LimitUnanswered,
    SmartChargingChanged,
    WithdrawalAsked,
    WithdrawalConfirmed,
    WithdrawalFailed,
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
    ZoneDisabled,
    ZoneEnabled,
    ZoneMetered,
    ZoneRemoved,
)
from eosvolt.domain.zones.values import (
    ChargingPriority,
    MeterReading,
    ZoneCharger,
    ZoneSettings,
)
from eosvolt.projections.charger_limits import LimitsRow
from eosvolt.projections.charger_limits import apply as limits_after
from eosvolt.projections.zones import ZoneRow, tree_of
from eosvolt.projections.zones import apply as zone_after
from tests.unit.projections.zone_events import (
    BOX,
    FALLBACK,
    NOON,
    SETTINGS,
    WHY,
    WIRING,
    ZONE,
    asked,
    at,
    confirmed,
    facts,
    joined,
    sent,
)


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
