"""Withdrawals of all companies: reviewed, paid, rejected, returned, by platform staff."""

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.withdrawals import ReviewedPayout, payment_file, payments_response
from eosvolt.adapters.http.web.finance.withdrawals import STATES
from eosvolt.adapters.http.web.platform.staff_pages import StaffPage, StaffPages, StaffRequest, show_staff
from eosvolt.adapters.http.web.platform.view_models import ReviewedWithdrawalPage, ReviewPage
from eosvolt.adapters.http.web.shell.pages import redirect
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.bank_accounts import grouped
from eosvolt.application.operations import payouts
from eosvolt.application.operations.operation import I, Operation
from eosvolt.application.operations.payouts import PaymentInput, PayoutById, PayoutReason
from eosvolt.domain.kernel import Rejected

WITHDRAWALS = "/platform/withdrawals"
_SHOWN = 200


def withdrawal_review_routes(pages: StaffPages) -> list[Route]:
    """``/platform/withdrawals``."""
    one = f"{WITHDRAWALS}/{{withdrawal}}"
    return [
        pages.get(WITHDRAWALS, review),
        pages.get(f"{WITHDRAWALS}/payments", payments),
        pages.get(one, withdrawal),
        pages.form(f"{one}/pay", to_withdrawal, pay, operation=payouts.pay),
        pages.form(f"{one}/reject", to_withdrawal, _with_reason(payouts.reject), operation=payouts.reject),
        pages.form(
            f"{one}/return",
            to_withdrawal,
            _with_reason(payouts.record_return),
            operation=payouts.record_return,
        ),
        pages.form(
            f"{one}/confirm-account", to_withdrawal, confirm_account, operation=payouts.confirm_account
        ),
    ]


async def review(request: StaffRequest) -> Response:
    """What waits for its review, by its due date, and what was reviewed last."""
    return await _page(request)


async def payments(request: StaffRequest) -> Response:
    """The file of payments for the platform's bank, or the page that says why there is none."""
    today = request.now.date()
    try:
        content = await payment_file(request.dependencies, today)
    except Rejected as refusal:
        return redirect(WITHDRAWALS, translated(refusal))
    return payments_response(content, today)


async def withdrawal(request: StaffRequest) -> Response:
    """One withdrawal."""
    found = await _reviewed(request)
    known = await request.dependencies.bank_accounts.account(found.payout.company)
    account = " · ".join(filter(None, (grouped(known.iban), known.bic)))
    model = ReviewedWithdrawalPage(found=found, states=STATES, account=account, now=request.now)
    return await show_staff(request, model)


async def to_withdrawal(request: StaffRequest) -> Response:
    """Where forms are sent to: whoever comes back by the address finds the withdrawal."""
    found = await _reviewed(request)
    return redirect(_address(found))


async def pay(request: StaffRequest) -> Response:
    """Record that it was paid."""
    found = await _reviewed(request)
    wanted = PaymentInput(payout=found.payout.id, reference=request.form_value("reference"))
    return await _decided(request, found, payouts.pay, wanted, gettext("The payment was recorded."))


async def confirm_account(request: StaffRequest) -> Response:
    """Agree to pay to the bank account that the company has now."""
    found = await _reviewed(request)
    wanted = PayoutById(payout=found.payout.id)
    done = gettext("The new bank account was confirmed.")
    return await _decided(request, found, payouts.confirm_account, wanted, done)


def _with_reason(operation: Operation[PayoutReason, None]) -> StaffPage:
    """The page that carries out a decision with a reason."""

    async def decide(request: StaffRequest) -> Response:
        found = await _reviewed(request)
        wanted = PayoutReason(payout=found.payout.id, reason=request.form_value("reason"))
        rejected = operation is payouts.reject
        done = gettext("The withdrawal was rejected.") if rejected else gettext("The return was recorded.")
        return await _decided(request, found, operation, wanted, done)

    return decide


async def _decided(
    request: StaffRequest, found: ReviewedPayout, operation: Operation[I, None], wanted: I, done: str
) -> Response:
    try:
        await request.run_at(found.payout.company, operation, wanted)
    except Rejected as refusal:
        return redirect(_address(found), translated(refusal))
    return redirect(_address(found), done)


async def _reviewed(request: StaffRequest) -> ReviewedPayout:
    found = await request.dependencies.platform.payout(request.path_parameter("withdrawal"))
    if found is None:
        raise not_found()
    return ReviewedPayout(*found)


def _address(found: ReviewedPayout) -> str:
    return f"{WITHDRAWALS}/{found.payout.id}"


async def _page(request: StaffRequest) -> Response:
    platform = request.dependencies.platform
    pending = await platform.payouts(pending=True, cursor=None, limit=_SHOWN)
    reviewed = await platform.payouts(pending=False, cursor=None, limit=_SHOWN)
    model = ReviewPage(
        pending=[ReviewedPayout(*each) for each in pending.items],
        reviewed=[ReviewedPayout(*each) for each in reviewed.items],
        states=STATES,
        more=pending.cursor is not None,
        configured=request.dependencies.payments.configured,
        now=request.now,
    )
    return await show_staff(request, model)
