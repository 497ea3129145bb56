"""Registers as they are: relative, reset, rolled over, standing still, and once in a while absurd."""

from eosvolt.domain.sessions.events import ChargingEnded, EnergyMetered
from tests.scenario import Scenario


async def metered(
    *readings: tuple[float, int], start: int = 1000, stop: tuple[float, int]
) -> tuple[int, list[str]]:
    """The energy of a session with these registers by minute, and what was odd about them."""
    s = await Scenario().opened()
    number = (await s.starts(0, start)).transaction
    for minute, register in readings:
        await s.meters(minute, register, transaction=number)
    await s.stops(stop[0], number, stop[1])
    (ended,) = [fact.event for fact in s.events(ChargingEnded) if isinstance(fact.event, ChargingEnded)]
    return s.session(number).energy_wh, [finding.cause for finding in ended.findings]


async def test_energy_is_what_the_register_gained() -> None:
    assert await metered((10, 3000), (20, 5000), stop=(30, 7500)) == (6500, [])


async def test_samples_that_count_from_the_sessions_start_are_understood() -> None:
    assert await metered((10, 2000), (20, 4000), start=5_000_000, stop=(30, 5_006_000)) == (
        6000,
        ["sessionRelative"],
    )


async def test_a_stop_that_counts_from_the_sessions_start_too_is_understood() -> None:
    assert await metered((10, 2000), (20, 4000), start=5_000_000, stop=(30, 6000)) == (
        6000,
        ["sessionRelative"],
    )


async def test_a_register_that_fell_back_to_zero_begins_a_new_segment() -> None:
    assert await metered((10, 4000), (20, 0), (30, 500), stop=(40, 1500)) == (4500, ["reset"])


async def test_a_register_that_rolled_over_goes_on() -> None:
    energy = await metered((10, 999_500), (20, 1500), start=998_000, stop=(30, 3000))
    assert energy == (5000, ["rollover"])


async def test_another_meter_with_a_lower_register_bills_nothing_that_was_not_drawn() -> None:
    assert await metered((10, 904_000), (20, 800_000), start=900_000, stop=(30, 801_000)) == (5000, ["reset"])


async def test_a_register_that_settles_a_little_lower_loses_nothing() -> None:
    assert await metered((10, 3000), (20, 2990), stop=(30, 2995)) == (1995, [])


async def test_a_begin_of_zero_does_not_bill_the_meters_whole_life() -> None:
    energy, causes = await metered((1, 910_000), (30, 910_083), start=0, stop=(31, 910_083))
    assert (energy, causes) == (83, ["implausible"])


async def test_a_stop_of_zero_does_not_forget_what_was_metered() -> None:
    assert (await metered((10, 4000), start=0, stop=(20, 0)))[0] == 4000


async def test_a_repeated_reading_is_no_news_and_an_older_one_changes_no_price() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0, 0)).transaction
    await s.meters(10, 1000, transaction=number)
    await s.meters(20, 2000, transaction=number)
    await s.meters(20, 2000, transaction=number, received=21)
    await s.meters(10, 1000, transaction=number, received=22)
    assert len(s.events(EnergyMetered)) == 2
    await s.meters(15, 1400, transaction=number, received=23)
    assert s.session(number).energy_wh == 2000


async def test_power_and_charge_are_kept_beside_the_energy() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0, 0)).transaction
    await s.meters(10, 1000, transaction=number, power_w=11_000, soc_percent=45.0)
    row = s.session(number)
    assert (row.power_w, row.soc_percent) == (11_000, 45.0)
    await s.stops(20, number, 2000)
    assert s.session(number).power_w is None


async def test_intervals_add_up_where_a_charger_tells_no_register() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0, 0)).transaction
    await s.meters(10, None, transaction=number, interval_wh=400)
    await s.meters(20, None, transaction=number, interval_wh=600)
    await s.meters(20, None, transaction=number, interval_wh=600, received=21)
    assert s.session(number).energy_wh == 1000


async def test_a_register_after_increments_tells_the_same_energy_and_is_not_added_to_it() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0, 1000)).transaction
    await s.meters(10, None, transaction=number, interval_wh=400)
    await s.meters(20, 1500, transaction=number)
    assert s.session(number).energy_wh == 500
    await s.stops(30, number, 1500)
    assert s.session(number).energy_wh == 500
