"""The pages and the API on the in-memory store: real requests, real operations, no socket and no database.

Only what has moved to operations can be asked here; the questions are answered from the same read models.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, cast
from uuid import NAMESPACE_URL, uuid5

import httpx2
import msgspec
from prometheus_client import CollectorRegistry

from eosvolt.adapters.documents.typesetter import Typesetter
from eosvolt.adapters.exports.table_files import ThreadedTableFiles
from eosvolt.adapters.http.app import create_app
from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.api_keys import digest_of
from eosvolt.adapters.http.framework.confirmation import Confirmation
from eosvolt.adapters.http.framework.hosts import Hosts
from eosvolt.adapters.http.pages import web_routes
from eosvolt.adapters.http.web import error_page
from eosvolt.adapters.images.encoder import PictureEncoder
from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.memory.event_store import MemoryEventStore
from eosvolt.adapters.memory.failed_jobs import MemoryFailedJobs
from eosvolt.adapters.memory.read_models import MemoryReadModels
from eosvolt.adapters.payments.sepa import SepaPayments
from eosvolt.adapters.time_zones.finder import TimeZoneLookup
from eosvolt.application.actor import Actor
from eosvolt.application.booking_offers import BookingOffers
from eosvolt.application.commands.payloads import CommandPayloads
from eosvolt.application.commands.request import CommandRequests
from eosvolt.application.executor import Application
from eosvolt.application.operations.operation import A, I, Operation, Operations
from eosvolt.application.operations.ports import Ports
from eosvolt.application.payment_providers import PaymentTerms
from eosvolt.application.payouts import PayingAccount, PayoutRules
from eosvolt.application.registration import Invitations
from eosvolt.domain.companies.commands import IssueApiKey, RegisterCompany
from eosvolt.domain.companies.decider import companies
from eosvolt.domain.kernel import Fact, Provenance
from eosvolt.projections import READ_MODELS
from eosvolt.runtime.event_feed import EventFeed
from eosvolt.runtime.supervisor import Supervisor
from tests.accounts_in_memory import OTHER_PERSON, PERSON, MemoryAccounts
from tests.drivers_in_memory import DRIVER_SECRET, MemoryDriverQueries, MemoryDrivers
from tests.evidence_in_memory import MemoryEvidenceFiles
from tests.examples import COMPANY, MORNING
from tests.factors_in_memory import MemoryPasskeys, MemorySecondFactors
from tests.gate_with_grants import GateWithGrants
from tests.invoices_in_memory import MemoryInvoiceable
from tests.payout_ledger_in_memory import MemoryPayoutLedger
from tests.platform_in_memory import STAFF, STAFF_COOKIE, MemoryPlatform, MemoryStaff
from tests.ports_in_memory import (
    Beside,
    Connections,
    MemoryAccountMails,
    MemoryBankAccounts,
    MemoryCredentials,
    MemoryCustomerRecords,
    MemoryFailedJobList,
    MemoryOwnAccounts,
    MemoryPictures,
    MemorySavedViews,
    MemoryTargets,
    MemoryUnknownChargers,
)
from tests.queries_in_memory import MemoryQueries

ADDRESS = "http://localhost"
KEY = "a-key-of-the-operators-own-choice"
OTHER_COMPANY = 77


class RecordedOperations(Operations):
    """Operations that remember which of them were asked for."""

    def __init__(self, application: Application, clock: SteppedClock, ports: Ports) -> None:
        super().__init__(application, clock, ports)
        self.asked: list[str] = []

    async def run(self, operation: Operation[I, A], actor: Actor, wanted: I, cause: str = "") -> A:
        self.asked.append(operation.name)
        return await super().run(operation, actor, wanted, cause)


async def _ready() -> Sequence[str]:
    return ()


class Site:
    """A company with two people and one program, and the web that they use.

    ``payment_terms`` is by which drivers pay who are no customers.
    """

    def __init__(self, payment_terms: PaymentTerms | None = None) -> None:
        self.payment_terms = payment_terms
        self.clock = SteppedClock(MORNING)
        self.store = MemoryEventStore(self.clock)
        self.application = Application(self.store)
        self.supervisor = Supervisor(MemoryFailedJobs(), self.clock)
        self.queries = MemoryQueries(MemoryReadModels(self.store, READ_MODELS))
        self.accounts = MemoryAccounts()
        self.own_accounts = MemoryOwnAccounts(PERSON, OTHER_PERSON)
        self.account_mails = MemoryAccountMails()
        self.second_factors = MemorySecondFactors()
        self.staff = MemoryStaff()
        self.staff_security = MemoryOwnAccounts(STAFF.id)
        self.staff_factors = MemorySecondFactors()
        self.platform = MemoryPlatform(self.queries.models, self.staff)
        self.mailing = False
        self.targets = MemoryTargets()
        self.credentials = MemoryCredentials()
        self.unknown_chargers = MemoryUnknownChargers()
        self.failed_jobs = MemoryFailedJobList()
        self.pictures = MemoryPictures()
        self.evidence_files = MemoryEvidenceFiles()
        self.bank_accounts = MemoryBankAccounts()
        self.saved_views = MemorySavedViews()
        self.customer_records = MemoryCustomerRecords()
        self.drivers = MemoryDrivers(self.customer_records)
        self.driver_queries = MemoryDriverQueries(self.queries.models)
        self.payout_rules = PayoutRules()
        self.connections = Connections()
        self.map_file: Path | None = None
        self._ids = 0
        payloads = CommandPayloads(self.application, self.queries, self._new_id, ADDRESS)
        connections = cast("Any", self.connections)
        self.requests = CommandRequests(self.application, self._new_id, connections, payloads)
        ports = Ports(
            accounts=self.accounts,
            account_mails=self.account_mails,
            invited_companies=self.staff,
            admins=self.accounts,
            estate=self.queries,
            targets=self.targets,
            commands=self.requests,
            gateway=connections,
            credentials=self.credentials,
            unknown_chargers=self.unknown_chargers,
            failed_jobs=self.failed_jobs,
            images=PictureEncoder(),
            pictures=self.pictures,
            evidence_files=self.evidence_files,
            bank_accounts=self.bank_accounts,
            saved_views=self.saved_views,
            customer_records=self.customer_records,
            payout_ledger=MemoryPayoutLedger(self.store, self.queries.models),
            payout_rules=self.payout_rules,
            reimbursed_sessions=self.queries,
            invoiceable=MemoryInvoiceable(self.queries.models),
            payment_terms=payment_terms,
        )
        self.operations = RecordedOperations(self.application, self.clock, ports)

    def _new_id(self) -> str:
        self._ids += 1
        return uuid5(NAMESPACE_URL, str(self._ids)).hex

    def beside(self) -> Beside:
        """What is kept beside the history now; the ids of new accounts are left out."""
        created = self.accounts.created.values()
        views = self.saved_views.stored.values()
        return Beside(
            dict(self.targets.targets),
            dict(self.credentials.passwords),
            dict(self.unknown_chargers.listed),
            dict(self.failed_jobs.jobs),
            [(each.email, each.company, each.name, each.owner) for each in created],
            sorted(each.email for each in self.accounts.invitations.values()),
            set(self.connections.here),
            dict(self.pictures.stored),
            dict(self.bank_accounts.stored),
            [(each.company, each.name, each.query, each.location, each.shared) for each in views],
            [(each.company, each.name, each.email) for each in self.customer_records.stored.values()],
        )

    @cached_property
    def gate(self) -> GateWithGrants:
        """Who may come in; set its ``grants`` to narrow what everybody may do."""
        nothing = cast("Any", None)
        dependencies = Dependencies(
            operations=self.operations,
            invitations=Invitations(self.application, self.clock),
            queries=cast("Any", self.queries),
            accounts=cast("Any", self.accounts),
            own_accounts=self.own_accounts,
            second_factors=self.second_factors,
            passkeys=MemoryPasskeys(),
            staff=self.staff,
            staff_security=self.staff_security,
            staff_factors=self.staff_factors,
            platform=self.platform,
            drivers=self.drivers,
            driver_queries=self.driver_queries,
            account_mails=self.account_mails,
            admins=self.accounts,
            targets=self.targets,
            mail=self.mailing,
            unknown_chargers=self.unknown_chargers,
            failed_jobs=self.failed_jobs,
            frame_account=nothing,
            frame_kept_days=90,
            installation=nothing,
            files=nothing,
            pictures=self.pictures,
            evidence_files=self.evidence_files,
            bank_accounts=self.bank_accounts,
            documents=Typesetter(),
            table_files=ThreadedTableFiles(),
            saved_views=self.saved_views,
            slot_offers=BookingOffers(self.application, self.queries),
            customers=self.customer_records,
            invoice_recipients=self.customer_records,
            payout_rules=self.payout_rules,
            payment_terms=self.payment_terms,
            payments=SepaPayments(PayingAccount("eosvolt Platform", "DE89370400440532013000")),
            confirmation=Confirmation(self.own_accounts, self.second_factors),
            time_zones=TimeZoneLookup(),
            map_file=self.map_file,
            feed=EventFeed(cast("Any", self.store), cast("Any", self.store), (), self.supervisor),
            clock=self.clock,
            public_url=ADDRESS,
            hosts=Hosts(["localhost"]),
            readiness=_ready,
            metrics=CollectorRegistry(),
        )
        return GateWithGrants(dependencies)

    @cached_property
    def web(self) -> httpx2.AsyncClient:
        """The web, asked without a socket."""
        dependencies, gate = self.gate.dependencies, self.gate
        app = create_app(dependencies, gate, web_routes(dependencies, gate), error_page(dependencies, gate))
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=ADDRESS)

    async def opened(self) -> "Site":
        """Register both companies and give the first one its API key."""
        for number, name in ((COMPANY, "Harbour"), (OTHER_COMPANY, "Elsewhere")):
            why = Provenance(number, "system:test")
            register = RegisterCompany(company=number, name=name, owner=PERSON, at=MORNING)
            await self.application.execute(companies, str(number), register, why)
        issue = IssueApiKey(
            key_id="k1", label="program", digest=digest_of(KEY), at=MORNING, responsible=PERSON
        )
        await self.application.execute(companies, str(COMPANY), issue, Provenance(COMPANY, "system:test"))
        return self

    async def api(
        self, method: str, path: str, body: object = None, key: str = KEY, **headers: str
    ) -> httpx2.Response:
        """A request of the company's program, or of another one with its ``key``; bytes are a picture."""
        sent = {name.replace("_", "-"): text for name, text in headers.items()}
        sent["authorization"] = f"Bearer {key}"
        content = body if isinstance(body, bytes) else None if body is None else msgspec.json.encode(body)
        if content is not None:
            sent.setdefault("content-type", "image/png" if isinstance(body, bytes) else "application/json")
        return await self.web.request(method, f"/api/v1{path}", content=content, headers=sent)

    async def page(
        self,
        path: str,
        form: Mapping[str, object] | None = None,
        by: str = PERSON,
        files: Mapping[str, bytes] | None = None,
    ) -> httpx2.Response:
        """A page that a person looks at, or the ``form`` that it sends, with ``files``.

        With the cookie of ``by``: of a person, of platform staff or of a driver.
        """
        names = {STAFF_COOKIE: "eosvolt-staff", DRIVER_SECRET: "eosvolt-driver"}
        cookie = f"{names.get(by, 'eosvolt')}={by}"
        headers = {"cookie": cookie, "sec-fetch-site": "same-origin"}
        if form is None:
            return await self.web.get(path, headers=headers)
        sent = {name: (f"{name}.csv", content) for name, content in (files or {}).items()}
        return await self.web.post(path, data=dict(form), files=sent or None, headers=headers)

    def since(self, position: int) -> list[Fact]:
        """The facts behind a position."""
        return self.store.facts[position:]
