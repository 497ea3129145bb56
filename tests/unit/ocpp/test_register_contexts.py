"""Several registers for one instant: all are kept, and the context says what each proves."""

from datetime import UTC, datetime

import msgspec

from eosvolt.adapters.ocpp.metering import MeterValue, readings
from eosvolt.domain.charge_points.reports import RANK_OF_BEGIN, RankedReading, Reading

RECEIVED = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def read(*samples: tuple[str, str]) -> Reading:
    values = [{"value": value, **({"context": context} if context else {})} for value, context in samples]
    value = {"timestamp": "2026-11-21T09:59:00Z", "sampledValue": values}
    (reading,) = readings([msgspec.convert(value, MeterValue)], RECEIVED)
    return reading


def kept(reading: Reading) -> tuple[int, list[tuple[int, int | None]]]:
    assert isinstance(reading, RankedReading)
    return reading.rank, [(reading.rank, reading.register_wh), *reading.registers]


def test_one_periodic_register_is_a_plain_reading() -> None:
    assert type(read(("3000", ""))) is Reading
    assert type(read(("3000", ""), ("3000", "Sample.Periodic"))) is Reading


def test_the_clock_aligned_register_goes_before_the_periodic_one_in_either_order() -> None:
    both = (("3000", "Sample.Periodic"), ("3001", "Sample.Clock"))
    assert kept(read(*both)) == kept(read(*both[::-1])) == (-1, [(-1, 3001), (0, 3000)])


def test_the_register_of_the_begin_is_kept_as_such_beside_the_present_one() -> None:
    both = (("9000", "Sample.Periodic"), ("3000", "Transaction.Begin"))
    assert kept(read(*both)) == kept(read(*both[::-1])) == (0, [(0, 9000), (RANK_OF_BEGIN, 3000)])


def test_two_registers_of_one_context_are_both_kept() -> None:
    _, registers = kept(read(("0", ""), ("3000", "")))
    assert sorted(wh for _, wh in registers if wh is not None) == [0, 3000]
