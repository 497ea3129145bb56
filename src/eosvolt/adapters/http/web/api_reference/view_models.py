"""What the templates of the API's reference are given."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

from markupsafe import Markup

from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.permissions import Grants


class DocumentedOperation(NamedTuple):
    """One operation. ``body`` and ``answer`` are examples as JSON; ``text`` is what a search looks at."""

    id: str
    tag: str
    method: str
    path: str
    summary: Markup
    description: Markup
    parameters: list[tuple[str, str, Markup, Markup]]
    body_kind: Markup
    body: str
    call: str
    answers: list[tuple[str, Markup, Markup]]
    answer: str
    text: str


class ApiReferencePage(ViewModel, frozen=True, kw_only=True):
    """The operations that fit the search ``q``, by tag, and the shapes of the API as JSON.

    ``grants`` are those of whoever looks: the menu has no other entries.
    """

    templates: ClassVar = ("api_reference/page.html",)

    signed_in: bool
    grants: Grants
    q: str
    about: Markup
    groups: Mapping[str, Sequence[DocumentedOperation]]
    count: int
    schemas: Sequence[tuple[str, str]]
    request: None = None
    page: str = ""
