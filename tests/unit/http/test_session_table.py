"""The cells of a session in a file: both clocks, each currency's own digits, prices with all of theirs."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest

from eosvolt.adapters.exports.csv_file import CsvFile
from eosvolt.adapters.http.presentation.session_table import COLUMNS, session_cells
from eosvolt.domain.tariffs.tariff import Tariff
from eosvolt.projections.session_row import SessionRow
from tests.examples import FLAT_TARIFF, LOCATION, after
from tests.scenario import Scenario

# What the meter shows at the start.
METER = 1000
# 02:30 exists twice in this night in Berlin.
TWICE = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


async def charged(tariff: Tariff = FLAT_TARIFF, wh: int = 10_000) -> SessionRow:
    scenario = await Scenario().opened(tariff)
    started = await scenario.starts(0)
    await scenario.stops(60, started.transaction, METER + wh)
    (row,) = scenario.sessions()
    return row


def cells(row: SessionRow, minutes: float = 120) -> dict[str, str]:
    found = session_cells(row, now=after(minutes), places={LOCATION: "Harbour"})
    line = CsvFile(decimal_comma=False).lines([found]).decode().removesuffix("\r\n")
    return dict(zip(COLUMNS, line.split(","), strict=True))


async def test_the_hour_that_exists_twice_is_told_apart_by_utc() -> None:
    row = await charged()
    first, second = (
        cells(msgspec.structs.replace(row, started_at=at)) for at in (TWICE, TWICE + timedelta(hours=1))
    )
    assert first["started (local)"] == second["started (local)"] == "2026-10-25 02:30:00"
    assert (first["started (UTC)"], second["started (UTC)"]) == (
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:30:00Z",
    )
    assert first["time zone"] == "Europe/Berlin"


@pytest.mark.parametrize(
    ("currency", "price", "total"), [("EUR", "0.50", "5.00"), ("JPY", "50", "500"), ("KWD", "0.125", "1.250")]
)
async def test_an_amount_has_the_digits_of_its_currency(currency: str, price: str, total: str) -> None:
    tariff = msgspec.structs.replace(FLAT_TARIFF, currency=currency, price=Decimal(price))
    row = cells(await charged(tariff))
    assert (row["total"], row["currency"], row["location"]) == (total, currency, "Harbour")


async def test_a_price_per_kwh_of_0_3636_keeps_its_digits() -> None:
    tariff = msgspec.structs.replace(FLAT_TARIFF, price=Decimal("0.3636"))
    assert cells(await charged(tariff, wh=75))["price per kWh"] == "0.3636"


async def test_a_session_without_energy_has_no_price_per_kwh() -> None:
    row = cells(await charged(wh=0))
    assert (row["energy (kWh)"], row["price per kWh"], row["total"]) == ("0.000", "", "0.00")


async def test_a_running_session_has_no_end_and_costs_what_it_would_now() -> None:
    scenario = await Scenario().opened(FLAT_TARIFF)
    await scenario.starts(0)
    await scenario.meters(30, METER + 4000)
    (session,) = scenario.sessions()
    row = cells(session, minutes=45)
    assert (row["ended (UTC)"], row["ended (local)"], row["duration (s)"]) == ("", "", "2700")
    assert (row["total"], row["energy (kWh)"], row["status"]) == ("2.00", "4.000", "charging")


async def test_an_operator_s_own_names_are_neutralised_and_ids_are_text() -> None:
    row = await charged()
    found = session_cells(row, now=after(120), places={LOCATION: "=1+1"})
    values = dict(zip(COLUMNS, found, strict=True))
    assert isinstance(values["id"], str)
    assert isinstance(values["transaction id"], str)
    assert cells(msgspec.structs.replace(row, token="=cmd"))["token"] == "'=cmd"
