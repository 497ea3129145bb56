"""The operation that issues an invoice over several sessions and fees of bookings."""

from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from eosvolt.application.customers import CustomerPerson
from eosvolt.application.document_numbers import next_document
from eosvolt.application.executor import Plan
from eosvolt.application.invoicing import PAYMENT_DAYS
from eosvolt.application.operations.operation import (
    Input,
    InvalidValue,
    Operation,
    OperationContext,
    operation_everywhere,
)
from eosvolt.application.permissions import Action, NotThere, Permission, ProductArea
from eosvolt.domain.bookings.decider import bookings
from eosvolt.domain.bookings.fee_commands import InvoiceBooking
from eosvolt.domain.bookings.fee_events import BookingFeeCharged
from eosvolt.domain.bookings.fees import FeeAccount
from eosvolt.domain.bookings.state import fees_of
from eosvolt.domain.calendar import local_date, local_day
from eosvolt.domain.companies.decider import Company, companies
from eosvolt.domain.companies.settings import BillingDetails
from eosvolt.domain.customer_groups.decider import customer_groups
from eosvolt.domain.documents.events import DocumentKind
from eosvolt.domain.documents.register import FISCAL_TIME_ZONE
from eosvolt.domain.invoices.commands import IssueInvoice
from eosvolt.domain.invoices.decider import invoices
from eosvolt.domain.invoices.events import InvoicedFee, InvoicedSession
from eosvolt.domain.kernel import CommandEnvelope, Rejected
from eosvolt.domain.sessions.commands import InvoiceSession
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.invoicing import left
from eosvolt.domain.sessions.state import Closed

ISSUE = Permission(Action.ADD, ProductArea.FINANCE)
_EVERYWHERE = "Whoever may work at some locations only cannot issue invoices."


class InvoiceInput(Input, frozen=True, kw_only=True):
    """A new invoice under an id that was never used, to a customer, for what was over in some days.

    These are sessions and fees of bookings. Days are those of the company's fiscal time zone, both included.
    ``group`` puts those of its members on it instead of the customer's own. ``currency`` is needed where
    there are several.
    """

    invoice: str
    customer: str
    first: date
    last: date
    group: str = ""
    currency: str = ""


@operation_everywhere(ISSUE, _EVERYWHERE)
async def issue(context: OperationContext, wanted: InvoiceInput) -> Plan[str]:
    """Issue an invoice over all sessions and fees of the days that are on none yet; return its number.

    Raises ``Rejected`` where billing data are missing or nothing is left to invoice, ``InvalidValue`` for a
    group that is not there, days in no order, and where the currency has to be chosen.
    """
    person = await context.ports.customer_records.person(context.company, wanted.customer)
    company = await context.state(companies, str(context.company))
    if person is None or not isinstance(company, Company):
        raise NotThere
    if not company.billing.complete:
        raise Rejected("An invoice needs complete billing data: legal name, address and a tax number.")
    recipient = _recipient(person)
    if wanted.last < wanted.first:
        raise InvalidValue("last", "The last day is before the first one.")
    if wanted.group:
        known = await context.state(customer_groups, str(context.company))
        if known.group(wanted.group) is None:
            raise InvalidValue("group", "There is no such customer group.")
    zone = company.preferences.fiscal_time_zone or FISCAL_TIME_ZONE
    lines, fees = await _lines(context, wanted, zone)
    number, document = await next_document(
        context.application, context.company, DocumentKind.INVOICE, "", context.at, invoice=wanted.invoice
    )
    issued_on = local_date(context.at, zone)
    command = IssueInvoice(
        company=context.company,
        at=context.at,
        number=number,
        customer=wanted.customer,
        group=wanted.group,
        first=wanted.first,
        last=wanted.last,
        issued_on=issued_on,
        due_on=issued_on + timedelta(days=PAYMENT_DAYS),
        sessions=lines,
        fees=fees,
    )
    each = [
        CommandEnvelope(
            sessions, line.session, InvoiceSession(at=context.at, invoice=number, gross=line.gross)
        )
        for line in lines
    ]
    each += [
        CommandEnvelope(bookings, fee.booking, InvoiceBooking(at=context.at, invoice=number, gross=fee.gross))
        for fee in fees
    ]
    return Plan(
        (CommandEnvelope(invoices, wanted.invoice, command), document, *each),
        number,
        alongside=(context.ports.customer_records.invoiced(context.company, wanted.invoice, recipient),),
    )


def _recipient(person: CustomerPerson) -> BillingDetails:
    """To whom the invoice goes. Raises ``InvalidValue`` where its country is not known."""
    billing = person.billing
    if not billing.country:
        raise InvalidValue("customer", "The invoice address of the customer needs a country.")
    return billing if billing.legal_name else replace(billing, legal_name=person.name)


async def _lines(
    context: OperationContext, wanted: InvoiceInput, zone: str
) -> tuple[tuple[InvoicedSession, ...], tuple[InvoicedFee, ...]]:
    since, until = local_day(wanted.first, zone)[0], local_day(wanted.last, zone)[1]
    asked = (context.company, wanted.customer, wanted.group, since, until)
    found = await context.ports.invoiceable.invoiceable(*asked)
    states = [(session, await context.state(sessions, session)) for session in found]
    # What was invoiced or refunded since the read model was written is left out.
    lines = [
        _line(session, state)
        for session, state in states
        if isinstance(state, Closed) and not state.invoice and left(state).gross.minor > 0
    ]
    fees = [
        _fee(booking, account, account.charged)
        for booking in await context.ports.invoiceable.invoiceable_fees(*asked)
        if (account := fees_of(await context.state(bookings, booking))).charged is not None
        and not account.invoice
        and account.left.gross.minor > 0
    ]
    currencies = sorted({line.gross.currency for line in lines} | {fee.gross.currency for fee in fees})
    if not wanted.currency and len(currencies) > 1:
        raise InvalidValue("currency", f"Choose one of the currencies {', '.join(currencies)}.")
    currency = wanted.currency or next(iter(currencies), "")
    return (
        tuple(line for line in lines if line.gross.currency == currency),
        tuple(fee for fee in fees if fee.gross.currency == currency),
    )


def _fee(booking: str, account: FeeAccount, charged: BookingFeeCharged) -> InvoicedFee:
    return InvoicedFee(
        booking=booking,
        location=charged.place.location,
        charge_point=charged.place.charge_point,
        connector=charged.place.connector,
        time_zone=charged.place.time_zone,
        since=charged.since,
        until=charged.until,
        slots=charged.slots,
        gross=account.left.gross,
        vat_rate=charged.vat_rate,
    )


def _line(session: str, state: Closed) -> InvoicedSession:
    start, end = state.last.start, state.last.end
    return InvoicedSession(
        session=session,
        number=start.number,
        location=start.place.location,
        charge_point=start.place.charge_point,
        connector=start.place.connector,
        time_zone=start.place.time_zone,
        started_at=start.at,
        ended_at=end.at,
        energy_wh=end.energy_wh,
        gross=left(state).gross,
        vat_rate=start.tariff.vat_rate,
    )


OPERATIONS: tuple[Operation[Any, Any], ...] = (issue,)
