"""The sign-in of platform staff: the password, and a second step where there is a second factor."""

from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.adapters.http.framework.second_steps import SecondStep
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.platform.staff_pages import SIGN_IN
from eosvolt.adapters.http.web.platform.view_models import StaffSignInPage
from eosvolt.adapters.http.web.shell.forms import form_route, invisible_characters_in, sent_form
from eosvolt.adapters.http.web.shell.pages import NOTICE
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.shell.signed_out import NO_STORE, signed_out_page
from eosvolt.adapters.http.web.sign_in.second_step import SecondStepPlace

COMPANIES = "/platform"
_LONGEST = 200


class StaffSignIn:
    """Lets platform staff in and out."""

    def __init__(self, gate: Gate) -> None:
        """``gate`` is the site's; that of staff is a part of it."""
        self._gate = gate
        self._second_step = SecondStepPlace(lambda: gate.staff, SIGN_IN, lambda _: COMPANIES)

    def routes(self) -> list[Route]:
        """``/platform/sign-in`` and ``/platform/sign-out``."""
        return [
            form_route(SIGN_IN, self.shown, self.enter),
            *self._second_step.routes(),
            Route("/platform/sign-out", self.leave, methods=["POST"]),
        ]

    async def shown(self, request: Request) -> Response:
        """The form."""
        if await self._gate.staff.member(request) is not None:
            return RedirectResponse(COMPANIES, 303, NO_STORE)
        notice = unquote(request.cookies.get(NOTICE, ""))
        response = signed_out_page(StaffSignInPage(notice=notice))
        if notice:
            response.delete_cookie(NOTICE)
        # Whoever comes back here begins again, perhaps with another account.
        if await self._gate.staff.steps.done(request):
            self._gate.staff.steps.cookie.take(response)
        return response

    async def enter(self, request: Request) -> Response:
        """Let in who has the right password, or go on to the second step."""
        async with sent_form(request) as form:
            email, password = str(form.get("email", ""))[:_LONGEST], str(form.get("password", ""))
            wrong = invisible_characters_in(form)
        if wrong:
            return signed_out_page(StaffSignInPage(email=email, problems=wrong), 422)
        try:
            signed_in = await self._gate.staff.sign_in(request, email, password)
        except Problem as refusal:
            page = signed_out_page(
                StaffSignInPage(email=email, problem=translated(refusal.detail)), refusal.status
            )
            page.headers.update(refusal.headers)
            return page
        if signed_in is None:
            problem = gettext("Wrong e-mail or password.")
            return signed_out_page(StaffSignInPage(email=email, problem=problem), 422)
        if isinstance(signed_in, SecondStep):
            return self._second_step.begun(signed_in)
        response = RedirectResponse(COMPANIES, 303, NO_STORE)
        self._gate.staff.cookie.give(response, signed_in.secret)
        return response

    async def leave(self, request: Request) -> Response:
        """Sign out."""
        await self._gate.staff.sign_out(request)
        response = RedirectResponse(SIGN_IN, 303, NO_STORE)
        self._gate.staff.cookie.take(response)
        return response
