"""``/driver/home-chargers``: drivers redeem codes, and say who else may charge at their homes."""

from datetime import datetime
from typing import Annotated
from uuid import uuid4

from msgspec import Meta

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework.api_types import ApiInput, Instant, Items, ShortText, View, utc
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.presentation.driving import home_of_code, own_homes
from eosvolt.application.operations import driving
from eosvolt.application.operations.driving import DriverCode, DriverGuest, DriverGuestEnd
from eosvolt.domain.companies.settings import CompanyLanguage
from eosvolt.projections.home_chargers import HomeChargerRow


class HomeCode(ApiInput, frozen=True, kw_only=True):
    """The code of a home charger; case, blanks and dashes do not matter."""

    code: Annotated[str, Meta(min_length=1, max_length=100, examples=["7K3F-9M2X-4TRB-0QZV"])]


class GuestInput(ApiInput, frozen=True, kw_only=True):
    """A token that may charge at the driver's home until an instant."""

    token: Annotated[ShortText, Meta(min_length=1)]
    until: Instant


class HomeGuestView(View, frozen=True, kw_only=True):
    """A token that may charge at the home, a guest's until an instant."""

    token: str
    kind: str
    until: datetime | None = None


class OwnHomeView(View, frozen=True, kw_only=True):
    """A home charger that the driver owns."""

    id: str
    company: int
    charge_box_id: str
    tokens: list[HomeGuestView]
    owner_since: datetime | None = None


@endpoint("GET", "/driver/home-chargers", needs=driving.DRIVE)
async def list_own_homes(call: ApiCall, query: PageQuery) -> Answer[Items[OwnHomeView]]:
    """The home chargers that the driver owns."""
    rows = await own_homes(call.dependencies, call.driver)
    return paged(call, [_view(row) for row in rows], lambda each: each.id, query)


@endpoint("POST", "/driver/home-chargers/redeem", refusals=(404, 409), operation=driving.redeem)
async def redeem_home_code(call: ApiCall, body: HomeCode) -> OwnHomeView:
    """Become the owner of the home charger to which a code belongs. Of several at once one wins.

    404 for a code that nobody was given, 409 for one that was used, has expired or was replaced.
    """
    there = await home_of_code(call.gate, call.request, call.dependencies, body.code)
    driver = call.driver
    wanted = DriverCode(
        email=driver.email,
        home=there.home,
        digest=there.digest,
        new_customer=str(uuid4()),
        name=driver.name,
        language=CompanyLanguage(driver.language),
    )
    await call.run_at(there.company, driving.redeem, wanted)
    return await _own(call, there.home)


@endpoint("POST", "/driver/home-chargers/{home}/guests", refusals=(409,), operation=driving.allow_guest)
async def allow_guest(call: ApiCall, home: str, body: GuestInput) -> OwnHomeView:
    """Let the token of a guest charge there until an instant."""
    until = utc(body.until, "/until")
    wanted = DriverGuest(email=call.driver.email, home=home, token=body.token, until=until)
    await call.run_at(await _company(call, home), driving.allow_guest, wanted)
    return await _own(call, home)


@endpoint("DELETE", "/driver/home-chargers/{home}/guests/{token}", status=204, operation=driving.end_guest)
async def end_guest(call: ApiCall, home: str, token: str) -> None:
    """Let a token charge there no more."""
    wanted = DriverGuestEnd(email=call.driver.email, home=home, token=token)
    await call.run_at(await _company(call, home), driving.end_guest, wanted)


async def _row(call: ApiCall, home: str) -> HomeChargerRow:
    found = [each for each in await own_homes(call.dependencies, call.driver) if each.location == home]
    if not found:
        raise not_found()
    return found[0]


async def _company(call: ApiCall, home: str) -> int:
    return (await _row(call, home)).company


async def _own(call: ApiCall, home: str) -> OwnHomeView:
    return _view(await _row(call, home))


def _view(row: HomeChargerRow) -> OwnHomeView:
    return OwnHomeView(
        id=row.location,
        company=row.company,
        charge_box_id=row.charge_box_id,
        tokens=[
            HomeGuestView(token=each.token, kind=each.kind.value, until=each.until) for each in row.tokens
        ],
        owner_since=row.owner_since,
    )


ENDPOINTS = (list_own_homes, redeem_home_code, allow_guest, end_guest)
