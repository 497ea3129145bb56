"""Statements of home chargers: the list, and one with its approval and its payment."""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.presentation.home_statement_document import (
    home_statement_pdf,
    source_text,
    statement_parties,
)
from eosvolt.adapters.http.presentation.home_statements import (
    StatedMonth,
    home_statement,
    home_statement_download,
    home_statements,
)
from eosvolt.adapters.http.presentation.instants import date_text
from eosvolt.adapters.http.presentation.price_evidence import evidence_download
from eosvolt.adapters.http.presentation.reimbursement_payments import (
    owed_months,
    reimbursement_file,
    total,
)
from eosvolt.adapters.http.presentation.withdrawals import SEPA_CURRENCY, payments_response
from eosvolt.adapters.http.web.finance.view_models import (
    ReimbursementList,
    ReimbursementPage,
    ReimbursementPayments,
    ReimbursementsPage,
)
from eosvolt.adapters.http.web.shell import query_parameters
from eosvolt.adapters.http.web.shell.customer_names import customer_names
from eosvolt.adapters.http.web.shell.exports import FILE_KINDS, table_format
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.operations import home_statements as operations
from eosvolt.application.operations.home_statements import (
    HomeStatementApproval,
    HomeStatementById,
    HomeStatementPayment,
)
from eosvolt.application.operations.operation import Operation
from eosvolt.application.operations.views import FINANCE
from eosvolt.domain.kernel import Rejected

REIMBURSEMENTS = "/finance/reimbursements"
# So many are shown; the API has all of them.
SHOWN = 500
STATES = {
    "running": Text("Month goes on"),
    "open": Text("To be approved"),
    "approved": Text("Owed"),
    "paid": Text("Paid"),
}

# Why a payment file cannot have a statement.
LEFT_OUT = {
    "otherPayer": Text("Another customer pays it"),
    "repayment": Text("The owner pays it back"),
    "currency": Text("SEPA payments are in euro"),
    "noAccount": Text("The owner has no bank account"),
}

# The colours of their dots, as other states have them.
DOTS = {
    "running": "offline",
    "open": "payout-requested",
    "approved": "message-waiting",
    "paid": "payout-paid",
}


def reimbursement_routes(pages: Pages) -> list[Route]:
    """``/finance/reimbursements``."""
    one = f"{REIMBURSEMENTS}/{{statement}}"
    return [
        pages.get(
            REIMBURSEMENTS,
            reimbursement_list,
            {"state": query_parameters.one_of(STATES)},
            FINANCE,
        ),
        pages.get(f"{REIMBURSEMENTS}/payments", payments, {}, FINANCE, form=operations.pay),
        pages.get(one, reimbursement, {}, FINANCE),
        pages.get(
            f"{one}/statement", file, {"format": query_parameters.one_of((*FILE_KINDS, "pdf"))}, FINANCE
        ),
        pages.get(f"{one}/evidence/{{digest}}", evidence, {}, FINANCE),
        pages.post(f"{one}/approve", approve, operations.approve),
        pages.post(f"{one}/pay", pay, operations.pay),
    ]


async def reimbursement_list(request: PageRequest) -> Response:
    """The statements of all home chargers, the newest month first."""
    return await show(
        request,
        ReimbursementsPage(states=STATES, state=request.query("state"), home=request.query("home")),
        {"reimbursement_payments": _payments, "reimbursement_list": _rows},
    )


async def reimbursement(request: PageRequest) -> Response:
    """One statement with its sessions."""
    return await _page(request, await _found(request), {})


async def payments(request: PageRequest) -> Response:
    """The file of payments for the company's bank, or the page that says why there is none."""
    try:
        content = await reimbursement_file(request.dependencies, request.queries, request.number, request.now)
    except Rejected as refusal:
        return redirect(REIMBURSEMENTS, translated(refusal))
    return payments_response(content, request.now.date(), "reimbursements")


async def file(request: PageRequest) -> Response:
    """The statement as a file."""
    found, wanted = await _found(request), request.query("format")
    if wanted == "pdf":
        return await home_statement_pdf(request.dependencies, request.queries, request.number, found)
    form = table_format("xlsx" if wanted == "xlsx" else "csv")
    return await home_statement_download(request.dependencies, request.number, found, form, request.now)


async def evidence(request: PageRequest) -> Response:
    """The file that proves a price of the statement."""
    found, digest = await _found(request), request.path_parameter("digest")
    return await evidence_download(request.dependencies, request.number, found.sources, digest)


async def approve(request: PageRequest) -> Response:
    """Approve the statement that was shown."""
    found = await _found(request)
    seen = request.form_value("seen")
    wanted = HomeStatementApproval(
        home=found.home,
        month=found.month,
        profile=found.profile,
        seen=int(seen) if seen.lstrip("-").isdecimal() else None,
    )
    done = gettext("The statement was approved.")
    return await _decided(request, found, operations.approve, wanted, "approve", done)


async def pay(request: PageRequest) -> Response:
    """Record the payment."""
    found = await _found(request)
    wanted = HomeStatementPayment(
        home=found.home,
        month=found.month,
        profile=found.profile,
        reference=request.form_value("reference"),
    )
    done = gettext("The payment was recorded.")
    return await _decided(request, found, operations.pay, wanted, "reference", done)


async def _decided(
    request: PageRequest,
    found: StatedMonth,
    operation: Operation[Any, None],
    wanted: HomeStatementById,
    field: str,
    done: str,
) -> Response:
    try:
        await request.run(operation, wanted)
    except Rejected as refusal:
        return await _page(request, await _found(request), {field: translated(refusal)})
    return redirect(f"{REIMBURSEMENTS}/{found.id}", done)


async def _found(request: PageRequest) -> StatedMonth:
    statement = request.path_parameter("statement")
    return await home_statement(request.queries, request.number, statement, request.now)


async def _payments(request: PageRequest) -> ReimbursementPayments:
    owed = await owed_months(request.dependencies, request.queries, request.number)
    return ReimbursementPayments(
        payable=sum(not each.left_out for each in owed),
        total=total(owed),
        currency=SEPA_CURRENCY,
        left_out=[each for each in owed if each.left_out][:SHOWN],
        reasons=LEFT_OUT,
        owed_months={each.month.month: date_text(each.month.month, "LLLL y") for each in owed},
        account=request.company.bank_account,
    )


async def _rows(request: PageRequest) -> ReimbursementList:
    rows = await home_statements(request.queries, request.number, request.now, request.query("home"))
    wanted = request.query("state")
    rows = [each for each in rows if wanted in {"", each.state}]
    return ReimbursementList(
        rows=rows[:SHOWN],
        months={each.month: date_text(each.month, "LLLL y") for each in rows},
        states=STATES,
        dots=DOTS,
        names=await customer_names(request, (each.owner for each in rows[:SHOWN])),
        filtered=bool(wanted or request.query("home")),
    )


async def _page(request: PageRequest, found: StatedMonth, wrong: dict[str, str]) -> Response:
    issuer = await request.queries.company(request.number)
    if issuer is None:
        raise not_found()
    parties = await statement_parties(request.dependencies, issuer, found)
    return await show(
        request,
        ReimbursementPage(
            row=found,
            month=date_text(found.month, "LLLL y"),
            states=STATES,
            dots=DOTS,
            parties=parties,
            sources=[source_text(line, found.currency) for line in found.lines],
            approved_by=request.people.get(found.approved_by, ""),
            reference=request.form_value("reference"),
            problems=wrong,
        ),
        status=422 if wrong else 200,
    )
