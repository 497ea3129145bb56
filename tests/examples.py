"""Examples that tests share, under names that say why they matter."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from eosvolt.domain.charge_points.events import ChargePointAdded, ConnectorSpec
from eosvolt.domain.faults.commands import ReportFault
from eosvolt.domain.faults.events import FaultKind
from eosvolt.domain.locations.events import Details
from eosvolt.domain.tariffs.tariff import BlockingFee, Strategy, Tariff, Window

COMPANY = 242
CHARGE_BOX_ID = "CP-1"
CHARGE_POINT = f"{COMPANY}/{CHARGE_BOX_ID}"
LOCATION = "harbour"
TOKEN = "04A1B2C3D4E5F6"

# A Saturday in winter: 10:00 UTC is 11:00 in Berlin, an hour before the price changes.
MORNING = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def after(minutes: float) -> datetime:
    """So many minutes after ``MORNING``."""
    return MORNING + timedelta(minutes=minutes)


FLAT_TARIFF = Tariff(
    currency="EUR",
    strategy=Strategy.PER_KWH,
    price=Decimal("0.50"),
    vat_rate=Decimal("0.19"),
    time_zone="Europe/Berlin",
)

# The product's own example: 0.80 at night, 1.20 by day, 0.70 in the evening.
TARIFF_BY_TIME_OF_DAY = Tariff(
    currency="EUR",
    strategy=Strategy.PER_KWH,
    price=Decimal("0.50"),
    vat_rate=Decimal("0.19"),
    time_zone="Europe/Berlin",
    windows=(
        Window(starts=0, ends=6 * 60, price=Decimal("0.80")),
        Window(starts=6 * 60, ends=12 * 60, price=Decimal("1.20")),
        Window(starts=18 * 60, ends=24 * 60, price=Decimal("0.70")),
    ),
    blocking_fee=BlockingFee(amount=Decimal("1.00"), interval_minutes=15),
)

TARIFF_PER_MINUTE = Tariff(
    currency="EUR",
    strategy=Strategy.PER_MINUTE,
    price=Decimal("0.10"),
    vat_rate=Decimal("0.19"),
    time_zone="Europe/Berlin",
)

TARIFF_WITH_CAPPED_FEE = Tariff(
    currency="EUR",
    strategy=Strategy.PER_KWH,
    price=Decimal("0.50"),
    vat_rate=Decimal("0.19"),
    time_zone="Europe/Berlin",
    blocking_fee=BlockingFee(amount=Decimal("1.00"), interval_minutes=15, cap=Decimal("2.50")),
)

DETAILS = Details(name="Harbour", address="Am Kai 1, Hamburg")
TWO_PLUGS = (
    ConnectorSpec(number=1, type="iec62196T2", max_power_w=22_000),
    ConnectorSpec(number=2, type="iec62196T2", max_power_w=22_000),
)
ADDED = ChargePointAdded(
    company=COMPANY, charge_box_id=CHARGE_BOX_ID, location=LOCATION, connectors=TWO_PLUGS, at=MORNING
)


def fault_report(minutes: float, code: str = "HighTemperature", **more: Any) -> ReportFault:
    """Plug 1 has a defect, so many minutes after ``MORNING``."""
    return ReportFault(
        company=COMPANY,
        location=LOCATION,
        charge_point=CHARGE_BOX_ID,
        connector=1,
        kind=FaultKind.HARDWARE,
        code=code,
        at=after(minutes),
        **more,
    )
