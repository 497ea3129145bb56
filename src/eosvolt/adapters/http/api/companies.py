"""``/company``: the company that asks."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from eosvolt.adapters.http.endpoint import Call, endpoint
from eosvolt.adapters.http.problems import not_found
from eosvolt.adapters.http.shapes import View, Wish
from eosvolt.domain.companies.commands import RenameCompany
from eosvolt.domain.companies.decider import companies
from eosvolt.projections.companies import CompanyRow


class CompanyView(View, frozen=True, kw_only=True):
    """A company. ``id`` is the number in the chargers' addresses."""

    id: int
    name: str
    registered_at: datetime
    links: dict[str, str]


class CompanyChange(Wish, frozen=True, kw_only=True):
    """What can be changed of a company."""

    name: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]


@endpoint("GET", "/company")
async def company(call: Call) -> CompanyView:
    """The company that asks."""
    return _view(call, await call.queries.company(call.company))


@endpoint("PATCH", "/company")
async def change_company(call: Call, body: CompanyChange) -> CompanyView:
    """Change the name shown to users."""
    rename = RenameCompany(name=body.name, at=call.now)
    await call.application.execute(companies, str(call.company), rename, call.why)
    await call.queries.settled()
    return _view(call, await call.queries.company(call.company))


def _view(call: Call, row: CompanyRow | None) -> CompanyView:
    if row is None:
        raise not_found()
    return CompanyView(
        id=row.company,
        name=row.name,
        registered_at=row.registered_at,
        links=call.dependencies.charger_links(row.company),
    )


ENDPOINTS = (company, change_company)
