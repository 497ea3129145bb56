"""A zone: what can be said of it, and when it is on."""

from datetime import time
from typing import Any

import pytest
from msgspec.structs import replace

from eosvolt.domain.kernel import Rejected
from eosvolt.domain.zones.commands import (
    AttachSubZone,
    ChangeZone,
    CreateZone,
    DecideZone,
    DetachSubZone,
    DisableZone,
    EnableZone,
    MeterZone,
    PutZoneCharger,
    RemoveZone,
    RemoveZoneCharger,
)
from eosvolt.domain.zones.decider import zones
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
    CapacityWindow,
    ChargingPriority,
    MeterReading,
    PlugWiring,
    ZoneCharger,
    ZoneRoom,
    ZoneSettings,
)
from tests.examples import COMPANY, MORNING, after
from tests.rule import Rule

SETTINGS = ZoneSettings(name="Garage", capacity_w=22_000, time_zone="Europe/Berlin")
CREATED = ZoneCreated(zone="z1", company=COMPANY, settings=SETTINGS, at=MORNING)
ENABLED = ZoneEnabled(zone="z1", at=after(1))
CHARGER = ZoneCharger(charge_point="242/CP-1", plugs=(PlugWiring(plug=1),))
ADDED = ZoneChargerAdded(zone="z1", charger=CHARGER, at=after(1))
ROOM = ZoneRoom(
    zone="z1",
    capacity_ma=(32_000, 32_000, 32_000),
    rest_ma=(0, 0, 0),
    usable_ma=(32_000, 32_000, 32_000),
    assumed_ma=(0, 0, 0),
)


def test_a_zone_is_created_once() -> None:
    create = CreateZone(zone="z1", company=COMPANY, settings=SETTINGS, at=MORNING)
    Rule(zones).when(create).then(CREATED)
    Rule(zones).given(CREATED).when(replace(create, settings=replace(SETTINGS, name="Other"))).then()


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ({"name": " "}, "needs a name"),
        ({"name": "x" * 101}, "at most 100 characters"),
        ({"time_zone": "Mars/Phobos"}, "not an IANA time zone"),
        ({"capacity_w": 0}, "more than 0"),
        ({"capacity_ma": (-1, 0, 0)}, "capacity of a line"),
        ({"buffer_percent": 100}, "less than 100 percent"),
        ({"unmanaged_w": -1}, "A power is at least 0"),
        ({"fallback_ma": 5_900}, "0 or at least 6 A"),
        ({"fallback_ma": 6_050}, "steps of 0.1 A"),
        ({"first_tokens": ("t",) * 1_001}, "At most 1000 tokens"),
    ],
)
def test_settings_make_sense(terms: dict[str, Any], sentence: str) -> None:
    create = CreateZone(zone="z1", company=COMPANY, settings=replace(SETTINGS, **terms), at=MORNING)
    with pytest.raises(Rejected, match=sentence):
        Rule(zones).when(create)


def test_windows_of_a_schedule_do_not_overlap_also_over_midnight() -> None:
    night = CapacityWindow(since=time(22), until=time(6), capacity_w=10_000)
    day = CapacityWindow(since=time(6), until=time(22), capacity_w=20_000)
    settings = replace(SETTINGS, schedule=(night, day))
    Rule(zones).given(CREATED).when(ChangeZone(settings=settings, at=after(1))).then(
        ZoneChanged(zone="z1", settings=settings, at=after(1))
    )
    overlapping = replace(SETTINGS, schedule=(night, replace(day, until=time(22, 1))))
    with pytest.raises(Rejected, match="overlap"):
        Rule(zones).given(CREATED).when(ChangeZone(settings=overlapping, at=after(1)))


def test_a_charger_is_added_wired_otherwise_and_taken_out() -> None:
    first = replace(CHARGER, priority=ChargingPriority.FIRST)
    Rule(zones).given(CREATED).when(PutZoneCharger(charger=CHARGER, at=after(1))).then(ADDED)
    Rule(zones).given(CREATED, ADDED).when(PutZoneCharger(charger=first, at=after(2))).then(
        ZoneChargerChanged(zone="z1", charger=first, at=after(2))
    )
    Rule(zones).given(CREATED, ADDED).when(
        RemoveZoneCharger(charge_point=CHARGER.charge_point, at=after(2))
    ).then(ZoneChargerRemoved(zone="z1", charge_point=CHARGER.charge_point, at=after(2)))


@pytest.mark.parametrize(
    ("wiring", "sentence"),
    [
        (PlugWiring(plug=0), "numbered from 1"),
        (PlugWiring(plug=1, phases=4), "1, 2 or 3 phases"),
        (PlugWiring(plug=1, phases=3, rotation=(1, 2)), "different line"),
        (PlugWiring(plug=1, phases=2, rotation=(1, 1)), "different line"),
        (PlugWiring(plug=1, phases=1, rotation=(4,)), "different line"),
        (PlugWiring(plug=1, max_ma=5_000), "at least 6 A"),
    ],
)
def test_a_plug_is_connected_as_it_can_be(wiring: PlugWiring, sentence: str) -> None:
    put = PutZoneCharger(charger=replace(CHARGER, plugs=(wiring,)), at=after(1))
    with pytest.raises(Rejected, match=sentence):
        Rule(zones).given(CREATED).when(put)


def test_a_plug_is_described_once() -> None:
    twice = replace(CHARGER, plugs=(PlugWiring(plug=1), PlugWiring(plug=1)))
    with pytest.raises(Rejected, match="twice"):
        Rule(zones).given(CREATED).when(PutZoneCharger(charger=twice, at=after(1)))


def test_it_is_turned_on_where_the_fallback_fits_and_off() -> None:
    Rule(zones).given(CREATED).when(EnableZone(at=after(1), fits_ma=0)).then(ENABLED)
    Rule(zones).given(CREATED, ENABLED).when(DisableZone(at=after(2))).then(
        ZoneDisabled(zone="z1", at=after(2))
    )
    changed = ZoneChanged(zone="z1", settings=replace(SETTINGS, fallback_ma=10_000), at=MORNING)
    with pytest.raises(Rejected, match="at most 8 A fits"):
        Rule(zones).given(CREATED, changed).when(EnableZone(at=after(1), fits_ma=8_000))


def test_its_parts_change_only_while_it_is_off() -> None:
    attach = AttachSubZone(child="z2", at=after(2))
    attached = SubZoneAttached(zone="z1", child="z2", at=after(2))
    Rule(zones).given(CREATED).when(attach).then(attached)
    Rule(zones).given(CREATED, attached).when(DetachSubZone(child="z2", at=after(3))).then(
        SubZoneDetached(zone="z1", child="z2", at=after(3))
    )
    with pytest.raises(Rejected, match="Turn the zone off"):
        Rule(zones).given(CREATED, ENABLED).when(attach)
    with pytest.raises(Rejected, match="part of itself"):
        Rule(zones).given(CREATED).when(ChangeZone(settings=replace(SETTINGS, parent="z1"), at=after(1)))


def test_a_reading_counts_once_and_never_after_a_newer_one() -> None:
    reading = MeterReading(at=after(1), power_w=9_000)
    metered = ZoneMetered(zone="z1", reading=reading, received_at=after(1))
    Rule(zones).given(CREATED).when(MeterZone(reading=reading, received_at=after(1))).then(metered)
    older = MeterReading(at=MORNING, power_w=1)
    Rule(zones).given(CREATED, metered).when(MeterZone(reading=older, received_at=after(2))).then()
    with pytest.raises(Rejected, match="in the future"):
        Rule(zones).given(CREATED).when(MeterZone(reading=reading, received_at=after(-1)))


@pytest.mark.parametrize(
    ("seconds", "reading", "kept"),
    [
        (1, {"power_w": 9_200}, False),
        (1, {"power_w": 9_300}, True),
        (19, {"power_w": 9_000}, False),
        (20, {"power_w": 9_000}, True),
        (1, {"power_w": 9_000, "current_ma": (13_000, 13_000, 13_000)}, True),
    ],
)
def test_a_reading_that_says_nothing_new_is_kept_now_and_then(
    seconds: int, reading: dict[str, Any], kept: bool
) -> None:
    metered = ZoneMetered(zone="z1", reading=MeterReading(at=MORNING, power_w=9_000), received_at=MORNING)
    at = after(seconds / 60)
    given = Rule(zones).given(CREATED, metered)
    meter = MeterZone(reading=MeterReading(at=at, **reading), received_at=at)
    expected = [ZoneMetered(zone="z1", reading=meter.reading, received_at=at)] if kept else []
    given.when(meter).then(*expected)


def test_a_decision_by_an_older_state_is_not_kept() -> None:
    decide = DecideZone(at=after(2), after=0, rooms=(ROOM,))
    decided = ZoneDecided(zone="z1", at=after(2), number=1, rooms=(ROOM,))
    Rule(zones).given(CREATED, ENABLED).when(decide).then(decided)
    Rule(zones).given(CREATED, ENABLED, decided).when(decide).then()
    Rule(zones).given(CREATED).when(decide).then()


def test_it_is_removed_once_it_is_off_and_has_no_parts() -> None:
    remove = RemoveZone(at=after(5))
    removed = ZoneRemoved(zone="z1", at=after(5))
    Rule(zones).given(CREATED).when(remove).then(removed)
    Rule(zones).given(CREATED, removed).when(EnableZone(at=after(6), fits_ma=0)).then()
    with pytest.raises(Rejected, match="Turn the zone off"):
        Rule(zones).given(CREATED, ENABLED).when(remove)
    with pytest.raises(Rejected, match="Other zones are parts"):
        Rule(zones).given(CREATED, SubZoneAttached(zone="z1", child="z2", at=after(2))).when(remove)
