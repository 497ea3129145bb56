"""``/driver``: how drivers sign in, who they are, and how they leave."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework.api_types import ApiInput, View
from eosvolt.adapters.http.framework.auth import sent_key
from eosvolt.adapters.http.framework.endpoint import endpoint
from eosvolt.adapters.http.framework.problems import invalid
from eosvolt.adapters.http.framework.texts import LOCALES
from eosvolt.application.drivers import CODE_LASTS, LONGEST_NAME, Driver
from eosvolt.application.email_addresses import LONGEST_ADDRESS
from eosvolt.application.operations import driving
from eosvolt.application.operations.driving import ByAddress
from eosvolt.application.operations.operation import InvalidValue

DriverEmail = Annotated[str, Meta(max_length=LONGEST_ADDRESS, examples=["ana@home.example"])]
DriverName = Annotated[str, Meta(max_length=LONGEST_NAME)]


class SignInRequest(ApiInput, frozen=True, kw_only=True):
    """The address to which a code is mailed."""

    email: DriverEmail


class CodeConfirmation(ApiInput, frozen=True, kw_only=True):
    """The mailed code; blanks in it do not matter."""

    email: DriverEmail
    code: Annotated[str, Meta(max_length=40, examples=["1234 5678"])]


class CodeSentView(View, frozen=True, kw_only=True):
    """How long the mailed code works."""

    expires_in_seconds: int


class DriverTokenView(View, frozen=True, kw_only=True):
    """What to send as ``Authorization: Bearer …`` from now on. It is shown once."""

    token: str


class DriverCompanyView(View, frozen=True, kw_only=True):
    """A company that knows the driver as its customer, so that the driver can charge there."""

    number: int
    name: str
    customer_id: str


class DriverView(View, frozen=True, kw_only=True):
    """A driver. ``name`` stands on the records of operators who do not know the driver yet."""

    email: str
    language: str
    name: str
    companies: list[DriverCompanyView]


class DriverPatch(ApiInput, frozen=True, kw_only=True):
    """A patch of a driver's profile."""

    name: DriverName | UnsetType = UNSET
    language: Literal["en", "de"] | UnsetType = UNSET


@endpoint("POST", "/driver/sign-in", status=202, everybody=True)
async def ask_for_a_code(call: ApiCall, body: SignInRequest) -> CodeSentView:
    """Mail a code to an address. The answer is the same whether or not anybody has used it before."""
    try:
        await call.gate.drivers.ask_code(call.request, body.email)
    except InvalidValue as refusal:
        raise invalid("/email", str(refusal)) from None
    return CodeSentView(expires_in_seconds=int(CODE_LASTS.total_seconds()))


@endpoint("POST", "/driver/sign-in/confirm", everybody=True)
async def sign_in_with_a_code(call: ApiCall, body: CodeConfirmation) -> DriverTokenView:
    """Sign in with the code, which works once. 422 for a wrong one."""
    signed_in = await call.gate.drivers.sign_in(call.request, body.email, body.code)
    if signed_in is None:
        raise invalid("/code", "This code is wrong, was used or has expired.")
    return DriverTokenView(token=signed_in.secret)


@endpoint("POST", "/driver/sign-out", status=204, needs=driving.DRIVE)
async def sign_out_driver(call: ApiCall) -> None:
    """Make the token worthless."""
    _, _, token = sent_key(call.request).partition(" ")
    await call.gate.drivers.sign_out(call.request, token.strip())


@endpoint("GET", "/driver/me", needs=driving.DRIVE)
async def get_driver(call: ApiCall) -> DriverView:
    """Who is signed in, and which companies know the driver."""
    return await _view(call, call.driver)


@endpoint("PATCH", "/driver/me", needs=driving.DRIVE)
async def change_driver(call: ApiCall, body: DriverPatch) -> DriverView:
    """Change name or language."""
    changed = call.driver
    if body.name is not UNSET:
        changed = msgspec.structs.replace(changed, name=" ".join(body.name.split()))
    if body.language is not UNSET:
        if body.language not in LOCALES:
            raise invalid("/language", "This language is not spoken here.")
        changed = msgspec.structs.replace(changed, language=body.language)
    await call.dependencies.drivers.change(changed)
    return await _view(call, changed)


@endpoint("DELETE", "/driver/me", status=204, operation=driving.erase)
async def erase_driver(call: ApiCall) -> None:
    """Delete all personal data, at all companies, for good.

    The driver's tokens are blocked. Sessions and sums stay, with an id alone.
    """
    driver = call.driver
    for each in await call.dependencies.drivers.customers(driver):
        await call.run_at(each.company, driving.erase, ByAddress(email=driver.email))
    await call.dependencies.drivers.erase(driver)


async def _view(call: ApiCall, driver: Driver) -> DriverView:
    own = await call.dependencies.drivers.customers(driver)
    known = {each.company: await call.dependencies.queries.company(each.company) for each in own}
    return DriverView(
        email=driver.email,
        language=driver.language,
        name=driver.name,
        companies=[
            DriverCompanyView(number=each.company, name=row.name, customer_id=each.customer)
            for each in own
            if (row := known[each.company]) is not None
        ],
    )


ENDPOINTS = (ask_for_a_code, sign_in_with_a_code, sign_out_driver, get_driver, change_driver, erase_driver)
