"""What sessions' events mean in the books, one rule a sentence."""

from decimal import Decimal

from eosvolt.domain.companies.events import CompanyBillingChanged
from eosvolt.domain.companies.settings import BillingDetails
from eosvolt.domain.kernel import Fact, Provenance
from eosvolt.domain.ledger.movements import EntryKind
from eosvolt.domain.ledger.postings import (
    AVAILABLE,
    BLOCKING_FEE_INCOME,
    CHARGING_INCOME,
    PAID_OUT,
    PLATFORM_FEES,
    RECEIVABLE,
    REQUESTED,
    AccountKind,
    EntrySum,
    LedgerAccount,
    added,
    postings,
    trial_balance,
)
from eosvolt.domain.ledger.session_account import SessionAccount, booked
from eosvolt.domain.money import Money, Taxed
from eosvolt.domain.platform_fees.terms import FeeTerms
from eosvolt.domain.sessions.events import Bill, BillCorrected, ChargingEnded
from eosvolt.projections.fold import Fold
from eosvolt.projections.ledger import COMPANY, SESSION, TRANSFER, LedgerRow, ledger, sum_of
from tests.books import assert_books_are_right
from tests.contracts.busy_day import a_busy_day
from tests.examples import COMPANY as NUMBER
from tests.examples import TARIFF_WITH_CAPPED_FEE, after
from tests.replay.payout_life import payout_life
from tests.scenario import Scenario

VAT = LedgerAccount(AccountKind.VAT, ":0.19")


def entry(kind: EntryKind, gross: int, net: int = 0, vat: int = 0) -> EntrySum:
    return EntrySum("EUR", kind, "DE", Decimal("0.190"), gross, net, vat)


def balances(s: Scenario) -> dict[LedgerAccount, int]:
    told = trial_balance(sum_of(row) for row in s.models.rows(ledger) if row.kind)
    return {account: minor for account, minor in told.get("EUR", {}).items() if minor}


async def charged() -> tuple[Scenario, int]:
    """6 kWh at 0.50, with fees of 1.00 for each quarter of an hour, capped at 2.00."""
    s = await Scenario().opened(TARIFF_WITH_CAPPED_FEE)
    await s.reports(0, "Preparing")
    number = (await s.starts(0, 1000)).transaction
    await s.reports(1, "Charging")
    await s.stops(30, number, 7000)
    await s.reports(30, "Finishing")
    return s, number


def test_what_is_earned_is_owed_without_its_vat_and_with_it() -> None:
    assert postings(entry(EntryKind.CHARGING, 119, 100, 19)) == (
        (RECEIVABLE, 119),
        (CHARGING_INCOME, -100),
        (LedgerAccount(AccountKind.VAT, "DE:0.19"), -19),
    )
    assert str(LedgerAccount(AccountKind.VAT, "DE:0.19")) == "vat:DE:0.19"


def test_what_is_given_back_is_posted_the_other_way_round_and_nothing_makes_no_posting() -> None:
    back = dict(postings(entry(EntryKind.BLOCKING_FEE_CREDIT, -119, -119, 0)))
    assert back == {RECEIVABLE: -119, BLOCKING_FEE_INCOME: 119}
    assert postings(entry(EntryKind.SETTLEMENT, 0)) == ()


def test_sums_of_entries_have_the_postings_of_their_entries() -> None:
    entries = [
        entry(EntryKind.CHARGING, 119, 100, 19),
        entry(EntryKind.CORRECTION, -119, -100, -19),
        entry(EntryKind.CORRECTION, 60, 50, 10),
        entry(EntryKind.SETTLEMENT, 60),
    ]
    assert trial_balance(added(entries)) == trial_balance(entries)
    assert added([entry(EntryKind.CHARGING, 1, 1), entry(EntryKind.CHARGING, -1, -1)]) == ()


async def test_a_session_is_receivable_until_its_plug_is_free() -> None:
    s, _ = await charged()
    owed = balances(s)
    assert (owed[RECEIVABLE], owed.get(AVAILABLE)) == (300, None)
    assert owed[CHARGING_INCOME] + owed[VAT] == -300
    await s.reports(31, "Available")
    assert (balances(s).get(RECEIVABLE), balances(s)[AVAILABLE]) == (None, 300)
    assert_books_are_right(s.models)


async def test_a_blocking_fee_is_income_of_its_own() -> None:
    s, _ = await charged()
    await s.passes(46)
    assert balances(s)[BLOCKING_FEE_INCOME] < 0
    await s.reports(47, "Available")
    assert balances(s)[AVAILABLE] == 400
    assert_books_are_right(s.models)


async def test_whatever_corrects_a_closed_session_changes_what_is_available_at_once() -> None:
    s = await a_busy_day()
    kinds = {row.kind for row in s.models.rows(ledger)}
    assert kinds >= {EntryKind.CHARGING, EntryKind.CORRECTION, EntryKind.BLOCKING_FEE, EntryKind.SETTLEMENT}
    assert_books_are_right(s.models)


def test_the_country_of_vat_is_that_of_the_company_when_the_session_began() -> None:
    billing = CompanyBillingChanged(at=after(0), billing=BillingDetails(country="DE"))
    fact = Fact(1, f"company:{NUMBER}", 1, billing, after(0), Provenance(NUMBER, "admin:1"))
    fold = Fold[LedgerRow](ledger, lambda _, __: None)
    keys = fold.keys(fact)
    fold.rows = dict.fromkeys(keys)
    fold.apply(fact, keys)
    (row,) = fold.rows.values()
    assert row is not None
    assert (row.by, row.country) == (COMPANY, "DE")


async def test_the_books_know_a_session_from_its_start() -> None:
    s = await Scenario().opened(TARIFF_WITH_CAPPED_FEE)
    await s.starts(0, 1000)
    (row,) = (row for row in s.models.rows(ledger) if row.by == SESSION)
    assert row.account is not None
    assert (row.account.vat_rate, row.account.owed) == (TARIFF_WITH_CAPPED_FEE.vat_rate, 0)


async def test_fee_and_withdrawals_take_from_what_is_available_and_returned_ones_give_it_back() -> None:
    s = await payout_life()
    told = balances(s)
    # 3.00 less a fee of 1 % and 5 cents; 1.00 was paid, 0.50 rejected, 0.42 came back.
    assert (told[AVAILABLE], told[PLATFORM_FEES], told.get(REQUESTED), told[PAID_OUT]) == (192, 8, None, 100)
    listed = [(row.kind, row.gross) for row in s.models.rows(ledger) if row.by == TRANSFER]
    assert sorted(listed) == [
        ("platformFee", -8),
        ("withdrawal", -100),
        ("withdrawal", -50),
        ("withdrawal", -42),
        ("withdrawalRejected", 50),
        ("withdrawalReturned", 42),
    ]
    assert_books_are_right(s.models)


async def test_a_correction_of_a_settled_session_corrects_its_fee() -> None:
    start = SessionAccount(1, "EUR", Decimal(0))
    s = await payout_life()
    facts = [fact for fact in s.store.facts if fact.stream.startswith("session:")]
    schedule = (FeeTerms(after(0).date(), Decimal("0.5")),)
    account = start
    for fact in facts:
        account, _ = booked(account, fact.event, schedule)
    assert (account.settled, account.fee) == (300, 150)
    (ended,) = (fact.event for fact in facts if isinstance(fact.event, ChargingEnded))
    nothing = Bill((), Taxed(Money("EUR", 0), Money("EUR", 0), Money("EUR", 0)))
    corrected = BillCorrected(
        place=ended.place,
        token=ended.token,
        started_at=ended.started_at,
        ended_at=ended.at,
        at=after(60),
        cause="lateReadings",
        energy_wh=0,
        bill=nothing,
        previous=ended.bill,
        previous_energy_wh=ended.energy_wh,
    )
    account, moved = booked(account, corrected)
    assert (account.settled, account.fee) == (0, 0)
    assert [(each.kind, each.gross) for each in moved[-2:]] == [("settlement", -300), ("platformFee", 150)]
