"""What the templates of one's own account are given."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

from eosvolt.adapters.http.web.account.own_request import OwnPasskeys
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.own_account import WebSession
from eosvolt.application.passkeys import Passkey
from eosvolt.application.second_factors import Factors


class WebSessionLine(NamedTuple):
    """A web session and the name of its browser, e.g. “Chrome, Windows”."""

    session: WebSession
    browser: str


class SecurityCards(ViewModel, frozen=True, kw_only=True):
    """What every account has; ``problems`` are about the fields of the form for another password.

    ``account_path`` is where the pages of the account are, ``passkeys`` is ``None`` for a kind without them.
    """

    templates: ClassVar = ("account/security.html",)

    account_path: str
    email: str
    sessions: Sequence[WebSessionLine]
    factors: Factors
    passkeys: OwnPasskeys | None
    problems: Mapping[str, str] = {}


class AuthenticatorForm(ViewModel, frozen=True, kw_only=True):
    """The authenticator app: ``active``, or to be confirmed with its ``secret``, or to be set up.

    ``qr_code`` is an SVG of ours.
    """

    templates: ClassVar = ("account/authenticator_form.html",)

    account_path: str
    active: bool
    secret: str
    qr_code: str
    problems: Mapping[str, str] = {}


class RecoveryCodesForm(ViewModel, frozen=True, kw_only=True):
    """How many recovery codes are left, or the ``codes`` that were just made; ``possible``: with a factor."""

    templates: ClassVar = ("account/recovery_codes_form.html",)

    account_path: str
    possible: bool
    left: int
    codes: Sequence[str]
    problems: Mapping[str, str] = {}


class AccountPage(ViewModel, frozen=True, kw_only=True):
    """My account."""

    templates: ClassVar = ("account/page.html",)
    parts: ClassVar = (SecurityCards,)

    page: str = "account"


class AuthenticatorPage(ViewModel, frozen=True, kw_only=True):
    """The authenticator app."""

    templates: ClassVar = ("account/authenticator.html",)
    parts: ClassVar = (AuthenticatorForm,)

    page: str = "account"


class RecoveryCodesPage(ViewModel, frozen=True, kw_only=True):
    """The recovery codes."""

    templates: ClassVar = ("account/recovery_codes.html",)
    parts: ClassVar = (RecoveryCodesForm,)

    page: str = "account"


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
