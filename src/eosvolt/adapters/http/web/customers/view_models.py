"""What the templates of customers are given."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.presentation.customers import CustomerEntry
from eosvolt.adapters.http.web.sessions.table import SessionTable
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.projections.customer_groups import CustomerGroupRow
from eosvolt.projections.session_row import SessionReceipt, SessionRow
from eosvolt.projections.tokens import TokenRow


class CustomerRows(ViewModel, frozen=True, kw_only=True):
    """A page of customers in the order ``sort``."""

    templates: ClassVar = ("customers/list.html",)

    entries: Sequence[CustomerEntry]
    cursor: str | None
    sort: str


class CustomersPage(ViewModel, frozen=True, kw_only=True):
    """The list of customers; ``groups`` are those to filter by."""

    templates: ClassVar = ("customers/page.html",)
    parts: ClassVar = (CustomerRows,)

    groups: Sequence[CustomerGroupRow]
    page: str = "customers"


class CustomerFormPage(ViewModel, frozen=True, kw_only=True):
    """The form of a new customer, or of one that there is (``entry``).

    ``countries`` and ``languages`` are pairs of code and name; ``chosen`` are ids of ``groups``.
    """

    templates: ClassVar = ("customers/form.html",)

    entry: CustomerEntry | None
    lost: LostUpdate | None
    version: int | str
    values: Mapping[str, str]
    countries: Sequence[tuple[str, str]]
    languages: Sequence[tuple[str, str]]
    groups: Sequence[CustomerGroupRow]
    chosen: Sequence[str]
    problems: Mapping[str, str]
    page: str = "customers"


class CustomerAccountPage(ViewModel, frozen=True, kw_only=True):
    """The form of the account to which a customer is paid; ``values`` are its fields by name."""

    templates: ClassVar = ("customers/account.html",)

    entry: CustomerEntry
    values: Mapping[str, str]
    problems: Mapping[str, str]
    second_factor: bool
    page: str = "customers"


class CustomerFacts(ViewModel, frozen=True, kw_only=True):
    """A customer with the terms of the tokens and the newest sessions; ``more``: there are others.

    ``iban`` is the masked one of the account to which the customer is paid, empty without one.
    ``receipts`` are the numbered ones of these sessions with their sessions, the newest first.
    """

    templates: ClassVar = ("customers/facts.html",)

    entry: CustomerEntry
    cards: Sequence[TokenRow]
    groups: Sequence[CustomerGroupRow]
    iban: str
    states: Mapping[str, Text]
    countries: Mapping[str, str]
    languages: Mapping[str, str]
    table: SessionTable
    receipts: Sequence[tuple[SessionRow, SessionReceipt]]
    more: bool


class CustomerPage(ViewModel, frozen=True, kw_only=True):
    """One customer."""

    templates: ClassVar = ("customers/one.html",)
    parts: ClassVar = (CustomerFacts,)

    entry: CustomerEntry
    page: str = "customers"
