"""Makes routes of pages for drivers, and renders their answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import Gate, proven
from eosvolt.adapters.http.framework.one_operation import Named
from eosvolt.adapters.http.framework.plain_text import plain
from eosvolt.adapters.http.framework.refusals import REFUSALS, problem_of
from eosvolt.adapters.http.framework.texts import LOCALES, gettext, language, speaking
from eosvolt.adapters.http.web.drive.view_models import DriveFrame
from eosvolt.adapters.http.web.shell.base_request import BaseRequest
from eosvolt.adapters.http.web.shell.forms import (
    PageAccess,
    PageRoute,
    form_route,
    refuse_invisible,
    sent_form,
)
from eosvolt.adapters.http.web.shell.framed import framed
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.actor import driver as driver_actor
from eosvolt.application.drivers import Driver
from eosvolt.application.operations.operation import A, I, Operation
from eosvolt.application.permissions import DriverRight, Forbidden

FIND = "/drive"
SIGN_IN = "/drive/sign-in"
_ACCESS = PageAccess(DriverRight.CHARGE)
_HEADERS = {
    "cache-control": "no-store",
    "vary": "cookie, accept-language",
    # Drivers look for what is near.
    "permissions-policy": "camera=(), microphone=(), geolocation=(self), payment=()",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverRequest(BaseRequest):
    """A request of a driver, or of somebody who is not signed in (``who`` is ``None``) on an open page."""

    who: Driver | None

    @property
    def driver(self) -> Driver:
        """The driver who is signed in. Raises ``Forbidden`` for nobody."""
        if self.who is None:
            raise Forbidden(gettext("This is for drivers."))
        return self.who

    async def run_at(self, company: int, operation: Operation[I, A], wanted: I) -> A:
        """Run the route's operation on what is the driver's own at a company. Raises its refusals."""
        return await self.run_as(driver_actor(self.driver.id, company), operation, wanted)

    def query(self, name: str) -> str:
        """A query parameter, at most 200 characters of it; empty without one."""
        return plain(self.raw.query_params.get(name, ""))[:200]


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
                request = DriverRequest(
                    raw=raw,
                    who=who,
                    dependencies=self._dependencies,
                    gate=self._gate,
                    now=self._dependencies.clock.now(),
                    form=form,
                    operation=operation,
                )
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
    signed_in = request.who is not None

    def frame(notice: str) -> DriveFrame:
        return DriveFrame(tab=tab, notice=notice, signed_in=signed_in)

    return await framed(request, frame, model, status=status)
