"""What somebody does to their own account: a person of a company or a member of the platform staff."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, NamedTuple, Protocol, TypeVar

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.plain_text import plain
from eosvolt.adapters.http.ports.own_account import AccountSecurity
from eosvolt.adapters.http.ports.second_factors import SecondFactors
from eosvolt.adapters.http.web.shell.path_parameters import decoded
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.passkeys import Passkey

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class OwnPasskeys(NamedTuple):
    """The passkeys of an account, and whether browsers allow any for our public address."""

    made: Sequence[Passkey]
    possible: bool


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """A request about one's own account, whose pages are below ``path``, e.g. ``/account``.

    ``account`` is its id, ``session`` the secret of the web session, ``issuer`` is what an authenticator app
    calls us. ``passkeys`` gives ``None`` where this kind of account has none. ``render`` puts a part into
    the page around it, with a status.
    """

    raw: Request
    form: FormData
    dependencies: Dependencies
    now: datetime
    path: str
    account: str
    email: str
    session: str
    issuer: str
    security: AccountSecurity
    factors: SecondFactors
    passkeys: Callable[[], Awaitable[OwnPasskeys | None]]
    render: Callable[[ViewModel, int], Awaitable[Response]]

    def form_value(self, name: str) -> str:
        """A value of the submitted form."""
        return plain(self.password(name))

    def password(self, name: str) -> str:
        """A password as it was typed: blanks belong to it."""
        value = self.form.get(name, "")
        return value if isinstance(value, str) else ""

    def path_parameter(self, name: str) -> str:
        """A path parameter, decoded."""
        return decoded(self.raw, name)


OwnPage = Callable[[OwnRequest], Awaitable[Response]]


class RouteMaker(Protocol[R_co]):
    """Makes routes of pages for whoever is signed in."""

    def get(self, path: str, page: Callable[[R_co], Awaitable[Response]]) -> Route:
        """A page to look at."""
        ...

    def post(self, path: str, page: Callable[[R_co], Awaitable[Response]], operation: None) -> Route:
        """Something to do."""
        ...

    def form(
        self,
        path: str,
        shown: Callable[[R_co], Awaitable[Response]],
        sent: Callable[[R_co], Awaitable[Response]],
        *,
        operation: None,
    ) -> Route:
        """The GET and POST routes of a form."""
        ...


class OwnPages(Generic[R]):
    """Makes routes below one path. They run no operation: what they change is outside the history."""

    def __init__(self, path: str, pages: RouteMaker[R], own: Callable[[R], OwnRequest]) -> None:
        """``own`` tells whose request it is."""
        self._path = path
        self._pages = pages
        self._own = own

    def get(self, place: str, page: OwnPage) -> Route:
        """A page to look at."""
        return self._pages.get(f"{self._path}{place}", self._of_own(page))

    def post(self, place: str, page: OwnPage) -> Route:
        """Something to do."""
        return self._pages.post(f"{self._path}{place}", self._of_own(page), operation=None)

    def form(self, place: str, shown: OwnPage, sent: OwnPage) -> Route:
        """The GET and POST routes of a form."""
        return self._pages.form(
            f"{self._path}{place}", self._of_own(shown), self._of_own(sent), operation=None
        )

    def _of_own(self, page: OwnPage) -> Callable[[R], Awaitable[Response]]:
        async def answer(request: R) -> Response:
            return await page(self._own(request))

        return answer
