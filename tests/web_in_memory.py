"""The pages and the API on the in-memory store: real requests, real operations, no socket and no database.

Only what has moved to operations can be asked here; the questions are answered from the same read models.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, cast

import httpx2
import msgspec
from prometheus_client import CollectorRegistry

from eosvolt.adapters.http.api_keys import digest_of
from eosvolt.adapters.http.app import create_app
from eosvolt.adapters.http.auth import Gate
from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.hosts import Hosts
from eosvolt.adapters.http.ports import Account, Affected, FaultFilter, Page, Remembered
from eosvolt.adapters.http.web import error_page, web_routes
from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.memory.event_store import Change, MemoryEventStore
from eosvolt.adapters.memory.read_models import MemoryReadModels
from eosvolt.application.actor import Actor, api_key, person
from eosvolt.application.executor import Application
from eosvolt.application.notices import Target
from eosvolt.application.operations.operation import Operations
from eosvolt.application.permissions import OWNER, Grants
from eosvolt.application.ports import Alongside
from eosvolt.domain.companies.commands import IssueApiKey, RegisterCompany
from eosvolt.domain.companies.decider import companies
from eosvolt.domain.faults.commands import ReportFault
from eosvolt.domain.faults.decider import faults, subject
from eosvolt.domain.faults.events import FaultKind
from eosvolt.domain.kernel import Fact, Provenance
from eosvolt.projections import READ_MODELS
from eosvolt.projections.charge_points import charge_points
from eosvolt.projections.companies import ApiKeyRow, CompanyRow
from eosvolt.projections.companies import companies as company_model
from eosvolt.projections.faults import FaultRow
from eosvolt.projections.faults import faults as fault_model
from eosvolt.projections.locations import LocationRow
from eosvolt.projections.locations import locations as location_model
from eosvolt.projections.notification_rules import NotificationRuleRow
from eosvolt.projections.notification_rules import notification_rules as rule_model
from eosvolt.projections.notifications import NotificationRow
from eosvolt.projections.notifications import notifications as message_model
from eosvolt.projections.tokens import TokenRow
from eosvolt.projections.tokens import tokens as token_model
from tests.examples import CHARGE_BOX_ID, CHARGE_POINT, COMPANY, LOCATION, MORNING

ADDRESS = "http://localhost"
KEY = "a-key-of-the-operators-own-choice"
PERSON, OTHER_PERSON = "ana", "ben"
OTHER_COMPANY = 77
FAULT_SUBJECT = subject(CHARGE_POINT, 1, "GroundFailure")
FAULT = f"{FAULT_SUBJECT}#1"


class MemoryQueries:
    """The questions of ``ports.Queries`` that moved capabilities ask."""

    def __init__(self, models: MemoryReadModels) -> None:
        self.models = models

    async def company(self, company: int) -> CompanyRow | None:
        return self.models.row(company_model, str(company))

    async def api_key(self, digest: str) -> ApiKeyRow | None:
        return next((row for row in self._keys() if row.digest == digest), None)

    async def api_keys(self, company: int) -> Sequence[ApiKeyRow]:
        return [row for row in self._keys() if row.company == company]

    def _keys(self) -> list[ApiKeyRow]:
        model = next(model for model in READ_MODELS if model.row is ApiKeyRow)
        return cast("list[ApiKeyRow]", self.models.rows(model))

    async def locations(self, company: int, within: Collection[str] | None = None) -> Sequence[LocationRow]:
        return self.models.rows(
            location_model,
            lambda row: (
                row.company == company and not row.removed and (within is None or row.location in within)
            ),
        )

    async def location(self, company: int, location: str) -> LocationRow | None:
        row = self.models.row(location_model, location)
        return row if row is not None and row.company == company else None

    async def chargers_at(self, company: int, location: str) -> int:
        return len(
            self.models.rows(
                charge_points,
                lambda row: (row.company, row.location) == (company, location) and not row.removed,
            )
        )

    async def sessions(self, *_: object, **__: object) -> Page[Any]:
        return Page([], None)

    async def faults(self, company: int, wanted: FaultFilter, **_: object) -> Page[FaultRow]:
        rows = self.models.rows(
            fault_model,
            lambda row: row.company == company and (wanted.within is None or row.location in wanted.within),
        )
        return Page(rows, None)

    async def fault(self, company: int, fault: str) -> FaultRow | None:
        row = self.models.row(fault_model, fault)
        return row if row is not None and row.company == company else None

    async def affected(self, company: int, rows: Sequence[FaultRow], _: datetime) -> Mapping[str, Affected]:
        return {row.id: Affected(0) for row in rows if row.company == company}

    async def token(self, company: int, uid: str) -> TokenRow | None:
        return self.models.row(token_model, f"{company}/{uid.strip().upper()}")

    async def tokens(self, company: int, **_: object) -> Page[TokenRow]:
        return Page(self.models.rows(token_model, lambda row: row.company == company), None)

    async def notification_rules(self, company: int) -> Sequence[NotificationRuleRow]:
        return self.models.rows(rule_model, lambda row: row.company == company and not row.removed)

    async def notification_rule(self, company: int, rule: str) -> NotificationRuleRow | None:
        return next((row for row in await self.notification_rules(company) if row.rule == rule), None)

    async def notifications(self, company: int, rule: str, **_: object) -> Page[NotificationRow]:
        rows = self.models.rows(message_model, lambda row: (row.company, row.rule) == (company, rule))
        return Page(rows, None)

    async def notification(self, company: int, notification: str) -> NotificationRow | None:
        row = self.models.row(message_model, notification)
        return row if row is not None and row.company == company else None

    async def settled(self, *_: object) -> None:
        """Always."""

    async def caught_up(self, *_: object) -> bool:
        return True


class MemoryAccounts:
    """Two people of the company who are signed in: the secret is the account's name."""

    def __init__(self) -> None:
        self.answers: dict[tuple[int, str], Remembered] = {}

    async def by_session(self, secret: str) -> Account | None:
        if secret not in {PERSON, OTHER_PERSON}:
            return None
        email = f"{secret}@cpo.example"
        return Account(account=secret, company=COMPANY, email=email, name=secret, owner=True)

    async def names(self, company: int) -> Mapping[str, str]:
        return {name: name.title() for name in (PERSON, OTHER_PERSON)} if company == COMPANY else {}

    async def key_used(self, key_id: str, company: int, at: datetime) -> None:
        """Not looked at."""

    async def key_uses(self, _: int) -> Mapping[str, datetime]:
        return {}


class MemoryTargets:
    """Where messages go, by rule; a secret is the number of times that it was renewed."""

    def __init__(self) -> None:
        self.targets: dict[str, Target] = {}

    async def target(self, rule: str) -> Target | None:
        return self.targets.get(rule)

    def goes_to(self, rule: str, _: int, addresses: tuple[str, ...], url: str) -> Alongside:
        def put() -> None:
            secret = self.targets[rule].secret if rule in self.targets else "0"
            self.targets[rule] = Target(addresses, url, secret)

        return Change(put)

    def with_another_secret(self, rule: str) -> Alongside:
        def renew() -> None:
            before = self.targets[rule]
            self.targets[rule] = before._replace(secret=str(int(before.secret) + 1))

        return Change(renew)

    def forgotten(self, rule: str) -> Alongside:
        return Change(lambda: self.targets.pop(rule, None) and None)


class GateWithGrants(Gate):
    """A gate at which everybody has the grants that a test gives."""

    def __init__(self, dependencies: Dependencies) -> None:
        super().__init__(dependencies)
        self.dependencies = dependencies
        self.grants: Grants = OWNER

    def person(self, account: Account) -> Actor:
        return person(account.account, account.company, self.grants)

    def program(self, key_id: str, company: int) -> Actor:
        return api_key(key_id, company, self.grants)


async def _ready() -> Sequence[str]:
    return ()


class Site:
    """A company with two people and one program, and the web that they use."""

    def __init__(self) -> None:
        self.clock = SteppedClock(MORNING)
        self.store = MemoryEventStore(self.clock)
        self.application = Application(self.store)
        self.queries = MemoryQueries(MemoryReadModels(self.store, READ_MODELS))
        self.accounts = MemoryAccounts()
        self.targets = MemoryTargets()
        self.operations = Operations(self.application, self.clock, self.queries, self.accounts, self.targets)

    @cached_property
    def gate(self) -> GateWithGrants:
        """Who may come in; set its ``grants`` to narrow what everybody may do."""
        nothing = cast("Any", None)
        dependencies = Dependencies(
            application=self.application,
            operations=self.operations,
            commands=nothing,
            chargers=nothing,
            queries=cast("Any", self.queries),
            accounts=cast("Any", self.accounts),
            targets=self.targets,
            mail=False,
            strangers=nothing,
            failed_jobs=nothing,
            frame_account=nothing,
            frame_kept_days=90,
            files=nothing,
            feed=nothing,
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
        issue = IssueApiKey(key_id="k1", label="program", digest=digest_of(KEY), at=MORNING)
        await self.application.execute(companies, str(COMPANY), issue, Provenance(COMPANY, "system:test"))
        return self

    async def api(self, method: str, path: str, body: object = None, **headers: str) -> httpx2.Response:
        """A request of the company's program."""
        sent = {name.replace("_", "-"): text for name, text in headers.items()}
        sent["authorization"] = f"Bearer {KEY}"
        content = None if body is None else msgspec.json.encode(body)
        if content is not None:
            sent["content-type"] = "application/json"
        return await self.web.request(method, f"/api/v1{path}", content=content, headers=sent)

    async def page(
        self, path: str, form: Mapping[str, object] | None = None, by: str = PERSON
    ) -> httpx2.Response:
        """A page that a person looks at, or the ``form`` that it sends."""
        headers = {"cookie": f"eosvolt={by}", "sec-fetch-site": "same-origin"}
        if form is None:
            return await self.web.get(path, headers=headers)
        return await self.web.post(path, data=dict(form), headers=headers)

    def since(self, position: int) -> list[Fact]:
        """The facts behind a position."""
        return self.store.facts[position:]


async def a_fault(site: Site) -> None:
    """An entry of a plug of ``LOCATION``, open since ``MORNING``."""
    report = ReportFault(
        company=COMPANY,
        location=LOCATION,
        charge_point=CHARGE_BOX_ID,
        connector=1,
        kind=FaultKind.HARDWARE,
        code="GroundFailure",
        at=MORNING,
    )
    await site.application.execute(faults, FAULT_SUBJECT, report, Provenance(COMPANY, "charger:CP-1"))
