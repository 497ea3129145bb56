"""The parts of one process."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette

from eosvolt.adapters.documents.typesetter import Typesetter
from eosvolt.adapters.exports.table_files import ThreadedTableFiles
from eosvolt.adapters.geocoding.nominatim import NominatimGeocoder
from eosvolt.adapters.http.app import create_app
from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.confirmation import Confirmation
from eosvolt.adapters.http.framework.hosts import Hosts
from eosvolt.adapters.http.pages import web_routes
from eosvolt.adapters.http.upload_target import upload_routes
from eosvolt.adapters.http.web import api_reference, error_page
from eosvolt.adapters.ocpp.action_router import UseCaseHandlers
from eosvolt.adapters.ocpp.connection_registry import ConnectionRegistry
from eosvolt.adapters.ocpp.endpoint import ChargerEndpoint, OcppSettings
from eosvolt.adapters.payments.sepa import SepaPayments
from eosvolt.adapters.postgres.background_queries import BackgroundQueries
from eosvolt.adapters.postgres.failed_jobs import PostgresFailedJobs
from eosvolt.adapters.postgres.frame_log import FrameLog
from eosvolt.adapters.postgres.notification_targets import PostgresTargets
from eosvolt.adapters.postgres.numbers import PostgresNumbers
from eosvolt.adapters.postgres.projection_engine import ProjectionEngine
from eosvolt.adapters.postgres.queries import PostgresQueries
from eosvolt.adapters.postgres.unknown_chargers import UnknownChargers
from eosvolt.adapters.postgres.uploaded_files import UploadedFiles
from eosvolt.adapters.time_zones.finder import TimeZoneLookup
from eosvolt.application.booking_offers import BookingOffers
from eosvolt.application.certification import Certification
from eosvolt.application.charger_authentication import ChargerAuthentication
from eosvolt.application.charging import ChargingService
from eosvolt.application.commands.dispatch import CommandDispatch
from eosvolt.application.commands.expire import CommandExpiry
from eosvolt.application.maintenance import Maintenance
from eosvolt.application.payment_collection import PaymentCollection
from eosvolt.application.registration import Invitations
from eosvolt.application.uploads import Uploads
from eosvolt.composition.installation import InstallationReader
from eosvolt.composition.office import Office
from eosvolt.composition.payments import paying_account, payment_terms, payout_rules
from eosvolt.composition.tls import Tls
from eosvolt.runtime.event_feed import EventFeed

# The number of events by which read models may lag while the system counts as ready.
READY_LAG = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class System(Office):
    """All parts of one process."""

    dsn: str
    charging: ChargingService
    dispatch: CommandDispatch
    expiry: CommandExpiry
    queries: PostgresQueries
    engine: ProjectionEngine
    frames: FrameLog
    feed: EventFeed
    background: BackgroundQueries
    collection: PaymentCollection
    numbers: PostgresNumbers
    unknown_chargers: UnknownChargers
    failed_jobs: PostgresFailedJobs
    files: UploadedFiles
    targets: PostgresTargets
    tls: Tls | None
    connections: ConnectionRegistry
    metrics: CollectorRegistry
    installation: InstallationReader
    geocoder: NominatimGeocoder | None

    def app(self) -> Starlette:
        """The web application, including the endpoint for chargers."""
        dependencies = Dependencies(
            operations=self.operations,
            invitations=Invitations(self.application, self.clock),
            queries=self.queries,
            accounts=self.accounts,
            own_accounts=self.accounts.own,
            second_factors=self.accounts.second_factors,
            passkeys=self.accounts.passkeys,
            staff=self.accounts.staff,
            staff_security=self.accounts.staff_security,
            staff_factors=self.accounts.staff_factors,
            platform=self.accounts.platform,
            drivers=self.accounts.drivers,
            driver_queries=self.accounts.driver_queries,
            account_mails=self.accounts.mails,
            admins=self.accounts.admins,
            targets=self.targets,
            mail=bool(self.settings.smtp_url),
            unknown_chargers=self.unknown_chargers,
            failed_jobs=self.failed_jobs,
            frame_account=self.frames.losses,
            frame_kept_days=self.settings.frame_kept_days,
            installation=self.installation,
            files=self.files,
            pictures=self.pictures,
            evidence_files=self.evidence_files,
            bank_accounts=self.bank_accounts,
            documents=Typesetter(),
            table_files=ThreadedTableFiles(),
            saved_views=self.saved_views,
            slot_offers=BookingOffers(self.application, self.queries),
            customers=self.customer_records,
            invoice_recipients=self.customer_records,
            payout_rules=payout_rules(self.settings),
            payment_terms=payment_terms(self.settings),
            payments=SepaPayments(paying_account(self.settings)),
            confirmation=Confirmation(self.accounts.own, self.accounts.second_factors),
            time_zones=TimeZoneLookup(),
            geocoder=self.geocoder,
            feed=self.feed,
            clock=self.clock,
            public_url=self.settings.base_url,
            hosts=Hosts(self.settings.hosts),
            tls_port=self.settings.tls_port,
            readiness=self._troubles,
            metrics=self.metrics,
            metrics_token=self.settings.metrics_token,
            map_file=Path(self.settings.map_file) if self.settings.map_file else None,
        )
        gate = Gate(dependencies)
        ocpp_settings = OcppSettings(
            strict=self.settings.ocpp_conformance == "strict",
            heartbeat_seconds=self.settings.ocpp_heartbeat_interval,
            messages_per_second=self.settings.ocpp_messages_per_second,
            short_addresses=self.settings.ocpp_short_addresses,
        )
        endpoint = ChargerEndpoint(
            self.use_case_handlers,
            self.charger_authentication,
            self.frames,
            self.clock,
            self.connections,
            ocpp_settings,
        )
        return create_app(
            dependencies,
            gate,
            [*endpoint.routes, *upload_routes(self.uploads, self.queries), *web_routes(dependencies, gate)],
            error_page(dependencies, gate),
            api_reference(dependencies, gate),
        )

    @property
    def uploads(self) -> Uploads:
        """The service for files that chargers upload."""
        most_bytes = self.settings.upload_limit_mb * 2**20
        return Uploads(self.application, self.queries, self.files, self.clock, most_bytes)

    @property
    def use_case_handlers(self) -> UseCaseHandlers:
        """The use case handlers for messages of chargers."""
        signer = None if self.tls is None else self.tls.authority
        return UseCaseHandlers(
            self.charging,
            Maintenance(self.application, self.clock),
            Certification(self.application, self.clock, signer),
        )

    @property
    def charger_authentication(self) -> ChargerAuthentication:
        """The authentication of chargers."""
        signer = None if self.tls is None else self.tls.authority
        return ChargerAuthentication(
            self.application,
            self.accounts.charger_passwords,
            self.unknown_chargers,
            self.clock,
            authority="" if signer is None else signer.name,
            settled=self.queries.settled,
        )

    async def _troubles(self) -> Sequence[str]:
        """The reasons why the system is not ready at present; empty if it is."""
        try:
            async with asyncio.timeout(2):
                behind = await self.store.head() - await self.engine.bookmark()
                trouble = await self.store.trouble()
                rebuilding = await self.queries.rebuilding()
        except Exception as error:  # noqa: BLE001 - whatever it is, the database does not answer
            return [f"The database does not answer: {type(error).__name__}."]
        if trouble:
            return [f"Nothing can be stored: {trouble}."]
        if rebuilding:
            share = self.engine.rebuilt_share
            far = "" if share is None else f", {share:.0%} done"
            return [f"Read models are being rebuilt after an upgrade{far}: {', '.join(sorted(rebuilding))}."]
        if behind > READY_LAG:
            return [f"The read models are {behind} events behind."]
        return []
