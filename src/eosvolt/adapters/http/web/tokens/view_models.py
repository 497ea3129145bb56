"""What the templates of tokens are given."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.adapters.http.web.tokens.file import Wrong
from eosvolt.projections.tokens import TokenRow


class TokenImportPage(ViewModel, frozen=True, kw_only=True):
    """The form for a file of tokens, and what is ``wrong`` with the last; ``more`` is left out."""

    templates: ClassVar = ("tokens/import.html",)

    wrong: Sequence[Wrong]
    more: int
    lines: int
    kilobytes: int
    columns: Sequence[str]
    page: str = "tokens"


class TokenRows(ViewModel, frozen=True, kw_only=True):
    """A page of tokens. ``people`` are customers' names by id."""

    templates: ClassVar = ("tokens/list.html",)

    rows: Sequence[TokenRow]
    people: Mapping[str, str]
    cursor: str | None
    states: Mapping[str, Text]


class TokensPage(ViewModel, frozen=True, kw_only=True):
    """The list and the form for a new token. ``undo``: the token ``changed`` had that state before."""

    templates: ClassVar = ("tokens/page.html",)
    parts: ClassVar = (TokenRows,)

    typed: Mapping[str, str]
    problems: Mapping[str, str]
    states: Mapping[str, Text]
    undo: tuple[str, str] | None
    changed: TokenRow | None
    page: str = "tokens"


class TokenFormPage(ViewModel, frozen=True, kw_only=True):
    """The form of a token."""

    templates: ClassVar = ("tokens/edit.html",)

    lost: LostUpdate | None
    version: int | str
    row: TokenRow
    typed: Mapping[str, Any]
    problems: Mapping[str, str]
    states: Mapping[str, Text]
    page: str = "tokens"
