"""Makes routes from functions that handle page requests, and renders their responses."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.as_of import clamped_as_of
from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.one_operation import Named
from eosvolt.adapters.http.framework.page_parts import PART
from eosvolt.adapters.http.framework.problems import Problem, all_invalid, not_found
from eosvolt.adapters.http.framework.refusals import REFUSALS, problem_of
from eosvolt.adapters.http.framework.texts import accepted, gettext, speak
from eosvolt.adapters.http.ports.queries import FaultFilter
from eosvolt.adapters.http.web.shell.actor_names import names_of
from eosvolt.adapters.http.web.shell.addresses import sign_in_first
from eosvolt.adapters.http.web.shell.company_locations import CompanyLocations
from eosvolt.adapters.http.web.shell.forms import (
    Answering,
    PageAccess,
    PageRoute,
    form_route,
    refuse_invisible,
    sent_form,
)
from eosvolt.adapters.http.web.shell.looking_back import PastPages
from eosvolt.adapters.http.web.shell.page_request import GRANTS, PageRequest
from eosvolt.adapters.http.web.shell.query_parameters import QueryChecks, check_query, instant, moment
from eosvolt.adapters.http.web.shell.rail import rail_of
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.shell.rendering import rendered
from eosvolt.adapters.http.web.shell.route_table import RouteTable
from eosvolt.adapters.http.web.shell.view_model import ViewModel, variables
from eosvolt.application.access import Account
from eosvolt.application.permissions import Grants, Need
from eosvolt.application.questions import OnlyPresent, Unanswerable

NOTICE = "eosvolt-notice"
MOST_FAULTS_COUNTED = 100
_NO_STORE = {"cache-control": "no-store", "vary": "cookie, x-part, accept-language"}


Page = Callable[[PageRequest], Awaitable[Response]]
Part = Callable[[PageRequest], Awaitable[ViewModel]]


class Pages:
    """Makes routes from functions that handle page requests."""

    def __init__(self, dependencies: Dependencies, gate: Gate) -> None:
        """One for the whole site."""
        self._dependencies = dependencies
        self._gate = gate
        self._past = PastPages()
        self._routes = RouteTable()

    def get(
        self,
        path: str,
        page: Page,
        query_checks: QueryChecks | None = None,
        needs: Need | None = None,
        *,
        form: Named = None,
        past: bool = False,
    ) -> Route:
        """A page to look at, with the permission that it needs.

        ``query_checks`` are the parameters of its query whose values are not just any text. ``form`` is the
        operation of a form that is sent elsewhere, for a page that is nothing without it. ``past``: it can be
        viewed as of an earlier instant.
        """
        self._past.add(path, past=past, changes=False)
        access = PageAccess(needs, () if form is None else (form,))
        answer = self._entered(page, query_checks, access=access, past=past)
        return self._routes.add(PageRoute(path, answer, methods=["GET"], access=access, past=past))

    def post(self, path: str, page: Page, operation: Named) -> Route:
        """Something to do: one operation."""
        answer = self._entered(page, operation=operation)
        return self._routes.add(PageRoute(path, answer, methods=["POST"], operation=operation))

    def form(
        self,
        path: str,
        shown: Page,
        sent: Page,
        query_checks: QueryChecks | None = None,
        needs: Need | None = None,
        *,
        operation: Named,
        also: Named = None,
        readable: bool = False,
        marks: bool = False,
        files: int = 0,
        past: bool = False,
    ) -> Route:
        """The GET and POST routes of a form that runs an operation, with at most ``files`` uploaded files.

        Only a POST reaches ``sent``. A form that ``marks`` shows ``invisible_characters`` at its fields;
        other forms are refused with them. ``query_checks`` validate the query parameters. ``needs`` is the
        permission to view what is on the page. Whoever may not run the operation, nor the one that it has a
        form for ``also``, does not get to see it either, unless the page is ``readable`` without its form.
        ``past``: what the form is on can be viewed as of an earlier instant, without the form.
        """
        self._past.add(path, past=past, changes=True)
        forms = () if readable else tuple(each for each in (operation, also) if each is not None)
        access = PageAccess(needs, forms)
        return self._routes.add(
            form_route(
                path,
                self._entered(shown, query_checks, access=access, past=past),
                self._entered(sent, marks=marks, files=files, operation=operation),
                access,
                operation,
                past=past,
            )
        )

    def _entered(
        self,
        page: Page,
        query_checks: QueryChecks | None = None,
        *,
        access: PageAccess = PageAccess(),  # noqa: B008 - a constant
        operation: Named = None,
        marks: bool = False,
        files: int = 0,
        past: bool = False,
    ) -> Answering:
        query_checks = {"asOf": moment, **(query_checks or {})}

        async def answer(raw: Request) -> Response:
            account = await self._gate.signed_in(raw)
            if account is None:
                return sign_in_first(raw)
            raw.scope.setdefault("state", {})[GRANTS] = self._gate.person(account).grants
            check_query(raw, query_checks)
            if not past:
                _of_the_present(raw)
            async with sent_form(raw, files) as form:
                if not marks:
                    refuse_invisible(form)
                request = await self._page_request(raw, account, form)
                past_pages = self._past if past else None
                request = replace(request, operation=operation, past_pages=past_pages)
                speak(_spoken(request))
                try:
                    if raw.url.path == "/" and not access.permitted(request.actor.grants):
                        return redirect(_first_page(request.actor.grants))
                    access.require(request.actor.grants)
                    response = await page(request)
                except Unanswerable as answer:
                    raise _unanswered(answer) from None
                except REFUSALS as refusal:
                    raise problem_of(refusal) from None
            for name, value in _NO_STORE.items():
                response.headers.setdefault(name, value)
            return response

        return answer

    async def _page_request(self, raw: Request, account: Account, form: FormData) -> PageRequest:
        # Before anything is read: live updates of the page begin after it.
        position = await self._dependencies.feed.position()
        queries = self._dependencies.queries.narrowed(self._gate.person(account).grants.locations)
        company = await queries.company(account.company)
        if company is None:
            raise not_found(gettext("This company is not registered."))
        locations = CompanyLocations(await queries.locations(account.company, removed=True))
        now = self._dependencies.clock.now()
        as_of = instant(raw.query_params.get("asOf", ""), locations.zone())
        if as_of is not None:
            as_of = clamped_as_of(as_of, now)
            rows = await queries.as_of(as_of).locations(account.company, removed=True)
            locations = CompanyLocations(rows, locations.zone())
        attention = FaultFilter(state="attention", at=now)
        asking = await queries.faults(account.company, attention, sort="attention", limit=MOST_FAULTS_COUNTED)
        return PageRequest(
            raw=raw,
            account=account,
            company=company,
            dependencies=self._dependencies,
            gate=self._gate,
            routes=self._routes,
            now=now,
            locations=locations,
            position=position,
            as_of=as_of,
            attention=len(asking.items),
            people=await names_of(self._dependencies, account.company),
            form=form,
        )


def _spoken(request: PageRequest) -> str:
    """The language that the browser asks for, else the company's."""
    header = request.raw.headers.get("accept-language", "")
    return accepted(header, request.company.preferences.language.value)


def _first_page(grants: Grants) -> str:
    """The first page of the menu that may be opened, for who may not see the dashboard."""
    return next((href for _, href, *_ in rail_of(grants)), "/account")


async def show(
    request: PageRequest,
    model: ViewModel,
    parts: Mapping[str, Part] | None = None,
    repeated_parts: Mapping[str, Part] | None = None,
    *,
    frame: ViewModel | None = None,
    status: int = 200,
) -> Response:
    """The page, or one part of it alone: the part that the header ``X-Part`` names. Live updates load parts.

    The part ``plugs`` of ``dashboard/page.html`` is ``dashboard/plugs.html``. ``repeated_parts`` occur
    several times within another part; the header ``X-At`` selects one. ``frame`` has the variables of
    the template that the page's template extends. Variables of a part override those of the page, and these
    override those of the frame.
    """
    parts, repeated_parts = parts or {}, repeated_parts or {}
    (template,) = model.templates
    folder = template.rpartition("/")[0]
    known: dict[str, Any] = {"request": request, "now": request.then, "zone": request.locations.zone()}
    if frame is not None:
        known |= variables(frame, *frame.templates)
    known |= variables(model, template)
    wanted = request.raw.headers.get(PART, "")
    if found := parts.get(wanted) or repeated_parts.get(wanted):
        alone = f"{folder}/{wanted}.html"
        html = await rendered(alone, known | variables(await found(request), alone))
        return HTMLResponse(_of_its_time(request, html))
    # What the parts ask the database, they ask beside each other.
    models = await asyncio.gather(*(part(request) for part in parts.values()))
    for name, model_of_part in zip(parts, models, strict=True):
        known |= variables(model_of_part, f"{folder}/{name}.html")
    known["notice"] = unquote(request.raw.cookies.get(NOTICE, ""))
    response = HTMLResponse(_of_its_time(request, await rendered(template, known)), status)
    if known["notice"]:
        response.delete_cookie(NOTICE)
    return response


def _of_the_present(raw: Request) -> None:
    """Raise a 422 ``Problem`` if the address asks for an earlier instant."""
    if raw.query_params.get("asOf"):
        raise all_invalid([("?asOf", gettext("This page shows the present only."))])


def _unanswered(answer: Unanswerable) -> Problem:
    if isinstance(answer, OnlyPresent):
        return all_invalid([("?asOf", translated(answer))])
    return Problem(400, str(answer))


def _of_its_time(request: PageRequest, html: str) -> str:
    if request.as_of is None or request.past_pages is None:
        return html
    return request.past_pages.rewritten(html, request.query("asOf"))


def redirect(path: str, notice: str = "") -> Response:
    """Send the browser on after something was done, with a sentence to show there once."""
    response = RedirectResponse(path, 303)
    if notice:
        response.set_cookie(NOTICE, quote(notice[:500]), max_age=30, httponly=True, samesite="lax")
    return response
