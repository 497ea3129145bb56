"""``/finance/withdrawals``: ask for a payout, and see what became of each."""

import re
from decimal import Decimal
from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.presentation.balances import settled_until
from eosvolt.adapters.http.presentation.entry_kinds import STATEMENT_LABELS
from eosvolt.adapters.http.presentation.withdrawal_document import statement_pdf
from eosvolt.adapters.http.presentation.withdrawals import is_overdue, statement, statement_download
from eosvolt.adapters.http.web.finance.view_models import (
    WithdrawalList,
    WithdrawalPage,
    WithdrawalsPage,
    WithdrawPage,
)
from eosvolt.adapters.http.web.shell import query_parameters
from eosvolt.adapters.http.web.shell.exports import FILE_KINDS, table_format
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.ledger_reports import Balance, balances
from eosvolt.application.operations import payouts
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.application.operations.payouts import WithdrawalInput
from eosvolt.application.operations.views import FINANCE
from eosvolt.application.permissions import Right
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.money import Money

LIST = "/finance/withdrawals"
FORM = "/finance/withdraw"
PER_PAGE = 50
# So many movements of a statement are shown; a file has all of them.
MOVEMENTS_SHOWN = 200
_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,4})?", re.ASCII)
STATES = {
    "requested": Text("In review"),
    "paid": Text("Paid"),
    "rejected": Text("Rejected"),
    "returned": Text("Returned by the bank"),
}


def withdrawal_routes(pages: Pages) -> list[Route]:
    """``/finance/withdrawals`` and ``/finance/withdraw``."""
    return [
        pages.get(LIST, withdrawal_list, {}, FINANCE, past=True),
        pages.form(FORM, ask, withdraw, marks=True, needs=Right.WITHDRAW, operation=payouts.withdraw),
        pages.get(f"{LIST}/{{withdrawal}}", withdrawal, {}, FINANCE),
        pages.get(
            f"{LIST}/{{withdrawal}}/statement",
            file,
            {"format": query_parameters.one_of((*FILE_KINDS, "pdf"))},
            FINANCE,
        ),
    ]


async def withdrawal_list(request: PageRequest) -> Response:
    """All withdrawals, the last requested first."""
    return await show(request, WithdrawalsPage(), {"withdrawal_list": _rows})


async def ask(request: PageRequest) -> Response:
    """The form."""
    return await _form(request, {"currency": request.query("currency"), "amount": ""}, {})


async def withdraw(request: PageRequest) -> Response:
    """Ask for a payout, confirmed by the password or a code."""
    typed = {"currency": request.form_value("currency"), "amount": request.form_value("amount").strip()}
    wrong = request.invisible_characters
    amount = typed["amount"].replace(",", ".")
    if amount and not _AMOUNT.fullmatch(amount):
        wrong["amount"] = gettext("Enter an amount, for example 123.45.")
    if not wrong:
        wrong = await request.dependencies.confirmation.either(
            request.account.account, request.password("password"), request.form_value("code"), request.now
        )
        wrong = {field: translated(sentence) for field, sentence in wrong.items()}
    if wrong:
        return await _form(request, typed, wrong)
    wanted = WithdrawalInput(
        payout=str(uuid4()), currency=typed["currency"], amount=Decimal(amount) if amount else None
    )
    try:
        asked = await request.run(payouts.withdraw, wanted)
    except InvalidValue as refusal:
        return await _form(request, typed, {refusal.field: translated(refusal)})
    except Rejected as refusal:
        return await _form(request, typed, {"amount": translated(refusal)})
    return redirect(f"{LIST}/{asked.payout}", gettext("The withdrawal was requested."))


async def withdrawal(request: PageRequest) -> Response:
    """One withdrawal with its statement."""
    payout = request.path_parameter("withdrawal")
    found = await statement(request.queries, request.number, payout, MOVEMENTS_SHOWN)
    row = found.payout
    return await show(
        request,
        WithdrawalPage(
            row=row,
            states=STATES,
            overdue=is_overdue(row, request.now),
            carried=found.carried,
            sums=[(STATEMENT_LABELS[kind], minor) for kind, minor in found.sums.items()],
            movements=found.movements,
            count=found.movement_count,
            kinds=STATEMENT_LABELS,
            requested_by=request.people.get(row.requested_by, ""),
        ),
    )


async def file(request: PageRequest) -> Response:
    """The statement as a file."""
    wanted, payout = request.query("format"), request.path_parameter("withdrawal")
    if wanted == "pdf":
        return await statement_pdf(request.dependencies, request.queries, request.number, payout)
    form = table_format("xlsx" if wanted == "xlsx" else "csv")
    return await statement_download(request.dependencies, request.queries, request.number, payout, form)


async def _rows(request: PageRequest) -> WithdrawalList:
    found = await request.queries.payouts(
        request.number, cursor=request.query("cursor") or None, limit=PER_PAGE, as_of=request.as_of
    )
    return WithdrawalList(
        rows=found.items,
        cursor=found.cursor,
        states=STATES,
        overdue=frozenset(row.id for row in found.items if is_overdue(row, request.then)),
        everywhere=request.within is None,
    )


async def _form(request: PageRequest, typed: dict[str, str], wrong: dict[str, str]) -> Response:
    days = await request.queries.ledger_days(request.number)
    until = settled_until(request.dependencies.payout_rules, request.company, request.now)
    found: list[Balance] = [each for each in balances(days, until) if each.available > 0]
    account = request.account.account
    known = request.company
    minimum = request.dependencies.payout_rules.minimum
    return await show(
        request,
        WithdrawPage(
            available=[(each.currency, str(Money(each.currency, each.available))) for each in found],
            currencies=[(each.currency, each.currency) for each in found],
            typed=typed,
            problems=wrong,
            billing_complete=known.billing.complete,
            account=known.bank_account,
            minimum=f"{minimum:f}" if minimum else "",
            second_factor=await request.dependencies.confirmation.has_second_factor(account),
        ),
        status=422 if wrong else 200,
    )
