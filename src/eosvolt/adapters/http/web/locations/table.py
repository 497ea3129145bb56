"""Locations as a table for files."""

from datetime import datetime
from decimal import Decimal

from eosvolt.adapters.http.web.locations.view_models import LocationLine
from eosvolt.application.table_files import Cell, Table
from eosvolt.domain.money import Money

COLUMNS = (
    "location", "id", "type", "address", "latitude", "longitude", "visible", "time zone", "chargers", "plugs",
    "plugs available", "charge per", "price", "currency", "VAT rate", "energy today (kWh)", "revenue today",
    "added at",
)  # fmt: skip


def location_table(made_at: datetime) -> Table[LocationLine]:
    """Locations as a table. Prices and revenue include VAT."""
    return Table("Locations", made_at, COLUMNS, _cells)


def _cells(line: LocationLine) -> tuple[Cell, ...]:
    row, details, tariff = line.row, line.row.details, line.row.tariff
    return (
        row.name, row.location, details.type, details.address, _degrees(details.latitude),
        _degrees(details.longitude), "yes" if details.visible else "no", tariff.time_zone, line.chargers,
        line.plugs, line.available, "kWh" if tariff.strategy == "perKwh" else "minute", tariff.price,
        tariff.currency, tariff.vat_rate, Decimal(line.energy_wh) / 1000,
        Money(tariff.currency, line.gross).amount, row.added_at,
    )  # fmt: skip


def _degrees(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
