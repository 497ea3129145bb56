"""What the templates of one's own account are given."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.own_account import WebSession
from eosvolt.application.passkeys import Passkey
from eosvolt.application.second_factors import Factors


class WebSessionLine(NamedTuple):
    """A web session and the name of its browser, e.g. “Chrome, Windows”."""

    session: WebSession
    browser: str


class AccountPage(ViewModel, frozen=True, kw_only=True):
    """My account; ``problems`` are about the fields of the form for another password."""

    templates: ClassVar = ("account/page.html",)

    page: str = "account"
    sessions: Sequence[WebSessionLine]
    factors: Factors
    passkeys: Sequence[Passkey]
    passkeys_possible: bool
    problems: Mapping[str, str] = {}


class AuthenticatorPage(ViewModel, frozen=True, kw_only=True):
    """The authenticator app: ``active``, or to be confirmed with its ``secret``, or to be set up.

    ``qr_code`` is an SVG of ours.
    """

    templates: ClassVar = ("account/authenticator.html",)

    page: str = "account"
    active: bool
    secret: str
    qr_code: str
    problems: Mapping[str, str] = {}


class RecoveryCodesPage(ViewModel, frozen=True, kw_only=True):
    """How many recovery codes are left, or the ``codes`` that were just made; ``possible``: with a factor."""

    templates: ClassVar = ("account/recovery_codes.html",)

    page: str = "account"
    possible: bool
    left: int
    codes: Sequence[str]
    problems: Mapping[str, str] = {}


class NewPasskeyPage(ViewModel, frozen=True, kw_only=True):
    """The form for a new passkey, whose credential the browser makes."""

    templates: ClassVar = ("account/new_passkey.html",)

    page: str = "account"
    name: str = ""
    problems: Mapping[str, str] = {}


class RemovePasskeyPage(ViewModel, frozen=True, kw_only=True):
    """Asks for the password before a passkey is removed."""

    templates: ClassVar = ("account/remove_passkey.html",)

    page: str = "account"
    passkey: Passkey
    problems: Mapping[str, str] = {}
