"""``/home-chargers``: chargers at people's homes, their owners' codes, and who may charge there."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import uuid4

from msgspec import Meta

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.chargers import ChargeBoxId, Password
from eosvolt.adapters.http.api.location_types import TimeZone
from eosvolt.adapters.http.api.plugs import Plugs, specs
from eosvolt.adapters.http.framework.api_types import (
    ApiInput,
    Instant,
    Items,
    MoneyView,
    ShortText,
    View,
    maybe_utc,
    paid,
)
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.framework.problems import invalid, not_found
from eosvolt.adapters.http.presentation.home_chargers import (
    CodeState,
    HomeLine,
    code_to_show,
    company_zone,
    home_lines,
    owner_code,
)
from eosvolt.application.email_addresses import LONGEST_ADDRESS
from eosvolt.application.operations import home_chargers as operations
from eosvolt.application.operations.home_chargers import (
    CodeReissue,
    HomeChargerById,
    HomeProfileChoice,
    HomeReplacement,
    HomeTokenEnd,
    HomeTokenInput,
    NewHomeCharger,
    OwnerCode,
)
from eosvolt.domain.companies.settings import CompanyLanguage
from eosvolt.domain.home_chargers.events import HomeToken
from eosvolt.domain.locations.homes import HOME_PREFIX
from eosvolt.projections.companies import CompanyRow

OwnerEmail = Annotated[str, Meta(max_length=LONGEST_ADDRESS, examples=["ana@home.example"])]


class HomeOwnerInput(ApiInput, frozen=True, kw_only=True):
    """How the owner gets the code: by ``email``, or ``offline``, so that the answer has it."""

    email: OwnerEmail | None = None
    offline: bool = False


class NewHomeChargerInput(ApiInput, frozen=True, kw_only=True):
    """A charger at a home. Without ``timeZone`` it is in the company's fiscal time zone."""

    charge_box_id: ChargeBoxId
    plugs: Plugs
    price_profile_id: ShortText
    owner: HomeOwnerInput
    time_zone: TimeZone | None = None
    password: Password | None = None


class CodeReissueInput(ApiInput, frozen=True, kw_only=True):
    """How the owner gets the new code."""

    owner: HomeOwnerInput = HomeOwnerInput(offline=True)


class HomeChargerChange(ApiInput, frozen=True, kw_only=True):
    """The price profile from now on."""

    price_profile_id: ShortText


class HomeReplacementInput(ApiInput, frozen=True, kw_only=True):
    """The charger that stands at a home from now on."""

    charge_box_id: ChargeBoxId
    plugs: Plugs
    password: Password | None = None


class HomeTokenShape(ApiInput, frozen=True, kw_only=True):
    """Whose token it is. A guest's needs ``until``, the others' have none."""

    kind: Literal["owner", "family", "guest"]
    until: Instant | None = None


class HomeTokenView(View, frozen=True, kw_only=True):
    """A token that may charge at a home, a guest's until an instant."""

    token: str
    kind: str
    until: datetime | None = None


class HomeChargerView(View, frozen=True, kw_only=True):
    """A home charger.

    ``customerId`` is its owner, who redeemed the code, or before that to whom it was mailed. ``energyWh``,
    ``businessWh``, ``owedByOwner`` and ``owedToOwner`` are of sessions that ended in the present month; what
    is owed to the owner is there where the price profile reimburses, for business charging of which a price
    is known. ``code`` is shown once, where no mail brings it.
    """

    id: str
    charge_box_id: str
    price_profile_id: str
    online: bool
    code_state: CodeState
    energy_wh: int
    added_at: datetime
    tokens: list[HomeTokenView]
    business_wh: int = 0
    owed_by_owner: MoneyView | None = None
    owed_to_owner: MoneyView | None = None
    code_expires_at: datetime | None = None
    customer_id: str = ""
    code: str | None = None


@endpoint("GET", "/home-chargers", needs=operations.VIEW)
async def list_home_chargers(call: ApiCall, query: PageQuery) -> Answer[Items[HomeChargerView]]:
    """All home chargers, by charge box id."""
    zone = company_zone(await _company(call))
    lines = await home_lines(call.queries, call.company, call.now, zone)
    return paged(call, [_view(line, call.now) for line in lines], lambda each: each.id, query)


@endpoint("POST", "/home-chargers", status=201, refusals=(409,), secrets=("code",), operation=operations.add)
async def add_home_charger(call: ApiCall, body: NewHomeChargerInput) -> Answer[HomeChargerView]:
    """Add a charger at a home, and issue a code that works once and for 30 days."""
    company = await _company(call)
    code = _code(body.owner, company)
    wanted = NewHomeCharger(
        home=f"{HOME_PREFIX}{uuid4()}",
        charger=body.charge_box_id,
        connectors=specs(body.plugs),
        profile=body.price_profile_id,
        time_zone=body.time_zone or company_zone(company),
        owner=code,
        password=body.password,
    )
    home = await call.run(operations.add, wanted)
    shown = code_to_show(call.dependencies, code)
    return await _answer(call, home, {"Location": f"/api/v1/home-chargers/{home}"}, shown)


@endpoint("GET", "/home-chargers/{home}", needs=operations.VIEW)
async def home_charger(call: ApiCall, home: str) -> Answer[HomeChargerView]:
    """One home charger."""
    return await _answer(call, home, {})


@endpoint("PATCH", "/home-chargers/{home}", refusals=(409,), operation=operations.assign)
async def change_home_charger(call: ApiCall, home: str, body: HomeChargerChange) -> Answer[HomeChargerView]:
    """Price a home charger by another profile. Sessions that go on keep their prices."""
    await call.run(operations.assign, HomeProfileChoice(home=home, profile=body.price_profile_id))
    return await _answer(call, home, {})


@endpoint(
    "POST",
    "/home-chargers/{home}/reissue",
    refusals=(409,),
    secrets=("code",),
    operation=operations.reissue,
)
async def reissue_code(call: ApiCall, home: str, body: CodeReissueInput) -> Answer[HomeChargerView]:
    """Issue another code; the one before becomes invalid."""
    code = _code(body.owner, await _company(call))
    await call.run(operations.reissue, CodeReissue(home=home, owner=code))
    return await _answer(call, home, {}, code_to_show(call.dependencies, code))


@endpoint("POST", "/home-chargers/{home}/replace", refusals=(409,), operation=operations.replace)
async def replace_home_charger(
    call: ApiCall, home: str, body: HomeReplacementInput
) -> Answer[HomeChargerView]:
    """Put another charger at a home. Its owner, its price profile and who may charge there stay."""
    wanted = HomeReplacement(
        home=home, charger=body.charge_box_id, connectors=specs(body.plugs), password=body.password
    )
    await call.run(operations.replace, wanted)
    return await _answer(call, home, {})


@endpoint("PUT", "/home-chargers/{home}/tokens/{token}", refusals=(409,), operation=operations.allow)
async def put_home_token(
    call: ApiCall, home: str, token: str, body: HomeTokenShape
) -> Answer[HomeChargerView]:
    """Let a token charge at a home."""
    wanted = HomeTokenInput(
        home=home, token=token, kind=HomeToken(body.kind), until=maybe_utc(body.until, "/until")
    )
    await call.run(operations.allow, wanted)
    return await _answer(call, home, {})


@endpoint("DELETE", "/home-chargers/{home}/tokens/{token}", status=204, operation=operations.withdraw)
async def remove_home_token(call: ApiCall, home: str, token: str) -> None:
    """Let a token charge at a home no more."""
    await call.run(operations.withdraw, HomeTokenEnd(home=home, token=token))


@endpoint("DELETE", "/home-chargers/{home}", status=204, refusals=(409,), operation=operations.remove)
async def remove_home_charger(call: ApiCall, home: str) -> None:
    """Remove a home charger with its charger. Its history stays."""
    await call.run(operations.remove, HomeChargerById(home=home))


def _code(owner: HomeOwnerInput, company: CompanyRow | None) -> OwnerCode:
    if bool(owner.email) == owner.offline:
        raise invalid("/owner", "The owner gets the code by e-mail, or offline: one of both.")
    return owner_code(owner.email or "", company.preferences.language if company else CompanyLanguage.ENGLISH)


async def _company(call: ApiCall) -> CompanyRow | None:
    return await call.queries.company(call.company)


async def _answer(
    call: ApiCall, home: str, headers: dict[str, str], code: str = ""
) -> Answer[HomeChargerView]:
    zone = company_zone(await _company(call))
    lines = await home_lines(call.queries, call.company, call.now, zone, home)
    if not lines:
        raise not_found()
    return Answer(_view(lines[0], call.now, code), headers)


def _view(line: HomeLine, now: datetime, code: str = "") -> HomeChargerView:
    row = line.row
    return HomeChargerView(
        id=row.location,
        charge_box_id=row.charge_box_id,
        price_profile_id=row.profile,
        online=line.charger is not None and line.charger.online,
        code_state=line.code_state(now),
        energy_wh=line.energy_wh,
        added_at=row.added_at,
        tokens=[HomeTokenView(token=e.token, kind=e.kind.value, until=e.until) for e in row.tokens],
        business_wh=line.business_wh,
        owed_by_owner=None if line.owed is None else paid(line.owed),
        owed_to_owner=None if line.reimbursed is None else paid(line.reimbursed),
        code_expires_at=row.code_expires_at,
        customer_id=line.customer,
        code=code or None,
    )


ENDPOINTS = (
    list_home_chargers,
    add_home_charger,
    home_charger,
    change_home_charger,
    reissue_code,
    replace_home_charger,
    put_home_token,
    remove_home_token,
    remove_home_charger,
)
