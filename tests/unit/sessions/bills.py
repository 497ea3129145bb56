"""A session in Berlin before noon at 1.20 a kWh with 19 % VAT: what is told of it, and its bills by hand."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from eosvolt.domain.charge_points.reports import ConnectorStatus, Reading
from eosvolt.domain.money import Money, Taxed
from eosvolt.domain.sessions.commands import EndCharging, MeterEnergy, NoteConnector, StartSession
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import Bill, ChargingEnded, Place, SessionStarted
from eosvolt.domain.tariffs.rating import PriceLine
from eosvolt.domain.tokens.events import Authorization
from tests.examples import CHARGE_BOX_ID, COMPANY, LOCATION, MORNING, TARIFF_BY_TIME_OF_DAY, TOKEN, after
from tests.rule import Rule

NUMBER = 170_001
PLACE = Place(COMPANY, LOCATION, CHARGE_BOX_ID, 1, "Europe/Berlin")
PLUG = f"{COMPANY}/{CHARGE_BOX_ID}/1"
START = StartSession(
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


STOP = EndCharging(
    at=after(20), received_at=after(20.5), reason="Remote", meter_stop_wh=3000, note="By phone."
)
ENDED = ChargingEnded(
    place=PLACE,
    token=TOKEN,
    started_at=MORNING,
    at=after(20),
    received_at=after(20.5),
    energy_wh=2000,
    meter_stop_wh=3000,
    reason="Remote",
    bill=bill_of_energy(after(20), "2.000", 240, 202),
    fee_due_at=after(35),
    note="By phone.",
)


def ended(**changes: Any) -> ChargingEnded:
    """``ENDED`` with some fields changed."""
    return msgspec.structs.replace(ENDED, **changes)


def given(*events: object) -> Rule:
    return Rule(sessions).given(*events)  # type: ignore[arg-type] # events of one session


def status(minutes: float, what: ConnectorStatus) -> NoteConnector:
    return NoteConnector(status=what, at=after(minutes), received_at=after(minutes))


def readings(minutes: float, register: int, received: float, **measured: int) -> MeterEnergy:
    reading = Reading(at=after(minutes), register_wh=register, **measured)
    return MeterEnergy(received_at=after(received), readings=(reading,), transaction=NUMBER)
