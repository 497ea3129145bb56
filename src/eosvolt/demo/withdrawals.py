"""The withdrawals of the demo's past: one of each outcome, and one that waits for its review."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from eosvolt.adapters.simulator.demo_park import DEMO
from eosvolt.application.actor import platform_staff
from eosvolt.application.executor import Application
from eosvolt.application.payouts import REVIEW_DAYS
from eosvolt.application.working_days import working_day_after
from eosvolt.domain.bookings.fee_events import BookingFeeCharged, BookingFeeRefunded
from eosvolt.domain.calendar import local_date
from eosvolt.domain.companies.settings import MaskedBankAccount
from eosvolt.domain.kernel import Command, Fact, Provenance
from eosvolt.domain.ledger.session_account import SessionAccount, booked, booking_account
from eosvolt.domain.money import Money
from eosvolt.domain.payouts.commands import PayPayout, RejectPayout, RequestPayout, ReturnPayout
from eosvolt.domain.payouts.decider import payouts
from eosvolt.domain.sessions.events import SessionStarted

CURRENCY, TIME_ZONE, COUNTRY = "EUR", "Europe/Berlin", "DE"
_DAY = timedelta(days=1)


class _Story(NamedTuple):
    """A withdrawal: how many days ago, its amount in cents, and whether it was paid, and then what."""

    days_ago: int
    minor: int
    reference: str = ""
    rejected: str = ""
    returned: str = ""


STORIES = (
    _Story(21, 500_000, reference="SEPA-2611-0001", returned="The account number was wrong"),
    _Story(15, 1_000_000, reference="SEPA-2611-0002"),
    _Story(8, 250_000, rejected="The legal name is not that of the account's owner"),
    _Story(1, 750_000),
)


async def withdraw_some(
    application: Application, facts: Sequence[Fact], now: datetime, owner: str, account: MaskedBankAccount
) -> None:
    """Ask for payouts in a past that was lived, ``facts`` in the order of time, and review all but the last.

    A payout takes half of what is available where that is less than it should be.
    """
    recorded = [fact.recorded_at for fact in facts]
    asking = Provenance(DEMO.company, owner)
    reviewing = platform_staff("demo", DEMO.company).provenance()
    taken, stored = 0, 0
    for number, story in enumerate(STORIES, 1):
        at = now - story.days_ago * _DAY
        known = bisect_right(recorded, at)
        available = _settled(facts[:known]) - taken
        amount = min(story.minor, available // 2)
        if amount <= 0:
            continue
        request = RequestPayout(
            company=DEMO.company,
            at=at,
            amount=Money(CURRENCY, amount),
            available=Money(CURRENCY, available),
            position=known + stored,
            account=account,
            due_on=working_day_after(local_date(at, TIME_ZONE), REVIEW_DAYS, COUNTRY),
            time_zone=TIME_ZONE,
        )
        key = f"demo-{number}"
        await application.execute(payouts, key, request, asking)
        decisions = _decisions(story, at, account)
        for decision in decisions:
            await application.execute(payouts, key, decision, reviewing)
        stored += 1 + len(decisions)
        if not story.rejected and not story.returned:
            taken += amount


def _decisions(story: _Story, at: datetime, account: MaskedBankAccount) -> list[Command]:
    """What platform staff decided in the days after the request."""
    found: list[Command] = []
    if story.reference:
        found.append(PayPayout(at=at + _DAY, reference=story.reference, account=account))
    if story.rejected:
        found.append(RejectPayout(at=at + _DAY, reason=story.rejected))
    if story.returned:
        found.append(ReturnPayout(at=at + 3 * _DAY, reason=story.returned))
    return found


def _settled(facts: Sequence[Fact]) -> int:
    """The cents of all sessions and bookings that have settled."""
    accounts: dict[str, SessionAccount] = {}
    for fact in facts:
        if isinstance(fact.event, SessionStarted):
            tariff = fact.event.tariff
            accounts[fact.key] = SessionAccount(fact.event.number, tariff.currency, tariff.vat_rate)
        elif isinstance(fact.event, BookingFeeCharged):
            accounts[fact.key], _ = booked(booking_account(fact.event, ""), fact.event)
        elif (isinstance(fact.event, BookingFeeRefunded) and fact.key in accounts) or (
            fact.stream.startswith("session:") and fact.key in accounts
        ):
            accounts[fact.key], _ = booked(accounts[fact.key], fact.event)
    return sum(each.settled for each in accounts.values() if each.currency == CURRENCY)
