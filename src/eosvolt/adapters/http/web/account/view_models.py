"""What the templates of one's own account are given."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.own_account import WebSession


class WebSessionLine(NamedTuple):
    """A web session and the name of its browser, e.g. “Chrome, Windows”."""

    session: WebSession
    browser: str


class AccountPage(ViewModel, frozen=True, kw_only=True):
    """My account; ``problems`` are about the fields of the form for another password."""

    templates: ClassVar = ("account/page.html",)

    page: str = "account"
    sessions: Sequence[WebSessionLine]
    problems: Mapping[str, str] = {}
