"""What a payout goes through: asked for, reviewed, paid, rejected or returned."""

from dataclasses import dataclass
from datetime import date

import pytest
from msgspec.structs import replace

from eosvolt.domain.companies.settings import MaskedBankAccount
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.money import Money
from eosvolt.domain.payouts.commands import (
    ConfirmPayoutAccount,
    PayoutCommand,
    PayPayout,
    RejectPayout,
    RequestPayout,
    ReturnPayout,
)
from eosvolt.domain.payouts.decider import payouts
from eosvolt.domain.payouts.events import (
    PayoutAccountConfirmed,
    PayoutEvent,
    PayoutPaid,
    PayoutRejected,
    PayoutRequested,
    PayoutReturned,
)
from tests.examples import COMPANY, after
from tests.rule import Rule

ACCOUNT = MaskedBankAccount(iban="DE •••• 3000", fingerprint="ab")
OTHER = MaskedBankAccount(iban="DE •••• 4000", fingerprint="cd")
EUR_10 = Money("EUR", 1000)
ZONE = "Europe/Berlin"
ASK = RequestPayout(
    company=COMPANY,
    at=after(0),
    amount=EUR_10,
    available=EUR_10,
    position=7,
    account=ACCOUNT,
    due_on=date(2026, 11, 24),
    time_zone=ZONE,
)
ASKED = PayoutRequested(
    company=COMPANY,
    at=after(0),
    amount=EUR_10,
    available=EUR_10,
    position=7,
    account=ACCOUNT,
    due_on=date(2026, 11, 24),
    time_zone=ZONE,
)
PAID = PayoutPaid(at=after(1), amount=EUR_10, time_zone=ZONE, reference="SEPA-1")
PAY = PayPayout(at=after(1), reference="SEPA-1", account=ACCOUNT)
REJECTED = PayoutRejected(at=after(1), amount=EUR_10, time_zone=ZONE, reason="No.")
RETURNED = PayoutReturned(at=after(2), amount=EUR_10, time_zone=ZONE, reason="Account closed")


def refused(*given: PayoutEvent, when: PayoutCommand, sentence: str) -> None:
    with pytest.raises(Rejected, match=sentence):
        Rule(payouts).given(*given).when(when)


def test_what_is_available_can_be_asked_for() -> None:
    Rule(payouts).when(ASK).then(ASKED)


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (replace(ASK, amount=Money("EUR", 1001)), "more than is available: 10.00 EUR"),
        (replace(ASK, amount=Money("EUR", 0)), "more than nothing"),
        (replace(ASK, amount=Money("EUR", -1)), "more than nothing"),
        (replace(ASK, account=MaskedBankAccount()), "needs a bank account"),
    ],
)
def test_nothing_else_can_be_asked_for(ask: RequestPayout, sentence: str) -> None:
    refused(when=ask, sentence=sentence)


def test_it_is_paid_with_the_banks_reference() -> None:
    pay = PayPayout(at=after(1), reference=" SEPA-1 ", account=ACCOUNT)
    Rule(payouts).given(ASKED).when(pay).then(PAID)
    Rule(payouts).given(ASKED, PAID).when(pay).then()
    refused(ASKED, PAID, when=replace(pay, reference="SEPA-2"), sentence="reference SEPA-1")
    refused(ASKED, when=replace(pay, reference=" "), sentence="needs the bank's reference")


def test_another_bank_account_is_confirmed_before_it_is_paid() -> None:
    pay = PayPayout(at=after(1), reference="SEPA-1", account=OTHER)
    refused(ASKED, when=pay, sentence="bank account has changed")
    confirmed = PayoutAccountConfirmed(at=after(1), account=OTHER)
    confirm = ConfirmPayoutAccount(at=after(1), account=OTHER)
    Rule(payouts).given(ASKED).when(confirm).then(confirmed)
    Rule(payouts).given(ASKED, confirmed).when(pay).then(PAID)
    refused(ASKED, when=replace(confirm, account=MaskedBankAccount()), sentence="no bank account")


def test_what_is_rejected_or_returned_is_available_again() -> None:
    Rule(payouts).given(ASKED).when(RejectPayout(at=after(1), reason="No.")).then(REJECTED)
    Rule(payouts).given(ASKED, PAID).when(ReturnPayout(at=after(2), reason="Account closed")).then(RETURNED)


@dataclass(frozen=True)
class Refused:
    given: tuple[PayoutEvent, ...]
    when: PayoutCommand
    sentence: str


@pytest.mark.parametrize(
    "case",
    [
        Refused((), RejectPayout(at=after(1), reason="No."), "Nobody asked"),
        Refused((ASKED,), ReturnPayout(at=after(1), reason="No."), "has not been paid"),
        Refused((ASKED,), RejectPayout(at=after(1), reason=""), "Say why"),
        Refused((ASKED,), RejectPayout(at=after(1), reason="x" * 201), "at most 200"),
        Refused((ASKED, PAID), RejectPayout(at=after(1), reason="No."), "paid already"),
        Refused((ASKED, PAID), ReturnPayout(at=after(1), reason=" "), "Say why"),
        Refused((ASKED, REJECTED), RejectPayout(at=after(2), reason="Other"), "rejected already"),
        Refused((ASKED, REJECTED), PAY, "rejected already"),
        Refused((ASKED, PAID, RETURNED), ReturnPayout(at=after(3), reason="Other"), "came back already"),
    ],
    ids=lambda case: case.sentence,
)
def test_nothing_happens_out_of_turn(case: Refused) -> None:
    refused(*case.given, when=case.when, sentence=case.sentence)
