"""What the templates of search are given."""

from collections.abc import Sequence
from typing import ClassVar

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.presentation.search import Hit
from eosvolt.adapters.http.web.shell.view_model import ViewModel


class SearchHits(ViewModel, frozen=True, kw_only=True):
    """Hits by kind: title, address of the whole list, the hits, and the kind's name."""

    templates: ClassVar = ("search/hits.html",)

    groups: Sequence[tuple[Text, str, Sequence[Hit], str]]
    text: str
    most: int


class SearchPage(ViewModel, frozen=True, kw_only=True):
    """Everything that has ``text`` in it."""

    templates: ClassVar = ("search/page.html",)
    parts: ClassVar = (SearchHits,)

    text: str
    page: str = "search"
