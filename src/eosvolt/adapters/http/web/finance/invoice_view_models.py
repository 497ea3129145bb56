"""What the templates of invoices are given."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.domain.invoices.amounts import InvoiceAmounts
from eosvolt.projections.invoices import InvoiceRow


class InvoiceList(ViewModel, frozen=True, kw_only=True):
    """A page of the invoices. ``names`` are those of customers by id; the erased are left out."""

    templates: ClassVar = ("finance/invoice_list.html",)

    rows: Sequence[InvoiceRow]
    cursor: str | None
    names: Mapping[str, str]
    everywhere: bool


class InvoicesPage(ViewModel, frozen=True, kw_only=True):
    """All invoices."""

    templates: ClassVar = ("finance/invoices.html",)
    parts: ClassVar = (InvoiceList,)

    page: str = "finance"


class InvoiceFormPage(ViewModel, frozen=True, kw_only=True):
    """The form of a new invoice. ``customers`` and ``groups`` are pairs of an id and a name."""

    templates: ClassVar = ("finance/invoice_form.html",)

    customers: Sequence[tuple[str, str]]
    groups: Sequence[tuple[str, str]]
    typed: Mapping[str, str]
    problems: Mapping[str, str]
    billing_complete: bool
    page: str = "finance"


class InvoicePage(ViewModel, frozen=True, kw_only=True):
    """An invoice with its sessions; ``group`` is the name of the group whose members' they are."""

    templates: ClassVar = ("finance/invoice.html",)

    row: InvoiceRow
    amounts: InvoiceAmounts
    recipient: str
    group: str
    page: str = "finance"
