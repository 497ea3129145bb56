"""What the templates of signing in and registering are given."""

from collections.abc import Mapping
from typing import ClassVar

from eosvolt.adapters.http.web.shell.view_model import ViewModel


class SignInPage(ViewModel, frozen=True, kw_only=True):
    """The form to sign in; ``problem`` is about all of it, ``problems`` are about its fields."""

    templates: ClassVar = ("sign_in/sign_in.html",)

    notice: str = ""
    passkeys: bool = False
    email: str = ""
    problem: str = ""
    problems: Mapping[str, str] = {}


class RegisterPage(ViewModel, frozen=True, kw_only=True):
    """The form to register a company."""

    templates: ClassVar = ("sign_in/register.html",)

    values: Mapping[str, str]
    problems: Mapping[str, str] = {}


class NoRegistrationPage(ViewModel, frozen=True, kw_only=True):
    """Says why a registration link cannot be used."""

    templates: ClassVar = ("sign_in/no_registration.html",)

    reason: str


class ForgottenPage(ViewModel, frozen=True, kw_only=True):
    """The form that requests a link to set another password; ``requested``: that was done.

    ``mailing``: a mail server is configured.
    """

    templates: ClassVar = ("sign_in/forgotten.html",)

    mailing: bool
    email: str = ""
    requested: bool = False
    problems: Mapping[str, str] = {}


class ResetPage(ViewModel, frozen=True, kw_only=True):
    """The form to set another password."""

    templates: ClassVar = ("sign_in/reset.html",)

    problems: Mapping[str, str] = {}


class NoResetPage(ViewModel, frozen=True, kw_only=True):
    """Says why a link to set another password cannot be used."""

    templates: ClassVar = ("sign_in/no_reset.html",)

    reason: str


class SecondStepPage(ViewModel, frozen=True, kw_only=True):
    """The second step of signing in; ``codes``: the account has an authenticator app.

    ``sign_in`` is the page of the first step.
    """

    templates: ClassVar = ("sign_in/second_step.html",)

    sign_in: str
    codes: bool
    passkeys: bool
    problem: str = ""
    problems: Mapping[str, str] = {}
