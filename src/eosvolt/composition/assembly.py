"""Assembles the system and runs the parts of a process's role."""

import contextlib
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from enum import StrEnum

from prometheus_client import CollectorRegistry

from eosvolt.adapters.clock import WallClock
from eosvolt.adapters.geocoding.nominatim import NominatimGeocoder
from eosvolt.adapters.images.encoder import PictureEncoder
from eosvolt.adapters.ocpp.connection_registry import ConnectionRegistry
from eosvolt.adapters.ocpp.counters import ConnectionCounters
from eosvolt.adapters.postgres.background_queries import BackgroundQueries
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.failed_jobs import PostgresFailedJobs
from eosvolt.adapters.postgres.frame_log import FrameLog
from eosvolt.adapters.postgres.notification_targets import PostgresTargets
from eosvolt.adapters.postgres.numbers import PostgresNumbers
from eosvolt.adapters.postgres.projected_log import ProjectedLog
from eosvolt.adapters.postgres.projection_engine import ProjectionEngine
from eosvolt.adapters.postgres.queries import PostgresQueries
from eosvolt.adapters.postgres.sealer import Sealer
from eosvolt.adapters.postgres.unknown_chargers import UnknownChargers
from eosvolt.adapters.postgres.uploaded_files import UploadedFiles
from eosvolt.application.charging import ChargingService
from eosvolt.application.commands.dispatch import CommandDispatch
from eosvolt.application.commands.expire import CommandExpiry
from eosvolt.application.commands.payloads import CommandPayloads
from eosvolt.application.commands.request import CommandRequests
from eosvolt.application.commands.results import CommandResults
from eosvolt.application.executor import STREAMS_IN_MEMORY
from eosvolt.application.operations.operation import Operations
from eosvolt.application.operations.ports import Ports
from eosvolt.application.payment_collection import PaymentCollection
from eosvolt.application.ports import Clock
from eosvolt.composition.chain import frame_budgets, history_sealer
from eosvolt.composition.gateways import gateway_begun
from eosvolt.composition.installation import installation_facts
from eosvolt.composition.jobs import OUTAGE, gateway_jobs, report_jobs, worker_jobs
from eosvolt.composition.office import office
from eosvolt.composition.payments import collector, payment_terms, payout_rules
from eosvolt.composition.system import System
from eosvolt.composition.tls import tls
from eosvolt.config import Settings
from eosvolt.domain.vocabulary import EVENTS
from eosvolt.metrics import SystemMetrics
from eosvolt.projections import READ_MODELS
from eosvolt.runtime.event_feed import EventFeed
from eosvolt.runtime.supervisor import Supervisor, Work

READ_MODELS_BUILT_WITHIN = 120


class Role(StrEnum):
    """The role of a process: charger connections, web and API, background work, or all of them."""

    ALL = "all"
    GATEWAY = "gateway"
    WEB = "web"
    WORKER = "worker"


@contextlib.asynccontextmanager
async def assembled(
    settings: Settings, dsn: str, role: Role = Role.ALL, clock: Clock | None = None
) -> AsyncIterator[System]:
    """Assemble the system and run the parts that ``role`` needs until the context is left.

    The database must have the current schema.
    """
    clock = clock or WallClock()
    process = f"{role}-{_new_id()[:6]}"
    connections = ConnectionRegistry(ConnectionCounters(), process)
    frames = FrameLog(dsn, budgets=frame_budgets(settings))
    works = role in (Role.ALL, Role.WORKER)
    async with contextlib.AsyncExitStack() as parts:
        failed_jobs = await parts.enter_async_context(PostgresFailedJobs(dsn))
        await parts.enter_async_context(frames.losses)
        installation = await parts.enter_async_context(installation_facts(settings, dsn, process))
        sealer = history_sealer(settings, dsn, failed_jobs, clock)
        if works:
            # Closed after the event store, so that no event stays unsealed.
            parts.push_async_callback(sealer.close)
        # Only a gateway writes to the same streams so often that it caches them.
        gateway = role in (Role.ALL, Role.GATEWAY)
        known = STREAMS_IN_MEMORY if gateway else 0
        back = await parts.enter_async_context(office(settings, dsn, clock, known))
        store, application = back.store, back.application
        numbers = await parts.enter_async_context(PostgresNumbers(dsn))
        background = await parts.enter_async_context(BackgroundQueries(dsn, store))
        unknown_chargers = await parts.enter_async_context(UnknownChargers(dsn))
        files = await parts.enter_async_context(UploadedFiles(dsn))
        targets = await parts.enter_async_context(PostgresTargets(dsn, settings.secret().encode()))
        contexts = tls(settings) if gateway else None
        geocoder = await parts.enter_async_context(_geocoder(settings))
        engine = ProjectionEngine(dsn, store, READ_MODELS, EVENTS)
        queries = await parts.enter_async_context(PostgresQueries(dsn, store, engine))
        supervisor = Supervisor(failed_jobs, clock)
        feed = EventFeed(ProjectedLog(store, engine), store, OUTAGE, supervisor)
        charging = ChargingService(application, numbers, clock, queries)
        payloads = CommandPayloads(application, queries, _new_id, settings.base_url)
        requests = CommandRequests(application, _new_id, connections, payloads)
        ports = Ports(
            accounts=back.accounts,
            account_mails=back.accounts.mails,
            invited_companies=back.accounts.staff,
            admins=back.accounts.admins,
            estate=queries,
            targets=targets,
            commands=requests,
            gateway=connections,
            credentials=back.accounts.charger_passwords,
            unknown_chargers=unknown_chargers,
            failed_jobs=failed_jobs,
            images=PictureEncoder(),
            pictures=back.pictures,
            evidence_files=back.evidence_files,
            bank_accounts=back.bank_accounts,
            saved_views=back.saved_views,
            customer_records=back.customer_records,
            payout_ledger=queries,
            reimbursed_sessions=queries,
            payout_rules=payout_rules(settings),
            invoiceable=queries,
            payment_terms=payment_terms(settings),
        )
        results = CommandResults(application, clock, payloads)
        dispatch = CommandDispatch(
            application,
            clock,
            connections,
            back.accounts.charger_passwords,
            results,
            timedelta(seconds=settings.ocpp_call_timeout),
        )
        connections.report_late_answers(results.answered_late)
        system = System(
            settings=settings,
            dsn=dsn,
            clock=clock,
            store=store,
            application=application,
            charging=charging,
            operations=Operations(application, clock, ports),
            dispatch=dispatch,
            expiry=CommandExpiry(application, clock, results),
            queries=queries,
            accounts=back.accounts,
            engine=engine,
            frames=frames,
            feed=feed,
            background=background,
            collection=PaymentCollection(application, clock, requests, background, collector(settings)),
            numbers=numbers,
            unknown_chargers=unknown_chargers,
            failed_jobs=failed_jobs,
            files=files,
            pictures=back.pictures,
            evidence_files=back.evidence_files,
            bank_accounts=back.bank_accounts,
            saved_views=back.saved_views,
            customer_records=back.customer_records,
            targets=targets,
            tls=contexts,
            connections=connections,
            metrics=_metrics(connections, store, engine, frames, sealer),
            installation=installation,
            geocoder=geocoder,
        )
        if works:
            first: dict[str, Work] = {"read models": engine.run, "history chain": sealer.run}
            await parts.enter_async_context(supervisor.running(first))
        await background.until_built(READ_MODELS_BUILT_WITHIN)
        later: dict[str, Work] = {}
        if works:
            later |= worker_jobs(system, supervisor, sealer)
        if gateway:
            later |= gateway_jobs(system, supervisor, await gateway_begun(system))
        later |= report_jobs(system, supervisor, process)
        await parts.enter_async_context(supervisor.running(later))
        yield system


def _new_id() -> str:
    return uuid.uuid4().hex


def _metrics(
    connections: ConnectionRegistry,
    store: PostgresEventStore,
    engine: ProjectionEngine,
    frames: FrameLog,
    sealer: Sealer,
) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(SystemMetrics(connections.counters, store, engine, frames, sealer))
    return registry


def _geocoder(settings: Settings) -> contextlib.AbstractAsyncContextManager[NominatimGeocoder | None]:
    url = settings.geocoder_url
    return NominatimGeocoder(url) if url else contextlib.nullcontext()
