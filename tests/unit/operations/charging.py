"""Chargers and sessions with which tests of operations begin."""

from datetime import timedelta

from eosvolt.adapters.memory.numbers import MemoryNumbers
from eosvolt.application.actor import person
from eosvolt.application.charger_changes import ChargerTerms
from eosvolt.application.charging import ChargingService
from eosvolt.application.failed_jobs import FailedJob, Job
from eosvolt.application.operations import chargers, locations
from eosvolt.application.operations.chargers import ChargerChangeInput, NewChargerInput
from eosvolt.application.operations.locations import LocationTerms, NewLocationInput
from eosvolt.domain.charge_points.reports import (
    Boot,
    ConnectorStatus,
    StartReport,
    StatusReport,
    StopReport,
)
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import CertificateIssued
from tests.accounts_in_memory import PERSON
from tests.examples import (
    CHARGE_BOX_ID,
    CHARGE_POINT,
    COMPANY,
    DETAILS,
    FLAT_TARIFF,
    LOCATION,
    MORNING,
    TOKEN,
    TWO_PLUGS,
    after,
)
from tests.web_in_memory import Site

OWNER = person(PERSON, COMPANY)
PASSWORD = "an old password"
SESSION = "170001"
BY_CHARGER = Provenance(COMPANY, f"charger:{CHARGE_BOX_ID}")


class _Directory:
    async def only_company(self) -> int | None:
        return COMPANY


async def a_location(site: Site) -> None:
    terms = LocationTerms(details=DETAILS, tariff=FLAT_TARIFF)
    await site.operations.run(locations.add, OWNER, NewLocationInput(location=LOCATION, terms=terms))


async def a_charger(site: Site) -> None:
    """A charger with a password that is not connected."""
    await a_location(site)
    added = NewChargerInput(charger=CHARGE_BOX_ID, location=LOCATION, connectors=TWO_PLUGS, password=PASSWORD)
    await site.operations.run(chargers.add, OWNER, added)


async def a_connected_charger(site: Site) -> ChargingService:
    """The same, connected and started."""
    await a_charger(site)
    charging = ChargingService(site.application, MemoryNumbers(), site.clock, _Directory())
    site.connections.here.add(CHARGE_POINT)
    await charging.connected(
        CHARGE_POINT,
        at=site.clock.now(),
        protocol="ocpp1.6",
        secure=False,
        authenticated=True,
        address="192.0.2.1",
    )
    await charging.booted(CHARGE_POINT, Boot(received_at=site.clock.now(), vendor="ACME", model="AC22"))
    return charging


async def a_held_charger(site: Site) -> None:
    """The same, which is told to wait at its next boot."""
    charging = await a_connected_charger(site)
    held = ChargerChangeInput(charger=CHARGE_BOX_ID, terms=ChargerTerms(held=True))
    await site.operations.run(chargers.change, OWNER, held)
    site.clock.set(after(1))
    boot = Boot(received_at=site.clock.now(), vendor="ACME", model="AC22")
    await charging.booted(CHARGE_POINT, boot)


async def a_charger_with_a_certificate(site: Site) -> None:
    """The same as a connected one, with a certificate of ours."""
    await a_connected_charger(site)
    issued = CertificateIssued(
        at=MORNING,
        request="ab",
        serial="01",
        fingerprint="cd",
        not_after=MORNING + timedelta(days=90),
    )
    await site.application.execute(maintenance, CHARGE_POINT, RecordDeviceEvent(event=issued), BY_CHARGER)


async def a_session(site: Site) -> ChargingService:
    """Session ``SESSION``, which is charging."""
    charging = await a_connected_charger(site)
    started = StartReport(connector=1, token=TOKEN, at=MORNING, received_at=MORNING, meter_start_wh=1_000)
    await charging.started(CHARGE_POINT, started)
    site.clock.set(after(60))
    return charging


async def a_session_with_held_energy(site: Site) -> None:
    """The same, over, with more energy than its plug delivers."""
    charging = await a_session(site)
    stopped = StopReport(
        transaction=int(SESSION), at=after(60), received_at=after(60), meter_stop_wh=161_000, reason="Local"
    )
    await charging.stopped(CHARGE_POINT, stopped)


async def a_paid_session(site: Site) -> ChargingService:
    """The same, over, with 5.00 to refund."""
    charging = await a_session(site)
    stopped = StopReport(
        transaction=int(SESSION), at=after(60), received_at=after(60), meter_stop_wh=11_000, reason="Local"
    )
    await charging.stopped(CHARGE_POINT, stopped)
    free = StatusReport(
        connector=1,
        status=ConnectorStatus.AVAILABLE,
        at=after(60),
        received_at=after(60),
        error_code="NoError",
    )
    await charging.reported(CHARGE_POINT, free)
    return charging


async def an_unknown_charger(site: Site) -> None:
    """``CHARGE_BOX_ID`` tried to connect, and there is a location for it."""
    await a_location(site)
    site.unknown_chargers.attempted(CHARGE_BOX_ID, MORNING)


async def a_failed_job(site: Site) -> None:
    """Job 7 of the company was given up."""
    site.failed_jobs.jobs[7] = FailedJob(
        7, Job.DEADLINE.value, "session:1", COMPANY, MORNING, 9, MORNING, MORNING, None, "broken"
    )
