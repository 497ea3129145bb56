from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from eosvolt.adapters.ocpp.metering import MeterValue, readings
from eosvolt.domain.charge_points.reports import Reading

RECEIVED = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
AT = datetime(2026, 11, 21, 9, 59, tzinfo=UTC)
REGISTER = "Energy.Active.Import.Register"


def sample(value: str, measurand: str = REGISTER, unit: str = "", **fields: str) -> dict[str, str]:
    unit_field = {"unit": unit} if unit else {}
    return {"value": value, "measurand": measurand, **unit_field, **fields}


def read(*samples: dict[str, str], at: str = "2026-11-21T09:59:00Z") -> tuple[Reading, ...]:
    return readings([value(at, *samples)], RECEIVED)


def value(at: str, *samples: dict[str, str]) -> MeterValue:
    return msgspec.convert({"timestamp": at, "sampledValue": list(samples)}, MeterValue)


def one(*samples: dict[str, str]) -> Reading:
    (reading,) = read(*samples)
    assert reading.at == AT
    return reading


def test_a_bare_value_is_the_import_register_in_wh() -> None:
    assert one({"value": "1523600"}) == Reading(at=AT, register_wh=1_523_600)


@pytest.mark.parametrize(
    ("text", "unit", "wh"),
    [
        ("1", "kWh", 1_000),
        ("1.2344", "kWh", 1_234),
        ("1.2345", "kWh", 1_235),
        ("0.5", "Wh", 1),
        ("0.49", "Wh", 0),
        (" 230 ", "Wh", 230),
        ("1,5", "kWh", 1_500),
        ("1.5e3", "Wh", 1_500),
        ("+7", "", 7),
        ("-3", "Wh", -3),
        ("7", "KWH", 7_000),
        ("7", "wH", 7),
    ],
)
def test_energy_becomes_whole_wh_halves_up(text: str, unit: str, wh: int) -> None:
    assert one(sample(text, unit=unit)).register_wh == wh


@pytest.mark.parametrize(
    "text", ["", "NaN", "Infinity", "-inf", "1e400", "1e999999999", "9" * 5_000, "abc", "²", "0x10"]
)
def test_what_is_no_number_is_left_out(text: str) -> None:
    assert read(sample(text)) == ()
    assert one(sample(text), sample("11", "Power.Active.Import")).power_w == 11


@pytest.mark.parametrize(
    ("measurand", "unit", "text", "field", "figure"),
    [
        ("Power.Active.Import", "kW", "9.31", "power_w", 9_310),
        ("Power.Active.Import", "", "9.5", "power_w", 10),
        ("Energy.Active.Import.Interval", "Wh", "50", "interval_wh", 50),
        ("Current.Import", "A", "15.9", "current_a", 15.9),
        ("Current.Import", "Amp", "16", "current_a", 16.0),
        ("Current.Offered", "A", "13.8", "offered_a", 13.8),
        ("Voltage", "V", "230.4", "voltage_v", 230.4),
        ("SoC", "Percent", "57", "soc_percent", 57.0),
        ("SoC", "%", "57", "soc_percent", 57.0),
        ("Temperature", "Celsius", "41.5", "temperature_c", 41.5),
        ("Temperature", "Celcius", "41.5", "temperature_c", 41.5),
        ("Temperature", "Fahrenheit", "212", "temperature_c", 100.0),
        ("Temperature", "K", "273.15", "temperature_c", 0.0),
    ],
)
def test_each_quantity_has_its_field_and_unit(
    measurand: str, unit: str, text: str, field: str, figure: float
) -> None:
    expected = msgspec.structs.replace(Reading(at=AT), **{field: figure})
    assert one(sample(text, measurand, unit)) == expected


@pytest.mark.parametrize(
    ("measurand", "unit"),
    [(REGISTER, "W"), ("Power.Active.Import", "Wh"), ("Voltage", "A"), (REGISTER, "furlong")],
)
def test_a_unit_that_does_not_fit_disqualifies_the_sample(measurand: str, unit: str) -> None:
    assert read(sample("5", measurand, unit)) == ()


@pytest.mark.parametrize(
    "measurand",
    [
        "Energy.Active.Export.Register",
        "Energy.Reactive.Import.Register",
        "Power.Offered",
        "Frequency",
        "RPM",
        "X",
    ],
)
def test_what_no_screen_asks_for_is_left_out(measurand: str) -> None:
    assert read(sample("5", measurand)) == ()


def test_a_state_of_charge_beyond_its_scale_is_left_out() -> None:
    assert read(sample("101", "SoC"), sample("-1", "SoC")) == ()


def test_phases_are_added_for_energy_and_power() -> None:
    phases = [sample("1000", phase=phase) for phase in ("L1", "L2", "L3")]
    watts = [sample("3.6", "Power.Active.Import", "kW", phase=phase) for phase in ("L1-N", "L2-N", "L3-N")]
    reading = one(*phases, *watts)
    assert (reading.register_wh, reading.power_w) == (3_000, 10_800)


def test_a_total_wins_over_its_phases_wherever_it_stands() -> None:
    phases = [sample("1000", phase=phase) for phase in ("L1", "L2", "L3")]
    assert one(*phases, sample("3001")).register_wh == 3_001
    assert one(sample("3001"), *phases).register_wh == 3_001


def test_phases_of_different_instants_are_not_added() -> None:
    first = value("2026-11-21T09:58:00Z", sample("1000", phase="L1"))
    second = value("2026-11-21T09:59:00Z", sample("1000", phase="L2"))
    assert [reading.register_wh for reading in readings([first, second], RECEIVED)] == [1_000, 1_000]


def test_two_phases_of_which_the_third_was_unreadable_are_no_sum() -> None:
    phases = [sample("1000", phase="L1"), sample("1000", phase="L2"), sample("NaN", phase="L3")]
    assert read(*phases) == ()


def test_of_currents_the_largest_counts_and_the_neutral_never() -> None:
    phases = {"L1": "15.9", "L2": "16.1", "L3": "0", "N": "31"}
    assert one(*[sample(a, "Current.Import", "A", phase=p) for p, a in phases.items()]).current_a == 16.1


def test_voltages_are_averaged_against_neutral_where_they_can_be() -> None:
    neutral = [sample(v, "Voltage", phase=p) for p, v in (("L1-N", "229"), ("L2-N", "231"))]
    lines = [sample("400", "Voltage", phase="L1-L2")]
    assert one(*lines, *neutral).voltage_v == 230.0
    assert one(*lines).voltage_v == 400.0


def test_of_several_places_the_outlet_counts() -> None:
    inlet = sample("9999", location="Inlet")
    assert one(inlet, sample("3000", location="Outlet")).register_wh == 3_000
    assert one(sample("3000"), inlet).register_wh == 3_000
    assert one(inlet).register_wh == 9_999


def test_the_same_figure_under_two_contexts_counts_once() -> None:
    clock, periodic = sample("3000", context="Sample.Clock"), sample("3000", context="Sample.Periodic")
    assert one(clock, periodic).register_wh == 3_000
    doubled = [sample("1000", phase="L1", context=c) for c in ("Sample.Clock", "Sample.Periodic")]
    assert one(*doubled).register_wh == 1_000


def test_signed_data_are_no_figures() -> None:
    assert read(sample("123", format="SignedData")) == ()


def test_entries_of_one_instant_are_one_reading() -> None:
    entries = [
        value("2026-11-21T09:59:00Z", sample("3000")),
        value("2026-11-21T10:59:00+01:00", sample("11", "Power.Active.Import", "kW")),
    ]
    assert readings(entries, RECEIVED) == (Reading(at=AT, register_wh=3_000, power_w=11_000),)


def test_of_entries_without_a_possible_instant_the_last_counts() -> None:
    entries = [
        value(at, sample(wh)) for at, wh in (("1970-01-01T00:00:01Z", "1"), ("1970-01-01T00:01:01Z", "2"))
    ]
    assert readings(entries, RECEIVED) == (Reading(at=RECEIVED, register_wh=2),)


def test_nothing_gives_no_reading() -> None:
    empty: list[Any] = []
    assert readings(empty, RECEIVED) == ()
    assert readings([value("2026-11-21T09:59:00Z")], RECEIVED) == ()
