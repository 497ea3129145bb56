"""A request of somebody who is signed in: who asks, what is in the address, what answers are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import unquote, urlencode

from starlette.datastructures import FormData
from starlette.requests import Request

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.one_operation import Named, check_named
from eosvolt.adapters.http.framework.plain_text import plain
from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.adapters.http.web.shell.addresses import link
from eosvolt.adapters.http.web.shell.company_locations import CompanyLocations
from eosvolt.adapters.http.web.shell.forms import (
    unseen_in,
)
from eosvolt.adapters.http.web.shell.path_parameters import decoded
from eosvolt.application.access import Account
from eosvolt.application.actor import Actor
from eosvolt.application.operations.operation import A, I, Operation
from eosvolt.domain.calendar import local_date
from eosvolt.projections.companies import CompanyRow


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A signed-in request. ``as_of`` is set while looking back at an earlier instant.

    ``attention`` counts the faults that need it, as far as they are counted. ``people`` are names by actors.
    """

    raw: Request
    account: Account
    company: CompanyRow
    dependencies: Dependencies
    gate: Gate
    now: datetime
    locations: CompanyLocations
    as_of: datetime | None = None
    attention: int = 0
    people: Mapping[str, str] = field(default_factory=dict)
    form: FormData = field(default_factory=FormData)
    operation: Named = None

    @property
    def queries(self) -> Queries:
        """The read models, as far as whoever asks may see them."""
        return self.dependencies.queries.narrowed(self.within)

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return self.gate.person(self.account)

    @property
    def within(self) -> frozenset[str] | None:
        """The only locations that whoever asks may see; ``None`` for all."""
        return self.actor.grants.locations

    async def run(self, operation: Operation[I, A], wanted: I) -> A:
        """Carry out the route's operation; pages that follow show what came of it. Raises its refusals."""
        answer = await self.run_unsettled(operation, wanted)
        await self.queries.settled()
        return answer

    async def run_unsettled(self, operation: Operation[I, A], wanted: I) -> A:
        """The same for one of several, which pages need not show yet."""
        check_named(self.operation, operation)
        trace = self.raw.scope.get("state", {}).get("trace", "")
        return await self.dependencies.operations.run(operation, self.actor, wanted, f"request:{trace}")

    @property
    def number(self) -> int:
        """The company's number."""
        return self.account.company

    @property
    def then(self) -> datetime:
        """The instant that the page is about."""
        return self.as_of or self.now

    @property
    def today(self) -> date:
        """The local date at the company's first location, at the instant that the page is about."""
        return local_date(self.then, self.locations.zone())

    def path_parameter(self, name: str) -> str:
        """A part of the path, decoded. 404 for bytes that are no text."""
        return decoded(self.raw, name)

    def query(self, name: str, default: str = "") -> str:
        """A value of the address's query."""
        return plain(self.raw.query_params.get(name, default))

    def query_values(self, name: str) -> tuple[str, ...]:
        """All values of the address's query under one name."""
        return tuple(filter(None, map(plain, self.raw.query_params.getlist(name))))

    @property
    def piece(self) -> str:
        """Which of several alike parts of the page is asked for."""
        return plain(unquote(self.raw.headers.get("x-at", "")))

    def form_value(self, name: str, default: str = "") -> str:
        """A value of the form that was sent."""
        value = self.form.get(name, default)
        return plain(value) if isinstance(value, str) else default

    @property
    def unseen(self) -> dict[str, str]:
        """The fields that have characters which cannot be seen, each with what to say there."""
        return unseen_in(self.form)

    def form_values(self) -> dict[str, list[str]]:
        """Everything that was typed into the form that was sent, by name."""
        return {
            name: [plain(each) for each in self.form.getlist(name) if isinstance(each, str)]
            for name in self.form
        }

    def link(self, path: str | None = None, **changes: object) -> str:
        """This address with other values in its query. ``None`` takes a value away, a list gives several."""
        target = self.raw.url.path if path is None else path
        return link(target, self.raw.query_params.multi_items(), changes)

    def link_as_of(self, path: str) -> str:
        """Another page, at the same instant that this one looks back at."""
        at = self.query("asOf")
        return f"{path}?{urlencode({'asOf': at})}" if at else path
