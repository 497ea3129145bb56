"""What the templates of exclusions are given."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.projections.exclusions import ExclusionRow


class ExclusionRows(ViewModel, frozen=True, kw_only=True):
    """The exclusions of the filter."""

    templates: ClassVar = ("exclusions/list.html",)

    rows: Sequence[ExclusionRow]
    kinds: Mapping[str, Text]


class ExclusionsPage(ViewModel, frozen=True, kw_only=True):
    """The list, and the form for a new exclusion where the user may record one."""

    templates: ClassVar = ("exclusions/page.html",)
    parts: ClassVar = (ExclusionRows,)

    typed: Mapping[str, str]
    problems: Mapping[str, str]
    kinds: Mapping[str, Text]
    page: str = "diagnostics"
