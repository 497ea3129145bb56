"""How drivers sign in: an address, the code that is mailed to it, and out again."""

from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.drive.driver_pages import (
    FIND,
    SIGN_IN,
    DriverPages,
    DriverRequest,
    show_driver,
    way_back,
)
from eosvolt.adapters.http.web.drive.view_models import DriverCodePage, DriverSignInPage
from eosvolt.adapters.http.web.shell.pages import redirect
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.operations.operation import InvalidValue

_CODE = "/drive/sign-in/code"
_OUT = "/drive/sign-out"


def sign_in_routes(pages: DriverPages) -> list[Route]:
    """``/drive/sign-in`` and ``/drive/sign-out``."""
    return [
        pages.before_sign_in(SIGN_IN, address, send_code),
        pages.before_sign_in(_CODE, code, enter),
        Route(_OUT, pages.leaving(leave), methods=["POST"]),
    ]


async def address(request: DriverRequest) -> Response:
    """The form for the address."""
    to = way_back(request.query("to"))
    return redirect(to) if request.who is not None else await _address(request, to=to)


async def send_code(request: DriverRequest) -> Response:
    """Mail a code, and go on to its form."""
    email, to = request.form_value("email").strip(), way_back(request.form_value("to"))
    wrong = request.invisible_characters
    problem, status, headers = "", 422, {}
    if not wrong:
        try:
            await request.gate.drivers.ask_code(request.raw, email)
        except InvalidValue as refusal:
            wrong = {"email": translated(refusal)}
        except Problem as refusal:
            problem, status, headers = translated(refusal.detail), refusal.status, dict(refusal.headers or {})
    if not wrong and not problem:
        return redirect(f"{_CODE}?email={quote(email)}&to={quote(to)}")
    page = await _address(request, email=email, to=to, problem=problem, problems=wrong, status=status)
    page.headers.update(headers)
    return page


async def code(request: DriverRequest) -> Response:
    """The form for the code."""
    to, email = way_back(request.query("to")), request.query("email")
    if request.who is not None:
        return redirect(to)
    # A code belongs to an address, which is asked for first.
    return await _code(request, email, to) if email else redirect(f"{SIGN_IN}?to={quote(to)}")


async def enter(request: DriverRequest) -> Response:
    """Let in who has the right code."""
    email, to = request.form_value("email"), way_back(request.form_value("to"))
    wrong = request.invisible_characters
    problem, status, headers = "", 422, {}
    signed_in = None
    if not wrong:
        try:
            signed_in = await request.gate.drivers.sign_in(request.raw, email, request.form_value("code"))
            problem = "" if signed_in else gettext("This code is wrong, was used or has expired.")
        except Problem as refusal:
            problem, status, headers = translated(refusal.detail), refusal.status, dict(refusal.headers or {})
    if signed_in is None:
        page = await _code(request, email, to, problem=problem, problems=wrong, status=status)
        page.headers.update(headers)
        return page
    response = redirect(to)
    request.gate.drivers.cookie.give(response, signed_in.secret)
    return response


async def leave(request: DriverRequest) -> Response:
    """Sign out."""
    await request.gate.drivers.sign_out(request.raw)
    response = redirect(FIND)
    request.gate.drivers.cookie.take(response)
    return response


async def _address(
    request: DriverRequest,
    *,
    to: str,
    email: str = "",
    problem: str = "",
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    model = DriverSignInPage(
        email=email,
        to=to,
        mailing=request.dependencies.mail,
        problem=problem,
        problems=problems or {},
    )
    return await show_driver(request, model, status=status)


async def _code(
    request: DriverRequest,
    email: str,
    to: str,
    *,
    problem: str = "",
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    model = DriverCodePage(email=email, to=to, problem=problem, problems=problems or {})
    return await show_driver(request, model, status=status)
