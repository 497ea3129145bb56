"""A request of a signed-in user: the user, the URL's parameters, and the dependencies of the response."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import unquote, urlencode

import msgspec

from eosvolt.adapters.http.framework.plain_text import plain
from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.adapters.http.web.shell.addresses import link, picture_address
from eosvolt.adapters.http.web.shell.base_request import BaseRequest
from eosvolt.adapters.http.web.shell.company_locations import CompanyLocations
from eosvolt.adapters.http.web.shell.looking_back import PastPages
from eosvolt.adapters.http.web.shell.route_table import RouteTable
from eosvolt.application.access import Account
from eosvolt.application.actor import Actor
from eosvolt.application.operations.commands import need_of
from eosvolt.application.operations.operation import A, I, Operation
from eosvolt.application.permissions import Action, Permission, ProductArea, allows, only_to_look
from eosvolt.domain.calendar import local_date
from eosvolt.projections.companies import CompanyRow

# The key of the user's grants in the state of a request's scope, for error pages.
GRANTS = "grants"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest(BaseRequest):
    """A signed-in request. ``as_of`` is set for a page as of an earlier instant, ``past_pages`` if it can be.

    ``position`` is one of the history that the read models had reached when the request came.
    ``attention`` is the number of faults that need it, if counted. ``people`` are names by actor.
    """

    account: Account
    company: CompanyRow
    routes: RouteTable
    locations: CompanyLocations
    position: int = 0
    as_of: datetime | None = None
    attention: int = 0
    people: Mapping[str, str] = field(default_factory=dict)
    past_pages: PastPages | None = None

    @property
    def queries(self) -> Queries:
        """The read models as of the instant of the page, restricted to what the user may see."""
        return self.dependencies.queries.narrowed(self.within).as_of(self.as_of)

    @property
    def actor(self) -> Actor:
        """The actor of the user, who can only look at the past."""
        actor = self.gate.person(self.account)
        if self.as_of is None:
            return actor
        return msgspec.structs.replace(actor, grants=only_to_look(actor.grants))

    @property
    def within(self) -> frozenset[str] | None:
        """The locations that the user may see; ``None`` for all."""
        return self.actor.grants.locations

    async def run(self, operation: Operation[I, A], wanted: I) -> A:
        """Run the route's operation and wait until the read models show it. Raises its refusals."""
        return await self.run_as(self.actor, operation, wanted)

    async def run_unsettled(self, operation: Operation[I, A], wanted: I) -> A:
        """Like ``run``, without waiting for the read models; for one of several operations."""
        return await self.run_unsettled_as(self.actor, operation, wanted)

    def may_open(self, path: str) -> bool:
        """Whether the user may open the page, e.g. ``may_open("/tokens/{token}/edit")``: for links to it."""
        return self.routes.may_open(path, self.actor.grants)

    def may_post(self, path: str) -> bool:
        """Whether the user may send a form there, e.g. ``may_post("/tokens")``: for showing the form."""
        return self.routes.may_post(path, self.actor.grants)

    def may(self, action: str, page: str) -> bool:
        """Whether the user may do it somewhere, e.g. ``may("export", "sessions")``; for what a page hides."""
        return allows(self.actor.grants, Permission(Action(action), ProductArea(page)))

    def may_send(self, action: str) -> bool:
        """Whether the user may send chargers this command somewhere, e.g. ``may_send("reset")``."""
        return allows(self.actor.grants, need_of(action))

    @property
    def number(self) -> int:
        """The company's number."""
        return self.account.company

    @property
    def logo(self) -> str:
        """The address of the company's logo; empty without one."""
        return picture_address(self.company.logo)

    @property
    def then(self) -> datetime:
        """The instant that the page is about."""
        return self.as_of or self.now

    @property
    def today(self) -> date:
        """The local date at the company's first location, at the instant that the page is about."""
        return local_date(self.then, self.locations.zone())

    def query(self, name: str, default: str = "") -> str:
        """A query parameter."""
        return plain(self.raw.query_params.get(name, default))

    def query_values(self, name: str) -> tuple[str, ...]:
        """All values of a query parameter."""
        return tuple(filter(None, map(plain, self.raw.query_params.getlist(name))))

    @property
    def part_key(self) -> str:
        """The requested one of several similar parts of the page."""
        return plain(unquote(self.raw.headers.get("x-at", "")))

    def password(self, name: str) -> str:
        """A password of the submitted form as it was typed: blanks belong to it."""
        value = self.form.get(name, "")
        return value if isinstance(value, str) else ""

    def form_values(self) -> dict[str, list[str]]:
        """All values of the submitted form, by name."""
        return {
            name: [plain(each) for each in self.form.getlist(name) if isinstance(each, str)]
            for name in self.form
        }

    def link(self, path: str | None = None, **changes: object) -> str:
        """This URL with changed query parameters. ``None`` removes one, a list gives several values."""
        target = self.raw.url.path if path is None else path
        return link(target, self.raw.query_params.multi_items(), changes)

    def link_as_of(self, path: str) -> str:
        """The URL of another page as of the same instant."""
        at = self.query("asOf")
        return f"{path}?{urlencode({'asOf': at})}" if at else path
