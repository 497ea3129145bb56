from datetime import UTC, datetime, timedelta

from ocpp.v16 import call

from eosvolt.composition.assembly import assembled
from eosvolt.config import Settings
from tests.e2e.ocpp.site import Site, until
from tests.e2e.ocpp.station import station
from tests.e2e.running import RunningSystem

BOOT = call.BootNotification(charge_point_vendor="ACME", charge_point_model="AC22")
BEGINNING = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)


def at(minutes: int) -> str:
    return (BEGINNING + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


class InTenMinutes:
    """The time that it will be when nobody waits for the charger any more."""

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(minutes=10)


async def test_a_session_goes_on_after_a_reboot_in_its_middle(site: Site) -> None:
    """§7.4 case 46, with resumption."""
    site.add_charger()
    tag = site.add_token()
    async with station(site.url()) as cp:
        started = await cp.begin(tag, at(0))
        await cp.meter(at(10), {"value": "1000"}, transaction=started.transaction_id)
    async with station(site.url()) as cp:
        await cp.ask(BOOT)
        await cp.meter(at(20), {"value": "2000"}, transaction=started.transaction_id)
        await cp.end(started.transaction_id, at(30), 3_000)
    assert len(site.events("charger-rebooted")) == 1
    (ended,) = site.events("charging-ended")
    assert (ended["energyWh"], ended.get("provisional", False)) == (3_000, False)


async def test_a_session_that_is_not_resumed_ends_by_estimate_until_its_stop_comes_after_all(
    own_system: RunningSystem,
) -> None:
    """§7.4 case 46, without resumption; the server itself is restarted in between."""
    system = own_system
    system.start()
    system.create_company(242, "Volt Harbour")
    site = Site(system)
    site.add_charger()
    tag = site.add_token()
    async with station(site.url()) as cp:
        started = await cp.begin(tag, at(0))
        await cp.meter(at(10), {"value": "1000"}, transaction=started.transaction_id)
        await cp.ask(BOOT)
    system.stop()
    settings = Settings(database_url=system.database, data_dir=system.folder / "data")
    async with assembled(settings, system.database, clock=InTenMinutes()):
        query = "SELECT 1 FROM stored_events WHERE topic = 'charging-ended'"
        await until(lambda: bool(system.sql(query)))
    system.start()
    session = site.api().get(f"/sessions/{started.transaction_id}")
    assert (session["energyWh"], session["endedAt"]) == (1_000, at(10))
    async with station(site.url()) as cp:
        await cp.end(started.transaction_id, at(30), 3_000)
    (reconciled,) = site.events("end-reconciled")
    assert (reconciled["energyWh"], reconciled["previousEnergyWh"]) == (3_000, 1_000)
    assert (reconciled["endedAt"], reconciled["previousEndedAt"]) == (at(30), at(10))
