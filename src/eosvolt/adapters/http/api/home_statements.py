"""``/finance/reimbursements``: statements of home chargers, approved by the payer and paid to the owner."""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta
from starlette.responses import Response

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.export_days import Decimals
from eosvolt.adapters.http.api.platform_finance import PaymentReference
from eosvolt.adapters.http.framework.api_types import ApiInput, Instant, Items, MoneyView, View, amount, utc
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.framework.problems import invalid
from eosvolt.adapters.http.presentation.exports import MEDIA
from eosvolt.adapters.http.presentation.home_statement_document import home_statement_pdf
from eosvolt.adapters.http.presentation.home_statements import (
    StatedMonth,
    StatementState,
    home_statement,
    home_statement_download,
    home_statements,
)
from eosvolt.adapters.http.presentation.letterhead import PDF
from eosvolt.adapters.http.presentation.reimbursement_payments import (
    LeftOut,
    OwedMonth,
    owed_months,
    reimbursement_file,
)
from eosvolt.adapters.http.presentation.withdrawals import XML, payments_response
from eosvolt.application.operations import home_statements as operations
from eosvolt.application.operations.home_statements import HomeStatementApproval, HomeStatementPayment
from eosvolt.application.operations.views import FINANCE
from eosvolt.application.table_files import TableFormat
from eosvolt.domain.home_statements.statement import StatementLine
from eosvolt.domain.money import Money

SignedAmount = Annotated[
    str,
    Meta(
        pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,4})?$",
        description="A decimal number as text.",
        examples=["42.18"],
    ),
]


class StatementLineView(View, frozen=True, kw_only=True):
    """A session of a statement; ``meterStartWh`` and ``meterStopWh`` are the charger's register.

    Of private sessions the amount is zero. ``corrects``: an earlier statement had the session, and energy and
    amount are what differs from that.
    """

    session: int
    charge_box_id: str
    use: Literal["business", "private"]
    started_at: Instant
    ended_at: Instant
    energy_wh: int
    amount: MoneyView
    corrects: bool
    meter_start_wh: int | None = None
    meter_stop_wh: int | None = None
    price_per_kwh: str = ""
    base_price_share: str = ""
    price_source: str = ""
    evidence: str = ""
    evidence_sha256: str = ""


class ReimbursementView(View, frozen=True, kw_only=True):
    """What the owner of a home charger is reimbursed for a month, in ``timeZone``.

    ``running``: the month is not over. ``open``: it can be approved. ``approved``: it is owed. ``paid``: it
    was paid, or there was nothing to pay. ``payerId`` is a customer; empty: the company itself.
    ``sessions`` are absent in lists.
    """

    id: str
    home_charger_id: str
    charge_box_id: str
    month: str
    price_profile_id: str
    customer_id: str
    payer_id: str
    time_zone: str
    state: StatementState
    business_wh: int
    private_wh: int
    amount: MoneyView
    approved_at: Instant | None = None
    paid_at: Instant | None = None
    reference: str = ""
    sessions: list[StatementLineView] | None = None


class OwedView(View, frozen=True, kw_only=True):
    """A statement that was approved and not paid.

    ``leftOut`` says why a payment file cannot have it: another customer pays, it is a repayment, it is not in
    euro, or the owner has no bank account. It is absent where the file has it.
    """

    reimbursement_id: str
    home_charger_id: str
    month: str
    customer_id: str
    amount: MoneyView
    left_out: LeftOut | None = None


class ApprovalRequest(ApiInput, frozen=True, kw_only=True):
    """What is agreed to: with ``amount``, only if the statement still has it."""

    amount: SignedAmount | None = None


class ReimbursementsQuery(PageQuery, frozen=True, kw_only=True):
    """Which statements: those in a state, or of one home charger."""

    state: StatementState | None = None
    home_charger: str = ""


class ReimbursementFileQuery(ApiInput, frozen=True, kw_only=True):
    """The format of a statement; a ``pdf`` is of approved ones."""

    format: Literal["csv", "xlsx", "pdf"] = "csv"
    decimal: Decimals = "point"


@endpoint("GET", "/finance/reimbursements", needs=FINANCE)
async def list_reimbursements(call: ApiCall, query: ReimbursementsQuery) -> Answer[Items[ReimbursementView]]:
    """The statements of home chargers, the newest month first."""
    found = await home_statements(call.queries, call.company, call.now, query.home_charger)
    items = [_view(each) for each in found if query.state in {None, each.state}]
    return paged(call, items, lambda each: each.id, query)


@endpoint("GET", "/finance/reimbursements/owed", needs=FINANCE)
async def list_owed(call: ApiCall, query: PageQuery) -> Answer[Items[OwedView]]:
    """The statements that were approved and not paid, the oldest month first, and which a file can pay."""
    found = await owed_months(call.dependencies, call.queries, call.company)
    return paged(call, [_owed(each) for each in found], lambda each: each.reimbursement_id, query)


@endpoint("GET", "/finance/reimbursements/payments", media=(XML,), needs=operations.PAY, refusals=(409,))
async def get_reimbursement_payments(call: ApiCall) -> Response:
    """The payments of all statements that are owed and can be paid by SEPA, for the company's bank.

    A file of ISO 20022 pain.001.001.09 from the company's bank account; each statement is then paid with the
    bank's reference, and is in every file until then, under the same end-to-end id.
    """
    operations.pay.require(call.identity.actor.grants)
    content = await reimbursement_file(call.dependencies, call.queries, call.company, call.now)
    return payments_response(content, call.now.date(), "reimbursements")


@endpoint("GET", "/finance/reimbursements/{statement}", needs=FINANCE)
async def get_reimbursement(call: ApiCall, statement: str) -> ReimbursementView:
    """One statement with its sessions."""
    return _view(await _found(call, statement), lines=True)


@endpoint(
    "GET",
    "/finance/reimbursements/{statement}/statement",
    media=(*MEDIA.values(), PDF),
    needs=FINANCE,
    refusals=(409,),
)
async def get_reimbursement_file(call: ApiCall, statement: str, query: ReimbursementFileQuery) -> Response:
    """The sessions of a statement as a file."""
    found = await _found(call, statement)
    if query.format == "pdf":
        return await home_statement_pdf(call.dependencies, call.queries, call.company, found)
    form = TableFormat(query.format, query.decimal == "comma")
    return await home_statement_download(call.dependencies, call.company, found, form, call.now)


@endpoint(
    "POST", "/finance/reimbursements/{statement}/approve", refusals=(409,), operation=operations.approve
)
async def approve_reimbursement(call: ApiCall, statement: str, body: ApprovalRequest) -> ReimbursementView:
    """Approve a statement whose month is over; its amount is owed to the owner from then on."""
    found = await _found(call, statement)
    seen = None if body.amount is None else _minor(body.amount, found.currency)
    wanted = HomeStatementApproval(home=found.home, month=found.month, profile=found.profile, seen=seen)
    await call.run(operations.approve, wanted)
    return _view(await _found(call, statement), lines=True)


@endpoint("POST", "/finance/reimbursements/{statement}/pay", refusals=(409,), operation=operations.pay)
async def pay_reimbursement(call: ApiCall, statement: str, body: PaymentReference) -> ReimbursementView:
    """Record that an approved statement was paid."""
    found = await _found(call, statement)
    wanted = HomeStatementPayment(
        home=found.home, month=found.month, profile=found.profile, reference=body.reference
    )
    await call.run(operations.pay, wanted)
    return _view(await _found(call, statement), lines=True)


async def _found(call: ApiCall, statement: str) -> StatedMonth:
    return await home_statement(call.queries, call.company, statement, call.now)


def _minor(text: str, currency: str) -> int:
    try:
        return Money.of(Decimal(text), currency).minor
    except ValueError as error:
        raise invalid("/amount", str(error)) from None


def _view(found: StatedMonth, *, lines: bool = False) -> ReimbursementView:
    return ReimbursementView(
        id=found.id,
        home_charger_id=found.home,
        charge_box_id=found.charger,
        month=f"{found.month:%Y-%m}",
        price_profile_id=found.profile,
        customer_id=found.owner,
        payer_id=found.payer,
        time_zone=found.time_zone,
        state=found.state,
        business_wh=found.business_wh,
        private_wh=found.private_wh,
        amount=amount(found.currency, found.amount),
        approved_at=None if found.approved_at is None else utc(found.approved_at),
        paid_at=None if found.paid_at is None else utc(found.paid_at),
        reference=found.reference,
        sessions=[_line(line, found.currency) for line in found.lines] if lines else None,
    )


def _owed(owed: OwedMonth) -> OwedView:
    month = owed.month
    return OwedView(
        reimbursement_id=month.id,
        home_charger_id=month.home,
        month=f"{month.month:%Y-%m}",
        customer_id=month.owner,
        amount=amount(month.currency, month.amount),
        left_out=owed.left_out,
    )


def _line(line: StatementLine, currency: str) -> StatementLineView:
    source = line.source
    return StatementLineView(
        session=line.number,
        charge_box_id=line.charger,
        use="business" if line.business else "private",
        started_at=utc(line.started_at),
        ended_at=utc(line.ended_at),
        energy_wh=line.energy_wh,
        amount=amount(currency, line.amount),
        corrects=line.corrects,
        meter_start_wh=line.meter_start_wh,
        meter_stop_wh=line.meter_stop_wh,
        price_per_kwh="" if source is None else f"{source.price:f}",
        base_price_share="" if source is None else f"{source.base_share:f}",
        price_source="" if source is None else source.kind.value,
        evidence="" if source is None else source.evidence,
        evidence_sha256="" if source is None else source.file,
    )


ENDPOINTS = (
    list_reimbursements,
    list_owed,
    get_reimbursement_payments,
    get_reimbursement,
    get_reimbursement_file,
    approve_reimbursement,
    pay_reimbursement,
)
