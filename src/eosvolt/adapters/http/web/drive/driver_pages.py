"""Makes routes of pages for drivers, and renders their answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, unquote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import Gate, proven
from eosvolt.adapters.http.framework.one_operation import Named, check_named
from eosvolt.adapters.http.framework.plain_text import plain
from eosvolt.adapters.http.framework.refusals import REFUSALS, problem_of
from eosvolt.adapters.http.framework.texts import LOCALES, gettext, language, speaking
from eosvolt.adapters.http.web.drive.view_models import DriveFrame
from eosvolt.adapters.http.web.shell.forms import (
    PageAccess,
    PageRoute,
    form_route,
    invisible_characters_in,
    refuse_invisible,
    sent_form,
)
from eosvolt.adapters.http.web.shell.pages import NOTICE
from eosvolt.adapters.http.web.shell.path_parameters import decoded
from eosvolt.adapters.http.web.shell.rendering import rendered
from eosvolt.adapters.http.web.shell.view_model import ViewModel, variables
from eosvolt.application.actor import driver as driver_actor
from eosvolt.application.drivers import Driver
from eosvolt.application.operations.operation import A, I, Operation
from eosvolt.application.permissions import DriverRight, Forbidden, require

FIND = "/drive"
SIGN_IN = "/drive/sign-in"
_ACCESS = PageAccess(DriverRight.CHARGE)
_HEADERS = {
    "cache-control": "no-store",
    "vary": "cookie, accept-language",
    # Drivers look for what is near.
    "permissions-policy": "camera=(), microphone=(), geolocation=(self), payment=()",
}


@dataclass(frozen=True, slots=True)
class DriverRequest:
    """A request of a driver, or of somebody who is not signed in (``who`` is ``None``) on an open page."""

    raw: Request
    who: Driver | None
    dependencies: Dependencies
    gate: Gate
    now: datetime
    form: FormData
    operation: Named = None

    @property
    def driver(self) -> Driver:
        """The driver who is signed in. Raises ``Forbidden`` for nobody."""
        if self.who is None:
            raise Forbidden(gettext("This is for drivers."))
        return self.who

    async def run_at(self, company: int, operation: Operation[I, A], wanted: I) -> A:
        """Run the route's operation on what is the driver's own at a company. Raises its refusals."""
        check_named(self.operation, operation)
        actor = driver_actor(self.driver.id, company)
        require(actor.grants, DriverRight.CHARGE)
        trace = self.raw.scope.get("state", {}).get("trace", "")
        answer = await self.dependencies.operations.run(operation, actor, wanted, f"request:{trace}")
        await self.dependencies.queries.settled()
        return answer

    def path_parameter(self, name: str) -> str:
        """A path parameter, decoded."""
        return decoded(self.raw, name)

    def query(self, name: str) -> str:
        """A query parameter, at most 200 characters of it; empty without one."""
        return plain(self.raw.query_params.get(name, ""))[:200]

    def form_value(self, name: str) -> str:
        """A value of the submitted form."""
        value = self.form.get(name, "")
        return plain(value) if isinstance(value, str) else ""

    @property
    def invisible_characters(self) -> dict[str, str]:
        """The errors about invisible characters, by field."""
        return invisible_characters_in(self.form)


DriverPage = Callable[[DriverRequest], Awaitable[Response]]


class DriverPages:
    """Makes routes. Whoever is not signed in is sent to do so first, but for pages that are open."""

    def __init__(self, dependencies: Dependencies, gate: Gate) -> None:
        """One for the whole site."""
        self._dependencies = dependencies
        self._gate = gate

    def get(self, path: str, page: DriverPage, *, everybody: bool = False) -> Route:
        """A page to look at; for ``everybody`` or for drivers alone."""
        access = PageAccess() if everybody else _ACCESS
        return PageRoute(path, self._entered(page, everybody=everybody), methods=["GET"], access=access)

    def post(self, path: str, page: DriverPage, operation: Named) -> Route:
        """Something to do."""
        answer = self._entered(page, operation)
        return PageRoute(path, answer, methods=["POST"], access=_ACCESS, operation=operation)

    def form(
        self,
        path: str,
        shown: DriverPage,
        sent: DriverPage,
        *,
        operation: Named = None,
        everybody: bool = False,
        marks: bool = False,
    ) -> Route:
        """The GET and POST routes of a form. ``everybody`` may look at it, and drivers alone send it.

        A form that ``marks`` shows ``invisible_characters`` at its fields; other forms are refused with them.
        """
        return form_route(
            path,
            self._entered(shown, everybody=everybody),
            self._entered(sent, operation, marks=marks),
            PageAccess() if everybody else _ACCESS,
            operation,
        )

    def before_sign_in(self, path: str, shown: DriverPage, sent: DriverPage) -> Route:
        """A form for whoever is not signed in yet, which shows ``invisible_characters`` at its fields."""
        return form_route(
            path,
            self._entered(shown, everybody=True),
            self._entered(sent, everybody=True, marks=True),
        )

    def leaving(self, page: DriverPage) -> Callable[[Request], Awaitable[Response]]:
        """The handler of what whoever is signed in, or not any more, may do."""
        return self._entered(page, everybody=True)

    def _entered(
        self, page: DriverPage, operation: Named = None, *, everybody: bool = False, marks: bool = False
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(raw: Request) -> Response:
            who = await self._gate.drivers.driver(raw)
            if who is None and not everybody:
                return sign_in_first(raw)
            if who is not None:
                proven(raw)
            async with sent_form(raw) as form:
                if not marks:
                    refuse_invisible(form)
                now = self._dependencies.clock.now()
                request = DriverRequest(raw, who, self._dependencies, self._gate, now, form, operation)
                try:
                    response = await _spoken(page, request)
                except REFUSALS as refusal:
                    raise problem_of(refusal) from None
            for name, value in _HEADERS.items():
                response.headers.setdefault(name, value)
            return response

        return answer


def sign_in_first(raw: Request) -> Response:
    """Go to sign in, and come back to the page from there."""
    path = raw.url.path if raw.method in ("GET", "HEAD") else FIND
    return RedirectResponse(f"{SIGN_IN}?to={quote(path, safe='/')}", 303, _HEADERS)


def way_back(to: str) -> str:
    """Where to go after a sign-in: a page of drivers, whatever an address says."""
    inside = to == FIND or to.startswith(f"{FIND}/")
    return to if inside and not to.startswith(SIGN_IN) and "\\" not in to and "//" not in to else FIND


async def _spoken(page: DriverPage, request: DriverRequest) -> Response:
    """The answer in the language that the driver chose."""
    if request.who is None or request.who.language not in LOCALES:
        return await page(request)
    with speaking(language(request.who.language)):
        return await page(request)


async def show_driver(
    request: DriverRequest, model: ViewModel, *, status: int = 200, tab: str = ""
) -> Response:
    """A page with its frame, and the notice of what was done before. ``tab`` is the one it belongs to."""
    notice = unquote(request.raw.cookies.get(NOTICE, ""))
    frame = DriveFrame(tab=tab, notice=notice, signed_in=request.who is not None)
    (template,) = model.templates
    values = variables(frame, *frame.templates) | variables(model, template)
    response = HTMLResponse(await rendered(template, values), status)
    if notice:
        response.delete_cookie(NOTICE)
    return response
