"""Whatever a charger writes into a sample, the reading is right or absent, and nothing fails."""

from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from eosvolt.adapters.ocpp.metering import MeterValue, number, readings
from eosvolt.adapters.ocpp.timestamps import EARLIEST, instant, written

RECEIVED = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
AT = "2026-11-21T09:59:00Z"
WH = st.decimals(0, 10**9, places=4, allow_nan=False, allow_infinity=False)
PHASES = ("L1", "L2", "L3")


def values(*samples: dict[str, str], at: str = AT) -> list[MeterValue]:
    return [msgspec.convert({"timestamp": at, "sampledValue": list(samples)}, MeterValue)]


def register(*samples: dict[str, str]) -> int | None:
    found = readings(values(*samples), RECEIVED)
    return found[0].register_wh if found else None


def rounded(wh: Decimal) -> int:
    return int(wh.quantize(Decimal(1), ROUND_HALF_UP))


@given(WH)
def test_a_register_is_the_same_in_wh_and_kwh(wh: Decimal) -> None:
    in_kwh = {"value": str(wh / 1000), "unit": "kWh"}
    assert register({"value": str(wh)}) == register(in_kwh) == rounded(wh)


@given(WH, st.sampled_from([" {} ", "{}", "\t{}\n"]), st.booleans())
def test_padding_and_a_comma_change_nothing(wh: Decimal, padding: str, comma: bool) -> None:
    text = padding.format(wh)
    assert register({"value": text.replace(".", ",") if comma else text}) == rounded(wh)


@given(st.tuples(WH, WH, WH), st.permutations(PHASES), st.none() | WH)
def test_phases_add_up_in_any_order_unless_a_total_is_there(
    figures: tuple[Decimal, Decimal, Decimal], order: list[str], total: Decimal | None
) -> None:
    by_phase = dict(zip(PHASES, figures, strict=True))
    samples = [{"value": str(by_phase[phase]), "phase": phase} for phase in order]
    if total is not None:
        samples.append({"value": str(total)})
    assert register(*samples) == rounded(sum(figures, Decimal(0)) if total is None else total)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 10**6)), min_size=1, max_size=20))
def test_each_instant_is_one_reading_however_its_samples_are_spread(samples: list[tuple[int, int]]) -> None:
    entries = [
        values({"value": str(wh)}, at=written(RECEIVED - timedelta(minutes=minutes)))[0]
        for minutes, wh in samples
    ]
    first_sample: dict[int, int] = {}
    for minutes, wh in samples:
        first_sample.setdefault(minutes, wh)
    found = readings(entries, RECEIVED)
    assert [(r.at, r.register_wh) for r in found] == [
        (RECEIVED - timedelta(minutes=minutes), wh) for minutes, wh in first_sample.items()
    ]


MEASURANDS = ["Voltage", "SoC", "Current.Import", "Power.Active.Import", "Temperature", "X"]
SAMPLES = st.fixed_dictionaries(
    {"value": st.text(max_size=80) | st.decimals().map(str) | st.floats().map(str)},
    optional={
        "measurand": st.sampled_from(MEASURANDS),
        "unit": st.sampled_from(["", "V", "A", "kW", "W", "K", "Fahrenheit", "%", "furlong"]),
        "phase": st.sampled_from(["L1", "L2-N", "L1-L2", "N", "?"]),
        "location": st.sampled_from(["Inlet", "EV", "Moon"]),
        "format": st.sampled_from(["Raw", "SignedData"]),
    },
)  # fmt: skip


@given(st.lists(SAMPLES, max_size=12), st.text(max_size=30))
def test_no_sample_and_no_instant_makes_it_fail(samples: list[dict[str, str]], at: str) -> None:
    for reading in readings(values(*samples, at=at), RECEIVED):
        assert EARLIEST <= reading.at <= RECEIVED + timedelta(days=1)
        assert msgspec.json.decode(msgspec.json.encode(reading), type=type(reading)) == reading


@given(st.text() | st.decimals().map(str) | st.from_regex(r"[-+ ]?\d{0,20}[.,]?\d{0,20}([eE][-+]?\d{1,12})?"))
def test_a_number_is_finite_and_of_a_size_that_can_be_kept(text: str) -> None:
    value = number(text)
    assert value is None or -(10**15) < value < 10**15


INSTANTS = st.datetimes(datetime(2015, 1, 2), datetime(2026, 11, 20)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001 - made aware at once


@given(INSTANTS, st.integers(-14 * 60, 14 * 60), st.sampled_from(["T", " "]))
def test_an_instant_is_the_same_in_every_zone(at: datetime, minutes: int, between: str) -> None:
    local = (at + timedelta(minutes=minutes)).replace(tzinfo=None).isoformat(between)
    sign, size = ("-" if minutes < 0 else "+"), abs(minutes)
    for zone in (f"{sign}{size // 60:02}:{size % 60:02}", f"{sign}{size // 60:02}{size % 60:02}"):
        assert instant(local + zone, RECEIVED) == (at, True)


@given(INSTANTS)
def test_what_we_write_we_read_in_whole_seconds(at: datetime) -> None:
    assert instant(written(at), RECEIVED) == (at.replace(microsecond=0), True)
