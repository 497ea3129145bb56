"""A session in Berlin before noon, where a kWh costs 1.20 with 19 % VAT, and its bills by hand."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from eosvolt.domain.money import Money, Taxed
from eosvolt.domain.sessions.events import Bill, Place, SessionStarted
from eosvolt.domain.tariffs.rating import PriceLine
from eosvolt.domain.tokens.events import Authorization
from tests.examples import CHARGE_BOX_ID, COMPANY, LOCATION, MORNING, TARIFF_BY_TIME_OF_DAY, TOKEN, after

NUMBER = 170_001
PLACE = Place(COMPANY, LOCATION, CHARGE_BOX_ID, 1, "Europe/Berlin")
STARTED = SessionStarted(
    number=NUMBER,
    place=PLACE,
    token=TOKEN,
    at=MORNING,
    received_at=after(0.25),
    meter_start_wh=1000,
    transaction=NUMBER,
    tariff=TARIFF_BY_TIME_OF_DAY,
    max_power_w=22_000,
    authorization=Authorization.ACCEPTED,
)


def started(**changes: Any) -> SessionStarted:
    """``STARTED`` with some fields changed."""
    return msgspec.structs.replace(STARTED, **changes)


def euros(minor: int) -> Money:
    return Money("EUR", minor)


def taxed(gross: int, net: int) -> Taxed:
    return Taxed(gross=euros(gross), net=euros(net), vat=euros(gross - net))


NOTHING = Bill(lines=(), total=taxed(0, 0))


def bill_of_energy(until: datetime, kwh: str, gross: int, net: int) -> Bill:
    """What the energy until then costs at 1.20, in cents."""
    line = PriceLine(
        kind="energy",
        since=MORNING,
        until=until,
        quantity=Decimal(kwh),
        unit="kWh",
        price=Decimal("1.20"),
        gross=euros(gross),
        net=euros(net),
        vat=euros(gross - net),
    )
    return Bill(lines=(line,), total=taxed(gross, net))


def fee(since: datetime, until: datetime) -> PriceLine:
    """The fee of 1.00 for a quarter of an hour."""
    return PriceLine(
        kind="blockingFee",
        since=since,
        until=until,
        quantity=Decimal(1),
        unit="interval",
        price=Decimal("1.00"),
        gross=euros(100),
        net=euros(84),
        vat=euros(16),
    )
