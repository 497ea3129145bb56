"""``/driver/home-chargers``: drivers redeem codes, and say who else may charge at their homes."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework.api_types import ApiInput, Instant, Items, ShortText, View, utc
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.presentation.driving import own_home, own_homes, redemption
from eosvolt.application.operations import driving
from eosvolt.application.operations.driving import DriverGuest, DriverGuestEnd
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
    found = await redemption(call.gate, call.request, call.dependencies, call.driver, body.code)
    await call.run_at(found.company, driving.redeem, found.wanted)
    return await _own(call, found.wanted.home)


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


async def _company(call: ApiCall, home: str) -> int:
    return (await own_home(call.dependencies, call.driver, home)).company


async def _own(call: ApiCall, home: str) -> OwnHomeView:
    return _view(await own_home(call.dependencies, call.driver, home))


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
