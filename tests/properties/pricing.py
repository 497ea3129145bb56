"""Tariffs, instants and meter readings that the properties of pricing are tried on."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from eosvolt.domain.tariffs.energy import EnergyCurve, EnergyPoint
from eosvolt.domain.tariffs.tariff import Strategy, Tariff, Window

TICK = timedelta(microseconds=1)

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",  # its midnight comes twice
    "Africa/Cairo",  # its midnight is skipped
    "Africa/Casablanca",  # goes back for Ramadan
    "Australia/Lord_Howe",  # changes by half an hour
    "Asia/Kolkata",  # never changes
)

# The change of each zone's clock in 2026, to look around.
CHANGES = tuple(
    datetime.fromisoformat(change)
    for change in (
        "2026-03-29T01:00Z",
        "2026-10-25T01:00Z",
        "2026-03-08T07:00Z",
        "2026-11-01T06:00Z",
        "2026-11-01T05:00Z",
        "2026-04-23T22:00Z",
        "2026-10-29T21:00Z",
        "2026-02-15T02:00Z",
        "2026-03-22T02:00Z",
        "2026-04-04T15:00Z",
        "2026-10-03T15:30Z",
    )
)

prices = st.integers(0, 6).flatmap(lambda places: st.decimals(0, 90, places=places))
vat_rates = st.sampled_from(["0", "0.05", "0.077", "0.19", "0.25", "0.999999"]).map(Decimal)
currencies = st.sampled_from(["EUR", "JPY", "KWD"])

instants = st.one_of(
    st.builds(
        lambda change, off: change + timedelta(seconds=off),
        st.sampled_from(CHANGES),
        st.integers(-100_000, 100_000),
    ),
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - timezones
)
durations = st.one_of(
    st.integers(1, 72 * 60).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(1, 40_000_000_000).map(lambda ticks: ticks * TICK),
)


@st.composite
def windows(draw: st.DrawFn) -> tuple[Window, ...]:
    """Windows that do not overlap: the day is cut anywhere and some pieces get their own price."""
    cuts = sorted(
        draw(st.sets(st.one_of(st.integers(0, 1439), st.integers(0, 47).map(lambda n: n * 30)), max_size=7))
    )
    if len(cuts) < 2:
        return draw(st.sampled_from([(), (Window(0, 1440, Decimal("0.31")),)]))
    pieces = zip(cuts, [*cuts[1:], cuts[0] or 1440], strict=True)
    return tuple(Window(starts, ends, draw(prices)) for starts, ends in pieces if draw(st.booleans()))


def tariffs(strategy: Strategy | None = None) -> st.SearchStrategy[Tariff]:
    """Tariffs without a blocking fee, of one strategy or any."""
    return st.builds(
        Tariff,
        currency=currencies,
        strategy=st.just(strategy) if strategy else st.sampled_from(Strategy),
        price=prices,
        vat_rate=vat_rates,
        time_zone=st.sampled_from(ZONES),
        windows=windows(),
    )


@st.composite
def charges(draw: st.DrawFn) -> list[EnergyPoint]:
    """Readings that agree with each other, in time order; the first says 0 Wh."""
    at, wh = draw(instants), 0
    readings = [EnergyPoint(at, wh)]
    for _ in range(draw(st.integers(0, 12))):
        at += draw(st.one_of(st.integers(1, 10_000).map(lambda s: timedelta(seconds=s)), durations))
        wh += draw(st.integers(0, 30_000))
        readings.append(EnergyPoint(at, wh))
    return readings


@st.composite
def confused_charges(draw: st.DrawFn) -> list[EnergyPoint]:
    """Readings as a broken charger sends them: any order, any value, many at the same instant."""
    start = draw(instants)
    offsets = st.integers(0, 30 * 3600).map(lambda seconds: timedelta(seconds=seconds // 600 * 600))
    readings = st.builds(EnergyPoint, offsets.map(lambda offset: start + offset), st.integers(0, 2000))
    return [EnergyPoint(start, 0), *draw(st.lists(readings, max_size=25))]


def curve(readings: Sequence[EnergyPoint]) -> EnergyCurve:
    """The readings, added in the order given."""
    known = EnergyCurve()
    for reading in readings:
        known = known.add(reading)
    return known
