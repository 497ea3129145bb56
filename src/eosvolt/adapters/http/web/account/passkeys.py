"""The passkeys of one's own account: added in the browser, named, removed."""

from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import Problem, not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.passkeys import Ceremonies
from eosvolt.adapters.http.web.account.own_request import OwnRequest
from eosvolt.adapters.http.web.account.password import count_attempt, password_problems
from eosvolt.adapters.http.web.account.view_models import NewPasskeyPage, RemovePasskeyPage
from eosvolt.adapters.http.web.shell.one_time_secrets import to_be_shown
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.passkeys import Passkey
from eosvolt.domain.kernel import Rejected

ACCOUNT = "/account"
NEW = "/account/passkeys/new"
SHOWN_CODES = "/account/recovery-codes/new"
_LONGEST_NAME = 60


class PasskeyPages:
    """Adding and removing ask for the password."""

    def __init__(self, own: Callable[[PageRequest], OwnRequest]) -> None:
        """``own`` makes a request one about the own account."""
        self._own = own

    def routes(self, pages: Pages) -> list[Route]:
        """``/account/passkeys``."""
        return [
            pages.form(NEW, self.new, self.add, operation=None),
            pages.post("/account/passkeys/options", self.options, operation=None),
            pages.form("/account/passkeys/{passkey}/remove", self.ask, self.remove, operation=None),
        ]

    async def new(self, request: PageRequest) -> Response:
        """The form for a new passkey."""
        return await _new_page(request)

    async def options(self, request: PageRequest) -> Response:
        """What the browser is asked for a new passkey, as JSON, for the right password."""
        ceremonies = _ceremonies(request)
        if wrong := await password_problems(self._own(request)):
            raise Problem(422, wrong["present"])
        return Response(
            await ceremonies.registration(request.account, _browser(request)), media_type="application/json"
        )

    async def add(self, request: PageRequest) -> Response:
        """Add the passkey that the browser made."""
        count_attempt(self._own(request))
        ceremonies, name = _ceremonies(request), request.form_value("name").strip()
        if not 0 < len(name) <= _LONGEST_NAME:
            problem = gettext("A name of at most {longest} characters.", longest=_LONGEST_NAME)
            return await _new_page(request, {"name": problem})
        try:
            made = await ceremonies.registered(
                request.account, name, request.form_value("credential"), _browser(request)
            )
            codes = await request.dependencies.passkeys.add(request.account.account, made)
        except Rejected as refusal:
            return await _new_page(request, {"name": translated(refusal)})
        if codes:
            return to_be_shown(request, SHOWN_CODES, " ".join(codes))
        return redirect(f"{ACCOUNT}#factors", gettext("Passkey “{name}” added.", name=name))

    async def ask(self, request: PageRequest) -> Response:
        """Ask for the password before a passkey is removed."""
        return await show(request, RemovePasskeyPage(passkey=await _passkey(request)))

    async def remove(self, request: PageRequest) -> Response:
        """Remove a passkey."""
        there = await _passkey(request)
        if wrong := await password_problems(self._own(request)):
            return await show(request, RemovePasskeyPage(passkey=there, problems=wrong), status=422)
        await request.dependencies.passkeys.remove(request.account.account, there.id)
        return redirect(f"{ACCOUNT}#factors", gettext("Passkey “{name}” removed.", name=there.name))


def _ceremonies(request: PageRequest) -> Ceremonies:
    """The ceremonies. Raises a 409 ``Problem`` where browsers allow no passkeys for this address."""
    found = Ceremonies(request.dependencies.passkeys, request.dependencies.public_url)
    if not found.party:
        raise Problem(409, gettext("Passkeys need https and a name in the public address."))
    return found


def _browser(request: PageRequest) -> str:
    return request.gate.cookie.secret(request.raw)


async def _passkey(request: PageRequest) -> Passkey:
    for each in await request.dependencies.passkeys.of(request.account.account):
        if each.id == request.path_parameter("passkey"):
            return each
    raise not_found(gettext("There is no such passkey."))


async def _new_page(request: PageRequest, problems: dict[str, str] | None = None) -> Response:
    model = NewPasskeyPage(name=request.form_value("name"), problems=problems or {})
    return await show(request, model, status=422 if problems else 200)
