"""The events of invoices."""

from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct

from eosvolt.domain.kernel import Event
from eosvolt.domain.money import Money


class InvoicedSession(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A session on an invoice: what of its cost is left, VAT at ``vat_rate`` included."""

    session: str
    number: int
    location: str
    charge_point: str
    connector: int
    time_zone: str
    started_at: datetime
    ended_at: datetime
    energy_wh: int
    gross: Money
    vat_rate: Decimal


class InvoicedFee(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The fee of a booking on an invoice: what of it is left, VAT at ``vat_rate`` included."""

    booking: str
    location: str
    charge_point: str
    connector: int
    time_zone: str
    since: datetime
    until: datetime
    slots: int
    gross: Money
    vat_rate: Decimal


InvoicedLine = InvoicedSession | InvoicedFee


class InvoiceIssued(Event, frozen=True, tag="invoice-issued"):
    """The invoice with a ``number`` was issued to a customer, for the days from ``first`` to ``last``.

    ``group`` is the group whose members' sessions it has, empty where they are the customer's own. ``fees``
    are those of bookings. Days are those of the company's fiscal time zone. Who the customer is, as it was
    then, stands outside the history.
    """

    company: int
    at: datetime
    number: str
    customer: str
    first: date
    last: date
    issued_on: date
    due_on: date
    sessions: tuple[InvoicedSession, ...]
    group: str = ""
    fees: tuple[InvoicedFee, ...] = ()

    @property
    def lines(self) -> tuple[InvoicedLine, ...]:
        """Everything that is on it: sessions, then fees of bookings."""
        return (*self.sessions, *self.fees)


InvoiceEvent = InvoiceIssued
