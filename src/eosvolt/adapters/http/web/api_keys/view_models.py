"""What the templates of API keys are given."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar, NamedTuple

from eosvolt.adapters.http.web.shell.access_form import AccessFields
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.projections.companies import ApiKeyRow


class KeyLine(NamedTuple):
    """One key.

    ``access`` is the name of a ready-made set, empty for none, and ``pages`` are the pages that may be
    viewed; ``locations`` are names, ``None`` for all. ``expired``: it has ended by itself.
    """

    row: ApiKeyRow
    access: str
    pages: Sequence[str]
    locations: Sequence[str] | None
    expired: bool


class ApiKeysPage(ViewModel, frozen=True, kw_only=True):
    """The valid API keys; ``issued`` is a new key, which no other page shows.

    ``uses`` has the last use by key id. ``label``, ``expires`` (a local date) and ``access`` are what was
    typed, ``problems`` its errors.
    """

    templates: ClassVar = ("api_keys/page.html",)

    lines: Sequence[KeyLine]
    uses: Mapping[str, datetime]
    issued: str
    label: str
    expires: str
    access: AccessFields
    problems: Mapping[str, str]
    page: str = "settings"


class RevokeKeyPage(ViewModel, frozen=True, kw_only=True):
    """Asks whether an API key is to end."""

    templates: ClassVar = ("api_keys/revoke.html",)

    row: ApiKeyRow
    page: str = "settings"
