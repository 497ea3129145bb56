"""``/company``: the sender's company."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import replace

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework.api_types import ApiInput, ShortText, View
from eosvolt.adapters.http.framework.endpoint import endpoint
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.application.company_settings import LONGEST_ORGANIZATION, CompanySettings
from eosvolt.application.operations import company as operations
from eosvolt.projections.companies import CompanyRow

Organization = Annotated[str, Meta(max_length=LONGEST_ORGANIZATION)]


class CompanyView(View, frozen=True, kw_only=True):
    """A company. ``id`` is the number in the chargers' addresses.

    ``certificateOrganization`` is accepted as the organization in certificates of other authorities for its
    chargers, beside its number. ``adoptInto`` is the location to which unknown chargers are added until
    ``adoptUntil``.
    """

    id: int
    name: str
    registered_at: datetime
    links: dict[str, str]
    adopt_into: str = ""
    adopt_until: datetime | None = None
    certificate_organization: str = ""


class CompanyChange(ApiInput, frozen=True, kw_only=True):
    """A JSON merge patch of a company (RFC 7396).

    ``certificateOrganization``: the organization in certificates that other authorities sign for the
    company's chargers; empty for its number alone. ``adoptInto``: adopt unknown chargers into
    this location, for 24 hours; ``null``: no longer.
    """

    name: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")] | UnsetType = UNSET
    adopt_into: ShortText | UnsetType | None = UNSET
    certificate_organization: Organization | UnsetType | None = UNSET


@endpoint("GET", "/company", needs=operations.VIEW)
async def company(call: ApiCall) -> CompanyView:
    """The sender's company."""
    return _view(call, await call.queries.company(call.company))


@endpoint("PATCH", "/company", operation=operations.change)
async def change_company(call: ApiCall, body: CompanyChange) -> CompanyView:
    """Change the name, the organization in certificates, or the adoption of unknown chargers for 24 hours."""

    def changed(known: CompanySettings) -> CompanySettings:
        organization = "" if body.certificate_organization is None else body.certificate_organization
        return replace(
            known,
            name=known.name if body.name is UNSET else body.name,
            organization=known.organization if organization is UNSET else organization,
        )

    adopt_into = "" if body.adopt_into is None else body.adopt_into
    wanted = operations.CompanyChangeInput(changed=changed, adopt_into=adopt_into)
    await call.run(operations.change, wanted)
    return _view(call, await call.queries.company(call.company))


def _view(call: ApiCall, row: CompanyRow | None) -> CompanyView:
    if row is None:
        raise not_found()
    adopting = row.adopts_until is not None and call.now < row.adopts_until
    return CompanyView(
        id=row.company,
        name=row.name,
        registered_at=row.registered_at,
        links=call.dependencies.charger_links(row.company),
        adopt_into=row.adopts_into if adopting else "",
        adopt_until=row.adopts_until if adopting else None,
        certificate_organization=row.organization,
    )


ENDPOINTS = (company, change_company)
