"""What the templates of users are given."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

from eosvolt.adapters.http.presentation.admins import AdminEntry
from eosvolt.adapters.http.web.shell.access_form import AccessFields, ReadySet
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate
from eosvolt.adapters.http.web.shell.view_model import ViewModel


class UserLine(NamedTuple):
    """One admin of the list.

    ``access`` is the name of a ready-made set, empty for none, and ``pages`` are the pages that may be
    viewed; ``may_change``: the user may do so.
    """

    entry: AdminEntry
    access: str
    pages: Sequence[str]
    locations: Sequence[str]
    may_change: bool
    itself: bool


class UserRows(ViewModel, frozen=True, kw_only=True):
    """The list of admins."""

    templates: ClassVar = ("users/list.html",)

    lines: Sequence[UserLine]
    is_owner: bool


class UsersPage(ViewModel, frozen=True, kw_only=True):
    """The page Users. ``link`` is a new invitation's, which no other page shows."""

    templates: ClassVar = ("users/page.html",)
    parts: ClassVar = (UserRows,)

    link: str
    page: str = "users"


class UserFormPage(ViewModel, frozen=True, kw_only=True):
    """The form of a new admin, or of one that there is (``entry``)."""

    templates: ClassVar = ("users/form.html",)

    entry: AdminEntry | None
    lost: LostUpdate | None
    version: int | str
    values: Mapping[str, str]
    access: AccessFields
    sets: Mapping[str, ReadySet]
    chosen: str
    problems: Mapping[str, str]
    page: str = "users"


class AskUserPage(ViewModel, frozen=True, kw_only=True):
    """Asks for the name of an admin before something is done that matters."""

    templates: ClassVar = ("users/ask.html",)

    heading: str
    consequence: str
    name: str
    button: str
    problem: str
    page: str = "users"


class JoinPage(ViewModel, frozen=True, kw_only=True):
    """The form of an invitation link."""

    templates: ClassVar = ("users/join.html",)

    company: str
    email: str
    values: Mapping[str, str]
    problems: Mapping[str, str] = {}


class NoInvitationPage(ViewModel, frozen=True, kw_only=True):
    """Says why an invitation link cannot be used."""

    templates: ClassVar = ("users/no_invitation.html",)

    reason: str
