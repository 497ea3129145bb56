"""What people who run charge points reported of registers: one odd value decides nothing, nothing is lost.

The plug gives 22 kW, a sample comes each 5 minutes with 1,500 Wh more, and the stop after 32 minutes says
9,600 Wh more than the start, unless a case says otherwise.
"""

import pytest

from eosvolt.domain.charge_points.reports import MeterReport, RankedReading
from eosvolt.domain.sessions.events import ChargingEnded
from eosvolt.domain.sessions.registers import RegisterFinding
from tests.examples import CHARGE_POINT, after
from tests.scenario import Scenario

LIFE = 3_058_620
MINUTES = (5, 10, 15, 20, 25, 30)
RIGHT = tuple(LIFE + 1500 * n for n in range(1, 7))
STOP = LIFE + 9600


async def ended(
    start: int, samples: tuple[int, ...], stop: int, *, every: int = 5, after: int = 2
) -> ChargingEnded:
    s = await Scenario().opened()
    number = (await s.starts(0, start)).transaction
    for n, register in enumerate(samples, 1):
        await s.meters(every * n, register, transaction=number)
    await s.stops(every * len(samples) + after, number, stop)
    (end,) = [fact.event for fact in s.events(ChargingEnded) if isinstance(fact.event, ChargingEnded)]
    row = s.session(number)
    assert (row.energy_wh, row.held_wh) == (end.energy_wh, end.held_wh)
    return end


def causes(end: ChargingEnded) -> list[str]:
    return [finding.cause for finding in end.findings]


@pytest.mark.parametrize("at", range(6))
@pytest.mark.parametrize("value", [2**32 - 1, 0, LIFE - 30, LIFE - 600, LIFE + 90_000, 1500, 2**31])
async def test_one_odd_sample_is_set_aside_wherever_it_comes(at: int, value: int) -> None:
    samples = (*RIGHT[:at], value, *RIGHT[at + 1 :])
    end = await ended(LIFE, samples, STOP)
    assert (end.energy_wh, end.held_wh) == (9600, 0)
    assert end.bill.total.gross.minor == 480


async def test_what_was_set_aside_is_told() -> None:
    end = await ended(LIFE, (*RIGHT[:3], 2**32 - 1, *RIGHT[4:]), STOP)
    assert [(finding.cause, finding.register_wh) for finding in end.findings] == [("setAside", 2**32 - 1)]
    assert isinstance(end.findings[0], RegisterFinding)


@pytest.mark.parametrize("life", [909_948, 185_400, 12_400])
async def test_a_start_of_zero_before_a_lifetime_register_bills_what_samples_and_stop_prove(
    life: int,
) -> None:
    end = await ended(0, tuple(life + 1500 * n for n in range(1, 7)), life + 9600)
    assert (end.energy_wh, end.held_wh) == (8100, 0)
    assert causes(end) == ["implausible"]


@pytest.mark.parametrize("life", [7_783_903, 90_390, LIFE])
async def test_samples_alternate_between_two_registers(life: int) -> None:
    samples = tuple(1500 * n if n % 2 else life + 1500 * n for n in range(1, 7))
    assert (await ended(life, samples, life + 9600)).energy_wh == 9600


async def test_a_zero_in_the_middle_of_long_steps() -> None:
    end = await ended(909_948, (915_448, 0, 926_448), 931_948, every=15, after=15)
    assert end.energy_wh == 22_000


async def test_samples_of_another_plug_change_nothing() -> None:
    other = tuple(77_000 + 900 * n for n in range(1, 7))
    assert (await ended(LIFE, other, STOP)).energy_wh == 9600


async def test_a_burst_of_another_plugs_samples_changes_nothing() -> None:
    samples = (*RIGHT[:1], 77_000, 77_900, 78_800, *RIGHT[4:])
    assert (await ended(LIFE, samples, STOP)).energy_wh == 9600


@pytest.mark.parametrize("stop", [0, 100, LIFE - 20_000])
async def test_a_stop_far_below_the_start_bills_nothing_and_is_told(stop: int) -> None:
    end = await ended(LIFE, (), stop)
    assert (end.energy_wh, end.bill.total.gross.minor, causes(end)) == (0, 0, ["stopSetAside"])


@pytest.mark.parametrize("stop", [0, LIFE - 20_000, 2**32 - 1])
async def test_where_the_stop_is_wrong_the_samples_prove_the_energy(stop: int) -> None:
    end = await ended(LIFE, RIGHT, stop)
    assert (end.energy_wh, end.bill.total.gross.minor) == (9000, 450)
    assert "stopSetAside" in causes(end)


@pytest.mark.parametrize("whole", [2**23, 2**24, 10**6, 10**7])
async def test_a_register_that_rolls_over_loses_nothing(whole: int) -> None:
    start = whole - 4000
    end = await ended(start, tuple((start + 1500 * n) % whole for n in range(1, 7)), 5600)
    assert (end.energy_wh, causes(end)) == (9600, ["rollover"])


async def test_a_meter_that_starts_again_loses_nothing() -> None:
    samples = (*RIGHT[:3], 0, 1500, 3000)
    end = await ended(LIFE, samples, 3600)
    assert (end.energy_wh, causes(end)) == (4500 + 3600, ["reset"])


@pytest.mark.parametrize("order", [(2, 3, 1, 4, 5, 6), (2, 4, 1, 3, 5, 6), (3, 4, 5, 1, 2, 6)])
async def test_nobody_pays_twice_for_what_a_register_shows_again_after_it_fell_back(
    order: tuple[int, ...],
) -> None:
    """As after a clock that was set in between: some samples are dated too early."""
    end = await ended(LIFE, tuple(LIFE + 1200 * n for n in order), LIFE + 7500)
    assert (end.energy_wh, end.held_wh) == (7500, 0)


async def test_more_than_the_plug_delivers_is_held_back() -> None:
    end = await ended(LIFE, (), LIFE + 60_000, after=60)
    assert (end.energy_wh, end.held_wh) == (22_000, 38_000)
    assert end.bill.total.gross.minor == 1100
    assert causes(end) == ["abovePower"]


async def test_a_plug_that_delivers_more_than_it_is_said_to_is_held_back_beyond_that() -> None:
    samples = tuple(LIFE + 4000 * n for n in range(1, 7))
    end = await ended(LIFE, samples, LIFE + 25_600)
    assert (end.energy_wh, end.held_wh) == (11_733, 25_600 - 11_733)


async def test_what_nothing_could_deliver_is_held_back_altogether() -> None:
    end = await ended(LIFE, (), 2**32 - 1, after=60)
    assert (end.energy_wh, end.held_wh) == (0, 2**32 - 1 - LIFE)


async def test_a_jump_that_samples_and_stop_agree_on_waits_for_consent() -> None:
    end = await ended(LIFE, (LIFE + 1500, LIFE + 90_000, LIFE + 91_500, LIFE + 93_000), LIFE + 93_600)
    assert (end.energy_wh + end.held_wh, "implausible" in causes(end)) == (93_600, True)
    assert end.energy_wh < 10_000


async def test_of_two_registers_for_one_instant_the_one_that_grows_is_the_reading() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0, 0)).transaction
    for n in range(1, 7):
        both = RankedReading(at=after(5 * n), register_wh=0, registers=((0, 1244 * n),))
        told = MeterReport(connector=1, received_at=after(5 * n), readings=(both,), transaction=number)
        await s.charging.metered(CHARGE_POINT, told)
        assert s.session(number).energy_wh == 1244 * n
    await s.stops(31, number, 7464)
    assert s.session(number).energy_wh == 7464


@pytest.mark.parametrize("rank", [-1, 1])
async def test_of_two_registers_that_both_fit_the_one_whose_context_proves_more_is_the_reading(
    rank: int,
) -> None:
    s = await Scenario().opened()
    number = (await s.starts(0, 0)).transaction
    both = RankedReading(at=after(5), register_wh=1000, registers=((rank, 1200),))
    told = MeterReport(connector=1, received_at=after(5), readings=(both,), transaction=number)
    await s.charging.metered(CHARGE_POINT, told)
    assert s.session(number).energy_wh == (1200 if rank < 0 else 1000)
