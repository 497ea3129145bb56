"""A charger that declares kWh as Wh is noticed, and billed as it declares."""

from datetime import UTC, datetime, timedelta

from eosvolt.domain.faults.events import FaultOpened, FaultRecovered
from tests.e2e.ocpp.charger import Charger, charger
from tests.e2e.ocpp.inside.gateway import Gateway
from tests.e2e.ocpp.site import until

BEGINNING = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)


async def tell(cp: Charger, minute: int, register: float) -> None:
    at = (BEGINNING + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")
    samples = [
        {"value": f"{register:.0f}", "unit": "Wh"},
        {"value": "11000", "measurand": "Power.Active.Import", "unit": "W"},
    ]
    value = {"timestamp": at, "sampledValue": samples}
    assert await cp.call("MeterValues", connectorId=1, meterValue=[value]) == {}


async def test_kwh_declared_as_wh_is_a_fault_until_the_figures_fit(gateway: Gateway) -> None:
    await gateway.add_charger("CP-1")
    async with charger(gateway.url("242/CP-1")) as cp:
        for minute in range(70):
            await tell(cp, minute, 5000 + 11 * minute / 60)
        await until(lambda: bool(gateway.events(FaultOpened)))
        (opened,) = (fact.event for fact in gateway.events(FaultOpened))
        assert isinstance(opened, FaultOpened)
        assert (opened.code, opened.connector) == ("EnergyUnitDoubtful", 1)
        for minute in range(70, 140):
            await tell(cp, minute, 9000 + 11_000 * minute / 60)
        await until(lambda: bool(gateway.events(FaultRecovered)))
