"""The main job: a car charges, waits, blocks the plug and leaves, and every cent is right by hand."""

from decimal import Decimal

from eosvolt.domain.money import Money
from eosvolt.domain.sessions.events import EnergyMetered
from tests.examples import TARIFF_BY_TIME_OF_DAY, TARIFF_PER_MINUTE, TARIFF_WITH_CAPPED_FEE, TOKEN, after
from tests.scenario import Scenario


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


async def test_a_session_across_a_window_with_idling_and_blocking_costs_what_it_costs_by_hand() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    await s.reports(0, "Preparing")
    number = (await s.starts(0, 1000)).transaction
    await s.reports(0, "Charging")
    await s.meters(30, 7000, transaction=number, power_w=12_000)
    # 12:00 in Berlin is minute 60: 4 of these 8 kWh fall before it.
    await s.meters(90, 15_000, transaction=number)
    await s.reports(100, "SuspendedEV")
    await s.passes(114)
    assert s.charger.requests == []
    await s.passes(115.1)
    assert s.charger.requests == [("remoteStop", {"transaction": number})]
    assert s.session(number).status == "blocking"
    await s.stops(115.5, number, 15_500, reason="Remote")
    await s.reports(115.5, "Finishing")
    await s.passes(161)
    await s.reports(161, "Available")
    row = s.session(number)
    assert (row.energy_wh, row.ended_at, row.freed_at) == (14_500, after(115), after(161))
    assert [(line.quantity, line.price, line.gross) for line in row.lines] == [
        (Decimal("10.000"), Decimal("1.20"), euros("12.00")),
        (Decimal("4.500"), Decimal("0.50"), euros("2.25")),
    ]
    assert (row.charging_gross, row.charging_net, row.charging_vat) == (1425, 1197, 228)
    assert [line.until for line in row.fees] == [after(130), after(145), after(160)]
    assert (row.blocking_gross, row.total_gross) == (300, 1725)
    assert (row.status, row.provisional, row.flags) == ("completed", False, ("idle",))


async def test_a_reading_that_tells_first_that_the_car_has_idled_is_kept() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0)).transaction
    await s.meters(0.5, 1100, transaction=number)
    await s.reports(1, "SuspendedEV")
    await s.meters(20, 1100, transaction=number)
    kept = [fact.event for fact in s.events(EnergyMetered)]
    assert [each.readings[0].at for each in kept if isinstance(each, EnergyMetered)] == [
        after(0.5),
        after(20),
    ]
    row = s.session(number)
    assert (row.ended_at, row.energy_wh, row.flags) == (after(16), 100, ("idle",))


async def test_returning_to_charging_resets_the_idle_count() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0)).transaction
    await s.reports(1, "SuspendedEV")
    await s.passes(15)
    await s.reports(15, "Charging")
    await s.reports(16, "SuspendedEV")
    await s.passes(30.9)
    assert s.session(number).status == "suspended"
    await s.passes(31.1)
    assert s.session(number).ended_at == after(31)


async def test_a_car_suspended_before_its_session_began_idles_from_the_beginning_of_the_session() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    await s.reports(-1, "SuspendedEV")
    number = (await s.starts(0)).transaction
    await s.passes(15.1)
    assert s.session(number).ended_at == after(15)


async def test_the_operators_own_throttling_is_neither_idling_nor_billed_as_time() -> None:
    s = await Scenario().opened(TARIFF_PER_MINUTE)
    number = (await s.starts(0)).transaction
    await s.reports(10, "SuspendedEVSE")
    await s.passes(30)
    await s.reports(30, "Charging")
    await s.stops(60, number, 5000)
    row = s.session(number)
    assert [(line.quantity, line.gross) for line in row.lines] == [(Decimal("40.00"), euros("4.00"))]


async def test_without_a_blocking_fee_a_suspended_car_is_never_stopped() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0)).transaction
    await s.reports(1, "SuspendedEV")
    await s.passes(600)
    assert (s.session(number).status, s.charger.requests) == ("suspended", [])


async def test_a_charger_that_refuses_our_stop_ends_the_charging_phase_all_the_same_and_is_a_fault() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    s.charger.accepts = False
    number = (await s.starts(0)).transaction
    await s.reports(0, "SuspendedEV")
    await s.passes(31)
    row = s.session(number)
    assert (row.status, row.ended_at, row.provisional, row.blocking_gross) == (
        "blocking",
        after(15),
        True,
        100,
    )
    assert [fault.code for fault in s.faults()] == ["StopNotObeyed"]


async def test_a_late_stop_after_idling_adds_the_energy_but_leaves_the_end() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 0)).transaction
    await s.meters(10, 5000, transaction=number)
    await s.reports(10, "SuspendedEV")
    await s.passes(26)
    assert s.session(number).charging_gross == 600
    await s.stops(40, number, 5100)
    row = s.session(number)
    assert (row.energy_wh, row.charging_gross, row.ended_at, row.provisional) == (5100, 612, after(25), False)


async def test_disconnected_faulted_and_unavailable_time_is_not_billed_as_blocking() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0)).transaction
    await s.stops(10, number, 3000)
    await s.reports(10, "Finishing")
    await s.disconnects(20)
    await s.passes(50)
    await s.connects(50)
    await s.reports(52, "Faulted", error="GroundFailure")
    await s.passes(60)
    await s.reports(60, "Finishing")
    # 10 minutes before the connection was lost, 2 after, 3 more: the first interval is full at minute 63.
    await s.passes(62)
    assert s.session(number).blocking_gross == 0
    await s.passes(64)
    assert [line.until for line in s.session(number).fees] == [after(63)]
    await s.reports(70, "Available")
    assert s.session(number).blocking_gross == 100


async def test_a_fee_charged_before_we_learned_that_the_plug_was_free_is_given_back() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0)).transaction
    await s.stops(10, number, 3000)
    await s.reports(10, "Finishing")
    await s.passes(41)
    assert s.session(number).blocking_gross == 200
    await s.reports(26, "Available", received=42)
    row = s.session(number)
    assert (row.blocking_gross, row.freed_at, row.status) == (100, after(26), "completed")


async def test_the_blocking_fee_stops_at_its_cap() -> None:
    s = await Scenario().opened(TARIFF_WITH_CAPPED_FEE)
    number = (await s.starts(0)).transaction
    await s.stops(10, number, 3000)
    await s.reports(10, "Finishing")
    await s.passes(600)
    assert [line.gross for line in s.session(number).fees] == [euros("1.00"), euros("1.00"), euros("0.50")]


async def test_a_plug_freed_just_before_its_first_interval_is_full_costs_nothing() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0)).transaction
    await s.stops(10, number, 3000)
    await s.reports(10, "Finishing")
    await s.reports(24.99, "Available")
    await s.passes(120)
    assert s.session(number).blocking_gross == 0


async def test_a_session_without_energy_has_failed_and_costs_nothing() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0, 500)).transaction
    await s.stops(5, number, 500)
    await s.reports(5, "Available")
    row = s.session(number)
    assert (row.status, row.total_gross, row.lines) == ("failed", 0, ())


async def test_a_changed_tariff_touches_no_running_session() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0, 0)).transaction
    await s.reprices(TARIFF_PER_MINUTE)
    await s.stops(60, number, 10_000)
    assert s.session(number).charging_gross == 500
    later = (await s.starts(61, 10_000)).transaction
    await s.stops(71, later, 20_000)
    assert s.session(later).charging_gross == 100
    assert s.session(later).token == TOKEN
