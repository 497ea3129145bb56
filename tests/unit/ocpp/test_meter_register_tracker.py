"""A register that goes on while its dates go back proves that a clock was set back."""

from datetime import timedelta

import pytest

from eosvolt.adapters.ocpp.meter_register_tracker import MeterRegisterTracker
from eosvolt.domain.charge_points.reports import MeterReport, Reading, StartReport, StopReport
from tests.examples import after

HOUR = timedelta(hours=1)
BACK = -HOUR.total_seconds()


def sample(
    minutes: float, wh: int, *, ahead: timedelta = timedelta(0), transaction: int = 7, received: float = 0
) -> MeterReport:
    reading = Reading(at=after(minutes) + ahead, register_wh=wh)
    return MeterReport(
        connector=1, received_at=after(received or minutes), readings=(reading,), transaction=transaction
    )


def start(minutes: float, wh: int, ahead: timedelta = timedelta(0), received: float = 0) -> StartReport:
    return StartReport(
        connector=1,
        token="T",
        at=after(minutes) + ahead,
        received_at=after(received or minutes),
        meter_start_wh=wh,
    )


def stop(minutes: float, wh: int, ahead: timedelta = timedelta(0), transaction: int = 7) -> StopReport:
    return StopReport(
        transaction=transaction, at=after(minutes) + ahead, received_at=after(minutes), meter_stop_wh=wh
    )


def test_samples_that_grow_while_their_dates_go_back_show_by_how_much_the_clock_was_set() -> None:
    registers = MeterRegisterTracker()
    assert [registers.observe(sample(m, 1000 + m), 0) for m in (1, 2)] == [None, None]
    assert registers.observe(sample(3, 1003, ahead=-HOUR), 0) == BACK
    assert registers.observe(sample(4, 1004, ahead=-HOUR), 0) is None


def test_what_was_in_a_queue_when_the_clock_was_set_reports_the_same() -> None:
    registers = MeterRegisterTracker()
    registers.observe(sample(1, 1001, received=300), 0)
    assert registers.observe(sample(2, 1002, ahead=-HOUR, received=301), 0) == BACK


@pytest.mark.parametrize("wh", [1000, 1001])
def test_what_comes_late_or_twice_shows_no_more_and_proves_nothing(wh: int) -> None:
    registers = MeterRegisterTracker()
    registers.observe(sample(10, 1001), 0)
    assert registers.observe(sample(5, wh, received=11), 0) is None


def test_samples_of_another_transaction_may_count_from_elsewhere() -> None:
    registers = MeterRegisterTracker()
    registers.observe(sample(1, 4900, transaction=7), 0)
    registers.observe(sample(10, 100, transaction=8), 0)
    assert registers.observe(sample(2, 5000, transaction=7, received=11), 0) is None


def test_a_start_is_later_than_the_stop_whose_register_it_goes_on_from() -> None:
    registers = MeterRegisterTracker()
    for report in (start(0, 1000), sample(5, 1500), stop(10, 2000)):
        assert registers.observe(report, 0) is None
    assert registers.observe(start(20, 2000, ahead=-HOUR), 0) == BACK


def test_a_start_that_waited_longer_than_a_whole_session_is_no_proof() -> None:
    registers = MeterRegisterTracker()
    for report in (start(0, 1000), sample(5, 1500), stop(10, 2000)):
        registers.observe(report, 0)
    assert registers.observe(start(-60, 1000, received=20), 0) is None


def test_a_car_that_took_nothing_leaves_it_open_who_came_first() -> None:
    registers = MeterRegisterTracker()
    for report in (start(0, 1000), sample(5, 1000), stop(10, 1000)):
        registers.observe(report, 0)
    assert registers.observe(start(20, 1000, ahead=-HOUR), 0) is None


def test_a_start_that_is_sent_again_beside_samples_from_the_session_s_start_is_no_proof() -> None:
    registers = MeterRegisterTracker()
    registers.observe(start(0, 500_000), 0)
    registers.observe(sample(10, 200), 0)
    assert registers.observe(start(0, 500_000, received=11), 0) is None


def test_what_is_known_of_the_clock_by_then_is_not_found_once_more() -> None:
    registers = MeterRegisterTracker()
    for report in (start(0, 1000), sample(5, 1500)):
        registers.observe(report, 0)
    assert registers.observe(sample(6, 1600, ahead=-HOUR), 0) == BACK
    assert registers.observe(stop(7, 1700, ahead=-HOUR), int(BACK)) is None


@pytest.mark.parametrize("odd", [0, 300, 2**32 - 1])
def test_one_odd_value_among_samples_in_any_order_proves_nothing(odd: int) -> None:
    registers = MeterRegisterTracker()
    samples = [(10, 1010), (20, odd), (17, 1017), (14, 1014), (30, 1030), (25, odd), (40, 1040), (38, odd)]
    assert [registers.observe(sample(at, wh, received=600), 0) for at, wh in samples] == [None] * len(samples)
    assert registers.observe(sample(41, 1041, ahead=-HOUR, received=600), 0) == BACK + 60


def test_a_register_that_started_again_is_accepted_once_two_samples_agree() -> None:
    registers = MeterRegisterTracker()
    for report in (sample(1, 50_000), sample(2, 3), sample(3, 20)):
        assert registers.observe(report, 0) is None
    assert registers.observe(sample(4, 40, ahead=-HOUR), 0) == BACK


@pytest.mark.parametrize("odd", [0, 300, 2**32 - 1])
def test_an_odd_value_that_is_reported_twice_agrees_with_nothing(odd: int) -> None:
    registers = MeterRegisterTracker()
    samples = [(10, 1010), (20, odd), (20, odd), (15, 1015), (17, 1017), (30, 1030)]
    assert [registers.observe(sample(at, wh, received=600), 0) for at, wh in samples] == [None] * len(samples)


def test_samples_that_alternate_between_two_counters_in_any_order_prove_nothing() -> None:
    registers = MeterRegisterTracker()
    samples = [(25, 6_000), (50, 670_314), (75, 18_000), (100, 682_314), (125, 30_000), (175, 42_000)]
    for at, wh in (*samples, (150, 694_314), (225, 54_000), (200, 706_314)):
        assert registers.observe(sample(at, wh, received=4_000), 0) is None
    assert registers.observe(sample(250, 718_314, ahead=-HOUR, received=4_000), 0) == BACK + 50 * 60


@pytest.mark.parametrize("odd", [0, 400, 200_000, 7_400_000, 2**32 - 1])
@pytest.mark.parametrize("odd_at", [1, 2, 3, 4, 5])
def test_an_odd_value_that_waited_for_days_and_comes_late_proves_nothing(odd: int, odd_at: int) -> None:
    registers = MeterRegisterTracker()
    samples = [(25 * n, odd if n == odd_at else 400_000 + 6_000 * n) for n in range(1, 7)]
    for here in range(5):
        samples[here], samples[here + 1] = samples[here + 1], samples[here]
        for at, wh in samples:
            assert registers.observe(sample(at, wh, received=4_000), 0) is None
        samples[here], samples[here + 1] = samples[here + 1], samples[here]
        registers = MeterRegisterTracker()
