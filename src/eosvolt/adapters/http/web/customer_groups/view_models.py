"""What the templates of customer groups are given."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.web.customer_groups.prices_data import TypedPrice
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.projections.customer_groups import CustomerGroupRow


class CustomerGroupRows(ViewModel, frozen=True, kw_only=True):
    """The groups of a company."""

    templates: ClassVar = ("customer_groups/list.html",)

    rows: Sequence[CustomerGroupRow]


class CustomerGroupsPage(ViewModel, frozen=True, kw_only=True):
    """The list of groups."""

    templates: ClassVar = ("customer_groups/page.html",)
    parts: ClassVar = (CustomerGroupRows,)

    page: str = "customers"


class CustomerGroupFormPage(ViewModel, frozen=True, kw_only=True):
    """The form of a new group, or of one that there is (``row``)."""

    templates: ClassVar = ("customer_groups/form.html",)

    row: CustomerGroupRow | None
    lost: LostUpdate | None
    version: int | str
    values: Mapping[str, str]
    lines: Sequence[TypedPrice]
    kinds: Mapping[str, Text]
    problems: Mapping[str, str]
    page: str = "customers"
