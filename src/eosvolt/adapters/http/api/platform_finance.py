"""``/platform``: withdrawals of all companies for review, and the platform fee, for platform staff alone."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta
from starlette.responses import Response

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.withdrawals import AmountText, CurrencyCode, WithdrawalView, withdrawal_view
from eosvolt.adapters.http.framework.api_types import ApiInput, Cursor, Items, Limit, MoneyView, View, amount
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import next_link
from eosvolt.adapters.http.framework.problems import invalid, not_found
from eosvolt.adapters.http.presentation.platform import known
from eosvolt.adapters.http.presentation.withdrawals import (
    XML,
    ReviewedPayout,
    payment_file,
    payments_response,
)
from eosvolt.application.operations import payouts, platform, platform_fees
from eosvolt.application.operations.payouts import PaymentInput, PayoutById, PayoutReason
from eosvolt.application.operations.platform_fees import PlatformFeeInput
from eosvolt.domain.money import Money
from eosvolt.domain.payouts.limits import LONGEST_TEXT
from eosvolt.domain.platform_fees.terms import FeeTerms

Sentence = Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT, pattern=r"\S")]
Fraction = Annotated[
    str, Meta(pattern=r"^0(\.[0-9]{1,6})?$", description="A fraction as text: 0.02 means 2 %.")
]


class ReviewedWithdrawalView(View, frozen=True, kw_only=True):
    """A withdrawal and whose it is. ``held``: the company's bank account has changed since the request."""

    company: int
    company_name: str
    legal_name: str
    held: bool
    withdrawal: WithdrawalView


class ReviewQuery(ApiInput, frozen=True, kw_only=True):
    """Which withdrawals: those to be reviewed by their due dates, or the others, the last requested first."""

    state: Literal["requested", "reviewed"] = "requested"
    limit: Limit = 50
    cursor: Cursor | None = None


class PaymentReference(ApiInput, frozen=True, kw_only=True):
    """The bank's reference of a payment."""

    reference: Sentence


class ReviewReason(ApiInput, frozen=True, kw_only=True):
    """Why a withdrawal is rejected, or came back; the company reads it."""

    reason: Sentence


class PlatformFeeView(View, frozen=True, kw_only=True):
    """What each session that settles on or after ``startsOn`` costs a company."""

    starts_on: date
    rate: str
    fixed: list[MoneyView]


class FixedFee(ApiInput, frozen=True, kw_only=True):
    """An amount for each session in a currency."""

    currency: CurrencyCode
    amount: AmountText


class PlatformFeeRequest(ApiInput, frozen=True, kw_only=True):
    """The fee from a local day of the company on, today at the earliest.

    ``rate`` is a fraction of each session's gross amount, ``fixed`` an amount for each session, at most one
    of a currency.
    """

    starts_on: date
    rate: Fraction = "0"
    fixed: tuple[FixedFee, ...] = ()


@endpoint("GET", "/platform/withdrawals", needs=platform.VIEW)
async def list_reviewed(call: ApiCall, query: ReviewQuery) -> Answer[Items[ReviewedWithdrawalView]]:
    """Withdrawals of all companies. For platform staff alone, like everything here."""
    found = await call.dependencies.platform.payouts(
        pending=query.state == "requested", cursor=query.cursor, limit=query.limit
    )
    items = [_view(call, ReviewedPayout(*each)) for each in found.items]
    return Answer(Items(items=items, cursor=found.cursor), next_link(call.request, found.cursor))


@endpoint("GET", "/platform/withdrawals/payments", media=(XML,), needs=platform.VIEW, refusals=(409,))
async def get_payments(call: ApiCall) -> Response:
    """The payments of all withdrawals to be reviewed in euro that are not held, for the platform's bank.

    A file of ISO 20022 pain.001.001.09; each withdrawal is then paid with the bank's reference.
    """
    content = await payment_file(call.dependencies, call.now.date())
    return payments_response(content, call.now.date())


@endpoint("GET", "/platform/withdrawals/{withdrawal}", needs=platform.VIEW)
async def get_reviewed(call: ApiCall, withdrawal: str) -> ReviewedWithdrawalView:
    """One withdrawal of any company."""
    return _view(call, await reviewed(call, withdrawal))


@endpoint("POST", "/platform/withdrawals/{withdrawal}/pay", refusals=(409,), operation=payouts.pay)
async def pay_withdrawal(call: ApiCall, withdrawal: str, body: PaymentReference) -> ReviewedWithdrawalView:
    """Record that it was paid."""
    there = await reviewed(call, withdrawal)
    wanted = PaymentInput(payout=withdrawal, reference=body.reference)
    await call.run_at(there.payout.company, payouts.pay, wanted)
    return _view(call, await reviewed(call, withdrawal))


@endpoint("POST", "/platform/withdrawals/{withdrawal}/reject", refusals=(409,), operation=payouts.reject)
async def reject_withdrawal(call: ApiCall, withdrawal: str, body: ReviewReason) -> ReviewedWithdrawalView:
    """Refuse to pay; the amount is available again."""
    there = await reviewed(call, withdrawal)
    wanted = PayoutReason(payout=withdrawal, reason=body.reason)
    await call.run_at(there.payout.company, payouts.reject, wanted)
    return _view(call, await reviewed(call, withdrawal))


@endpoint(
    "POST", "/platform/withdrawals/{withdrawal}/return", refusals=(409,), operation=payouts.record_return
)
async def return_withdrawal(call: ApiCall, withdrawal: str, body: ReviewReason) -> ReviewedWithdrawalView:
    """Record that the bank sent the money back; the amount is available again."""
    there = await reviewed(call, withdrawal)
    wanted = PayoutReason(payout=withdrawal, reason=body.reason)
    await call.run_at(there.payout.company, payouts.record_return, wanted)
    return _view(call, await reviewed(call, withdrawal))


@endpoint(
    "POST",
    "/platform/withdrawals/{withdrawal}/confirm-account",
    refusals=(409,),
    operation=payouts.confirm_account,
)
async def confirm_account(call: ApiCall, withdrawal: str) -> ReviewedWithdrawalView:
    """Agree to pay to the bank account that the company has now, though it was another at the request."""
    there = await reviewed(call, withdrawal)
    await call.run_at(there.payout.company, payouts.confirm_account, PayoutById(payout=withdrawal))
    return _view(call, await reviewed(call, withdrawal))


@endpoint("GET", "/platform/companies/{company}/fee", needs=platform.VIEW)
async def get_fee(call: ApiCall, company: str) -> Items[PlatformFeeView]:
    """The platform fees of a company, by the days from which they apply."""
    there = await known(call.dependencies, company, call.now)
    return await _fees(call, there.number)


@endpoint("PUT", "/platform/companies/{company}/fee", refusals=(409,), operation=platform_fees.set_fee)
async def put_fee(call: ApiCall, company: str, body: PlatformFeeRequest) -> Items[PlatformFeeView]:
    """Set the platform fee of a company from a day on."""
    there = await known(call.dependencies, company, call.now)
    await call.run_at(there.number, platform_fees.set_fee, PlatformFeeInput(terms=_terms(body)))
    return await _fees(call, there.number)


async def reviewed(call: ApiCall, withdrawal: str) -> ReviewedPayout:
    """One withdrawal of any company. Raises a 404 ``Problem``."""
    found = await call.dependencies.platform.payout(withdrawal)
    if found is None:
        raise not_found()
    return ReviewedPayout(*found)


def _terms(body: PlatformFeeRequest) -> FeeTerms:
    fixed: list[Money] = []
    for index, each in enumerate(body.fixed):
        try:
            fixed.append(Money.of(each.amount, each.currency))
        except ValueError as error:
            raise invalid(f"/fixed/{index}", str(error)) from None
    return FeeTerms(body.starts_on, Decimal(body.rate), tuple(fixed))


async def _fees(call: ApiCall, company: int) -> Items[PlatformFeeView]:
    schedule: Sequence[FeeTerms] = await call.dependencies.platform.fees(company)
    return Items(
        items=[
            PlatformFeeView(
                starts_on=terms.starts_on,
                rate=f"{terms.rate:f}",
                fixed=[amount(each.currency, each.minor) for each in terms.fixed],
            )
            for terms in schedule
        ]
    )


def _view(call: ApiCall, found: ReviewedPayout) -> ReviewedWithdrawalView:
    return ReviewedWithdrawalView(
        company=found.payout.company,
        company_name=found.company.name,
        legal_name=found.company.billing.legal_name,
        held=found.held,
        withdrawal=withdrawal_view(found.payout, call.now),
    )


ENDPOINTS = (
    list_reviewed,
    get_payments,
    get_reviewed,
    pay_withdrawal,
    reject_withdrawal,
    return_withdrawal,
    confirm_account,
    get_fee,
    put_fee,
)
