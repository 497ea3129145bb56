"""What the templates of signing in and registering are given."""

from collections.abc import Mapping
from typing import ClassVar

from eosvolt.adapters.http.web.shell.view_model import ViewModel


class SignInPage(ViewModel, frozen=True, kw_only=True):
    """The form to sign in; ``problem`` is about all of it, ``problems`` are about its fields."""

    templates: ClassVar = ("sign_in/sign_in.html",)

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
