"""What the templates of API keys are given."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.projections.companies import ApiKeyRow


class ApiKeysPage(ViewModel, frozen=True, kw_only=True):
    """The valid API keys; ``issued`` is a new key, which no other page shows.

    ``uses`` has the last use by key id. ``label`` and ``problems`` are what was typed, and its errors.
    """

    templates: ClassVar = ("api_keys/page.html",)

    keys: Sequence[ApiKeyRow]
    uses: Mapping[str, datetime]
    issued: str
    label: str
    problems: Mapping[str, str]
    page: str = "settings"


class RevokeKeyPage(ViewModel, frozen=True, kw_only=True):
    """Asks whether an API key is to end."""

    templates: ClassVar = ("api_keys/revoke.html",)

    row: ApiKeyRow
    page: str = "settings"
