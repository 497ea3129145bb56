"""Plugs: the life of a visit in simulated time."""

from datetime import UTC, datetime, timedelta

import pytest

from eosvolt.adapters.simulator.car import MODELS, Car
from eosvolt.adapters.simulator.drivers import Visit, Wallet
from eosvolt.adapters.simulator.events import (
    Metered,
    PlugEvent,
    Started,
    Status,
    StatusChanged,
    Stopped,
    TokenShown,
)
from eosvolt.adapters.simulator.fault_injection import FaultRates
from eosvolt.adapters.simulator.parking_bay_session import BookedTime
from eosvolt.adapters.simulator.plans import ChargerPlan, PlugPlan, ordinary
from eosvolt.adapters.simulator.plug import Plug
from eosvolt.adapters.simulator.rng import stream

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
CALM = FaultRates(defect_h=1e6, link_h=1e6, power_h=1e6)
AC = ordinary(242, "CP-1")
DC = ChargerPlan(242, "CP-2", (PlugPlan(1, "iec62196T2COMBO", 150_000),))


def a_plug(plan: ChargerPlan = AC, fault_rates: FaultRates = CALM, **kind: object) -> Plug:
    """A plug whose next driver comes at noon, is patient and back soon after the car is full."""
    plug = Plug(plan, plan.plugs[0], stream(1, "plug"), Wallet(["CARD-1"]), NOON, fault_rates=fault_rates)
    details: dict[str, object] = {
        "arrives": NOON,
        "token": "CARD-1",
        "car": Car(MODELS[1], 50),
        "shows_card_after": timedelta(seconds=10),
        "target_percent": 100,
        "patience": timedelta(hours=12),
        "lateness": timedelta(minutes=7),
    }
    plug._awaited = Visit(**{**details, **kind})  # type: ignore[arg-type]  # named arguments by name
    plug.expect(NOON)
    return plug


def statuses(events: list[PlugEvent]) -> list[str]:
    return [one.status.value for one in events if isinstance(one, StatusChanged)]


def play(plug: Plug, hours: float, *, accepted: bool = True) -> list[PlugEvent]:
    """Play a plug for some hours from noon, answering cards, without the visits that follow the first."""
    events: list[PlugEvent] = []
    until = NOON + timedelta(hours=hours)
    while plug.due() <= until and not (plug.deliveries and plug.deliveries[0].freed_at):
        for one in plug.advance(plug.due()):
            events.append(one)
            if isinstance(one, TokenShown):
                events += plug.answered(one.at, one.token, accepted=accepted)
    return events


def test_a_visit_goes_from_preparing_to_available() -> None:
    events = play(a_plug(), 24)
    assert statuses(events) == ["Preparing", "Charging", "SuspendedEV", "Finishing", "Available"]
    assert [type(one) for one in events if isinstance(one, Started | Stopped)] == [Started, Stopped]


def test_the_last_reading_is_what_was_delivered() -> None:
    plug = a_plug()
    events = play(plug, 24)
    delivery = plug.deliveries[0]
    readings = [one.register_wh for one in events if isinstance(one, Metered)]
    assert readings == sorted(readings)
    assert readings[0] >= delivery.meter_start_wh
    assert readings[-1] == delivery.meter_stop_wh
    assert delivery.energy_wh == pytest.approx(MODELS[1].battery_wh / 2, abs=5)


@pytest.mark.parametrize("seconds", [1, 17, 60, 600, 86_400])
def test_energy_does_not_depend_on_how_often_the_meter_is_read(seconds: int) -> None:
    plug = a_plug(throttled_after=timedelta(minutes=20))
    plug.sample_every = timedelta(seconds=seconds)
    play(plug, 24)
    reference = a_plug(throttled_after=timedelta(minutes=20))
    play(reference, 24)
    assert plug.deliveries[0].energy_wh == reference.deliveries[0].energy_wh
    assert plug.deliveries[0].ended_at == reference.deliveries[0].ended_at


def test_a_throttled_plug_delivers_nothing_until_it_is_released() -> None:
    plug = a_plug(throttled_after=timedelta(minutes=20))
    events = play(plug, 24)
    assert statuses(events)[1:4] == ["Charging", "SuspendedEVSE", "Charging"]
    changes = [one for one in events if isinstance(one, StatusChanged)]
    pause, release = changes[2].at, changes[3].at
    inside = [one for one in events if isinstance(one, Metered) and pause < one.at <= release]
    assert inside
    assert {one.power_w for one in inside[:-1]} <= {0}
    assert len({one.register_wh for one in inside[:-1]}) <= 1


def test_a_driver_whose_card_is_refused_leaves_without_a_session() -> None:
    plug = a_plug()
    events = play(plug, 0.2, accepted=False)
    assert statuses(events) == ["Preparing", "Available"]
    assert plug.deliveries == []


def test_waiting_for_an_answer_has_a_limit() -> None:
    plug = a_plug()
    events = plug.advance(NOON + timedelta(minutes=5))
    assert statuses(events) == ["Preparing", "Available"]
    assert plug.answered(NOON + timedelta(minutes=6), "CARD-1", accepted=True) == []


def test_a_driver_who_pulls_the_plug_leaves_no_finishing_state() -> None:
    events = play(a_plug(pulls_plug=True, target_percent=60), 24)
    assert statuses(events) == ["Preparing", "Charging", "Available"]
    assert [one.reason for one in events if isinstance(one, Stopped)] == ["EVDisconnected"]


def test_a_late_driver_blocks_the_plug_after_a_direct_current_charge() -> None:
    plug = a_plug(DC, lateness=timedelta(minutes=50))
    events = play(plug, 24)
    delivery = plug.deliveries[0]
    assert statuses(events) == ["Preparing", "Charging", "Finishing", "Available"]
    assert delivery.freed_at is not None
    assert delivery.ended_at is not None
    assert delivery.freed_at - delivery.ended_at >= timedelta(minutes=50)


def test_a_remote_stop_ends_charging_and_the_driver_comes_later() -> None:
    plug = a_plug()
    play(plug, 0.5)
    events = plug.stop(NOON + timedelta(minutes=31), "Remote")
    assert statuses(events) == ["Finishing"]
    assert plug.stop(NOON + timedelta(minutes=32), "Remote") == []
    assert statuses(plug.advance(NOON + timedelta(hours=1))) == ["Available"]


def test_an_invited_car_charges_without_a_card() -> None:
    plug = Plug(AC, AC.plugs[0], stream(1, "x"), Wallet([]), NOON, fault_rates=CALM)
    assert plug.invite(NOON, "APP-7")
    events = plug.advance(NOON + timedelta(minutes=2))
    assert not [one for one in events if isinstance(one, TokenShown)]
    assert [one.delivery.token for one in events if isinstance(one, Started)] == ["APP-7"]
    assert not plug.invite(NOON + timedelta(minutes=3), "APP-8")


def test_a_defect_ends_the_session_and_heals() -> None:
    plug = a_plug(fault_rates=FaultRates(defect_h=0.5))
    events = plug.advance(NOON + timedelta(hours=40))
    seen = statuses(events)
    fault = seen.index("Faulted")
    assert seen[fault + 1] == "Available"
    faults = [one for one in events if isinstance(one, StatusChanged) and one.status is Status.FAULTED]
    assert all(one.code and one.vendor_code and one.text for one in faults)


def test_a_plug_out_of_service_takes_no_driver_and_comes_back() -> None:
    plug = a_plug()
    assert statuses(plug.permit(NOON, operative=False)) == ["Unavailable"]
    assert statuses(plug.advance(NOON + timedelta(hours=10))) == []
    assert statuses(plug.permit(NOON + timedelta(hours=10), operative=True)) == ["Available"]


def test_a_plug_taken_out_of_service_in_a_session_finishes_it_first() -> None:
    plug = a_plug(target_percent=60)
    play(plug, 0.2)
    assert plug.permit(NOON + timedelta(minutes=20), operative=False) == []
    assert statuses(play(plug, 24))[-1] == "Unavailable"


def test_a_power_cut_ends_the_session_where_it_was() -> None:
    plug = a_plug()
    play(plug, 0.5)
    ended = plug.lose_power(NOON + timedelta(minutes=40), NOON + timedelta(minutes=55))
    assert [one.reason for one in ended if isinstance(one, Stopped)] == ["PowerLoss"]
    assert plug.status is Status.AVAILABLE
    assert plug.due() >= NOON + timedelta(minutes=55)


def booked_plug(comes_at: datetime | None, *, arrives: datetime = NOON) -> Plug:
    """A plug with a driver on demand from noon who stays for long, booked from 14:00 to 16:00."""
    plug = a_plug(arrives=arrives, car=Car(MODELS[1], 5), lateness=timedelta(hours=8))
    since = NOON + timedelta(hours=2)
    plug.book(NOON, [BookedTime(since, since + timedelta(hours=2), "CARD-B", comes_at)])
    return plug


def started(events: list[PlugEvent]) -> list[tuple[str, datetime]]:
    return [(one.delivery.token, one.at) for one in events if isinstance(one, Started)]


def all_of(plug: Plug, hours: float) -> list[PlugEvent]:
    """Play a plug for some hours from noon, with every visit, accepting all cards."""
    events: list[PlugEvent] = []
    until = NOON + timedelta(hours=hours)
    while plug.due() <= until:
        for one in plug.advance(plug.due()):
            events.append(one)
            if isinstance(one, TokenShown):
                events += plug.answered(one.at, one.token, accepted=True)
    return events


# Whoever arrives in an eighth of all seconds heeds no booking.
HEEDFUL, HEEDLESS_AT = NOON + timedelta(seconds=1), NOON


def test_a_driver_leaves_before_the_plug_is_another_s_who_then_comes() -> None:
    comes = NOON + timedelta(hours=2, minutes=3)
    plug = booked_plug(comes, arrives=HEEDFUL)
    events = all_of(plug, 4.5)
    (first, _), (second, at), *_ = started(events)
    assert (first, second) == ("CARD-1", "CARD-B")
    left = next(one.at for one in events if isinstance(one, Stopped))
    assert left < NOON + timedelta(hours=2) < at < comes + timedelta(minutes=2)
    (booked,) = [one for one in plug.deliveries if one.token == "CARD-B"]
    assert booked.ended_at is not None
    assert booked.ended_at < NOON + timedelta(hours=4, minutes=16)


def test_who_has_booked_waits_while_another_stays_and_leaves_when_it_takes_too_long() -> None:
    comes = NOON + timedelta(hours=2, minutes=3)
    plug = booked_plug(comes, arrives=HEEDLESS_AT)
    assert "CARD-B" not in [token for token, _ in started(all_of(plug, 6))]
    plug = booked_plug(comes, arrives=HEEDLESS_AT)
    events = all_of(plug, 2.1)
    plug.release(NOON + timedelta(hours=2, minutes=6))
    events += all_of(plug, 3)
    assert "CARD-B" in [token for token, _ in started(events)]


def test_nobody_comes_to_a_booking_that_is_missed_or_gone_meanwhile() -> None:
    plug = booked_plug(None, arrives=HEEDFUL)
    assert "CARD-B" not in [token for token, _ in started(all_of(plug, 6))]
    plug = booked_plug(NOON + timedelta(hours=2), arrives=HEEDFUL)
    all_of(plug, 1)
    plug.book(NOON + timedelta(hours=1), [])
    assert "CARD-B" not in [token for token, _ in started(all_of(plug, 6))]


def test_who_came_does_not_come_twice_however_often_the_booking_is_told() -> None:
    comes = NOON + timedelta(hours=2, minutes=3)
    plug = booked_plug(comes, arrives=HEEDFUL)
    events: list[PlugEvent] = []
    since = NOON + timedelta(hours=2)
    for minutes in range(0, 240, 5):
        at = NOON + timedelta(minutes=minutes)
        plug.book(at, [BookedTime(since, since + timedelta(hours=2), "CARD-B", comes)])
        events += all_of(plug, minutes / 60)
    assert [token for token, _ in started(events)].count("CARD-B") == 1
