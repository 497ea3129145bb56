"""The dependencies of the web application, which the composition passes in."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry

from eosvolt.adapters.http.framework.accounts import Accounts
from eosvolt.adapters.http.framework.confirmation import Confirmation
from eosvolt.adapters.http.framework.hosts import Hosts
from eosvolt.adapters.http.framework.staff import StaffAccounts
from eosvolt.adapters.http.ports.admins import AdminDirectory
from eosvolt.adapters.http.ports.chargers import UnknownChargerQueries
from eosvolt.adapters.http.ports.device_management import Files
from eosvolt.adapters.http.ports.drivers import DriverQueries
from eosvolt.adapters.http.ports.notifications import RuleTargets
from eosvolt.adapters.http.ports.own_account import AccountMailBox, AccountSecurity, OwnAccounts
from eosvolt.adapters.http.ports.passkeys import Passkeys
from eosvolt.adapters.http.ports.platform import PlatformQueries
from eosvolt.adapters.http.ports.queries import Feed, Queries
from eosvolt.adapters.http.ports.second_factors import SecondFactors
from eosvolt.adapters.http.ports.system import FailedJobList, FrameAccount, InstallationFacts
from eosvolt.application.bank_accounts import BankAccounts
from eosvolt.application.booking_offers import SlotOffers
from eosvolt.application.customers import CustomerDirectory, InvoiceRecipients
from eosvolt.application.drivers import DriverAccounts
from eosvolt.application.evidence_files import EvidenceFiles
from eosvolt.application.geocoding import Geocoder
from eosvolt.application.images import Pictures
from eosvolt.application.operations.operation import Operations
from eosvolt.application.payment_providers import PaymentTerms
from eosvolt.application.payouts import Payments, PayoutRules
from eosvolt.application.ports import Clock, TimeZones
from eosvolt.application.receipts import Documents
from eosvolt.application.registration import Invitations
from eosvolt.application.saved_views import SavedViews
from eosvolt.application.table_files import TableFiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies:
    """The dependencies of request handling.

    ``public_url`` is where people and chargers reach the system, e.g. ``https://cpo.example``; on
    ``tls_port`` chargers find TLS where the public address has none.
    ``readiness`` returns the reasons why the system is not ready; empty if it is. ``metrics`` is the registry
    of all collectors, readable with ``metrics_token`` if one is set. ``mail``: a mail server is configured.
    ``payments`` makes payment files; ``confirmation`` asks a person for the password again.
    ``payment_terms`` is by which drivers pay who are no customers; ``None``: they cannot start.
    ``map_file`` is the operator's map in PMTiles, ``geocoder`` looks addresses up, if there is one.
    """

    operations: Operations
    invitations: Invitations
    queries: Queries
    accounts: Accounts
    own_accounts: OwnAccounts
    second_factors: SecondFactors
    passkeys: Passkeys
    staff: StaffAccounts
    staff_security: AccountSecurity
    staff_factors: SecondFactors
    platform: PlatformQueries
    drivers: DriverAccounts
    driver_queries: DriverQueries
    account_mails: AccountMailBox
    admins: AdminDirectory
    targets: RuleTargets
    mail: bool
    unknown_chargers: UnknownChargerQueries
    failed_jobs: FailedJobList
    frame_account: FrameAccount
    frame_kept_days: int
    installation: InstallationFacts
    files: Files
    pictures: Pictures
    evidence_files: EvidenceFiles
    bank_accounts: BankAccounts
    documents: Documents
    table_files: TableFiles
    saved_views: SavedViews
    slot_offers: SlotOffers
    customers: CustomerDirectory
    invoice_recipients: InvoiceRecipients
    payout_rules: PayoutRules
    payments: Payments
    payment_terms: PaymentTerms | None = None
    confirmation: Confirmation
    time_zones: TimeZones
    geocoder: Geocoder | None = None
    feed: Feed
    clock: Clock
    public_url: str
    hosts: Hosts
    tls_port: int = 0
    readiness: Callable[[], Awaitable[Sequence[str]]]
    metrics: CollectorRegistry
    metrics_token: str = ""
    map_file: Path | None = None

    @property
    def secure(self) -> bool:
        """Whether browsers reach the system by https."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def speaks_tls(self) -> bool:
        """Whether chargers find TLS: on a port of ours, or at whatever serves the public address."""
        return bool(self.tls_port) or urlsplit(self.public_url).scheme == "https"

    def charger_links(self, company: int) -> dict[str, str]:
        """The two addresses that chargers of a company connect to; a charger appends its charge box id."""
        place = urlsplit(self.public_url)
        secure = place.netloc
        if self.tls_port and place.scheme == "http":
            # Nothing in front of us speaks TLS; we do it ourselves, on a port of its own.
            host = f"[{place.hostname}]" if ":" in (place.hostname or "") else place.hostname
            secure = f"{host}:{self.tls_port}"
        return {
            scheme: f"{scheme}://{where}{place.path}/ocpp/{company}"
            for scheme, where in (("wss", secure), ("ws", place.netloc))
        }
