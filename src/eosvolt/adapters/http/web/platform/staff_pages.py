"""Makes routes of pages for platform staff, and renders their answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import Gate, proven
from eosvolt.adapters.http.framework.one_operation import Named
from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.adapters.http.framework.refusals import REFUSALS, problem_of
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.platform.view_models import PlatformFrame
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
from eosvolt.application.actor import platform_staff
from eosvolt.application.operations.operation import A, I, Operation
from eosvolt.application.permissions import PlatformRight
from eosvolt.application.staff import StaffMember

SIGN_IN = "/platform/sign-in"
_ACCESS = PageAccess(PlatformRight.COMPANIES)
_NO_STORE = {"cache-control": "no-store", "vary": "cookie, accept-language"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRequest(BaseRequest):
    """A request of a signed-in member of the staff; ``session`` is the secret of the web session."""

    member: StaffMember
    session: str

    async def run_at(self, company: int, operation: Operation[I, A], wanted: I) -> A:
        """Run the route's operation on the registration of a company. Raises its refusals."""
        return await self.run_as(platform_staff(self.member.id, company), operation, wanted)


StaffPage = Callable[[StaffRequest], Awaitable[Response]]


class StaffPages:
    """Makes routes; every one of them needs the right of platform staff."""

    def __init__(self, dependencies: Dependencies, gate: Gate) -> None:
        """One for the whole site."""
        self._dependencies = dependencies
        self._gate = gate

    def get(self, path: str, page: StaffPage) -> Route:
        """A page to look at."""
        return PageRoute(path, self._entered(page), methods=["GET"], access=_ACCESS)

    def post(self, path: str, page: StaffPage, operation: Named) -> Route:
        """Something to do."""
        answer = self._entered(page, operation)
        return PageRoute(path, answer, methods=["POST"], access=_ACCESS, operation=operation)

    def form(
        self, path: str, shown: StaffPage, sent: StaffPage, *, operation: Named, marks: bool = False
    ) -> Route:
        """The GET and POST routes of a form that runs an operation.

        A form that ``marks`` shows ``invisible_characters`` at its fields; other forms are refused with them.
        """
        return form_route(
            path,
            self._entered(shown),
            self._entered(sent, operation, marks=marks),
            _ACCESS,
            operation,
        )

    def _entered(
        self, page: StaffPage, operation: Named = None, *, marks: bool = False
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(raw: Request) -> Response:
            member = await self._gate.staff.member(raw)
            if member is None:
                # Somebody of a company would sign in in vain.
                if await self._gate.signed_in(raw) is not None:
                    raise Problem(403, gettext("This is for platform staff."))
                return RedirectResponse(SIGN_IN, 303, _NO_STORE)
            proven(raw)
            async with sent_form(raw) as form:
                if not marks:
                    refuse_invisible(form)
                request = StaffRequest(
                    raw=raw,
                    member=member,
                    session=self._gate.staff.cookie.secret(raw),
                    dependencies=self._dependencies,
                    gate=self._gate,
                    now=self._dependencies.clock.now(),
                    form=form,
                    operation=operation,
                )
                try:
                    response = await page(request)
                except REFUSALS as refusal:
                    raise problem_of(refusal) from None
            for name, value in _NO_STORE.items():
                response.headers.setdefault(name, value)
            return response

        return answer


async def show_staff(
    request: StaffRequest, model: ViewModel, *parts: ViewModel, status: int = 200
) -> Response:
    """A page with its frame and its parts, and the notice of what was done before."""

    def frame(notice: str) -> PlatformFrame:
        return PlatformFrame(member=request.member, notice=notice)

    return await framed(request, frame, model, *parts, status=status)
