"""Statements of home chargers: what is in which month, approved once, paid once."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from eosvolt.domain.home_statements.commands import ApproveHomeStatement, PayHomeStatement
from eosvolt.domain.home_statements.decider import home_statements
from eosvolt.domain.home_statements.events import HomeStatementApproved, HomeStatementPaid
from eosvolt.domain.home_statements.sessions import HomeSession
from eosvolt.domain.home_statements.statement import ApprovedStatements, StatementLine, drafts
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.money import Money
from tests.examples import COMPANY
from tests.reimbursing import BUSINESS, CONTRACT, REIMBURSEMENT
from tests.rule import Rule

HOME, PROFILE, ZONE = "home-1", "p1", "Europe/Berlin"
OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)
LATER = datetime(2027, 1, 5, 8, tzinfo=UTC)
TERMS = {PROFILE: (REIMBURSEMENT, "EUR")}


def charged(number: int, ended_at: datetime, energy_wh: int, *, business: bool = True) -> HomeSession:
    return HomeSession(
        session=f"s{number}",
        number=number,
        home=HOME,
        profile=PROFILE,
        charger="CP-HOME",
        token=BUSINESS if business else "PRIVATE",
        business=business,
        started_at=ended_at - timedelta(hours=4),
        ended_at=ended_at,
        time_zone=ZONE,
        energy_wh=energy_wh,
        meter_start_wh=0,
        meter_stop_wh=energy_wh,
    )


IN_OCTOBER = charged(1, datetime(2026, 10, 31, 22, 59, tzinfo=UTC), 10_005)
# On the home's clock it is November already.
AT_MIDNIGHT = charged(2, datetime(2026, 10, 31, 23, 0, tzinfo=UTC), 1_000)
PRIVATE = charged(3, datetime(2026, 10, 12, 9, tzinfo=UTC), 4_000, business=False)
ALL = (PRIVATE, IN_OCTOBER, AT_MIDNIGHT)


def line_of(session: HomeSession, amount: int) -> StatementLine:
    return StatementLine(
        session=session.session,
        number=session.number,
        charger=session.charger,
        business=session.business,
        started_at=session.started_at,
        ended_at=session.ended_at,
        energy_wh=session.energy_wh,
        amount=amount,
        source=CONTRACT if session.business else None,
        meter_start_wh=0,
        meter_stop_wh=session.energy_wh,
    )


def approving(
    sessions: tuple[HomeSession, ...] = ALL, month: date = OCTOBER, at: datetime = LATER
) -> ApproveHomeStatement:
    return ApproveHomeStatement(
        home=HOME,
        company=COMPANY,
        at=at,
        month=month,
        profile=PROFILE,
        owner="ana",
        terms=REIMBURSEMENT,
        currency="EUR",
        sessions=sessions,
    )


def approved(month: date = OCTOBER, *lines: StatementLine) -> HomeStatementApproved:
    return HomeStatementApproved(
        home=HOME,
        company=COMPANY,
        at=LATER,
        month=month,
        profile=PROFILE,
        owner="ana",
        payer="",
        time_zone=ZONE,
        amount=Money("EUR", sum(line.amount for line in lines)),
        lines=lines,
    )


# 10.005 kWh at 0.3274 are 3.275637.
FIRST = approved(OCTOBER, line_of(PRIVATE, 0), line_of(IN_OCTOBER, 328))
SECOND = approved(NOVEMBER, line_of(AT_MIDNIGHT, 33))


def test_a_month_is_that_of_the_home_s_clock_and_has_business_and_private_sessions() -> None:
    Rule(home_statements).when(approving()).then(FIRST)
    Rule(home_statements).given(FIRST).when(approving(month=NOVEMBER)).then(SECOND)


def test_a_month_is_approved_once_and_in_order() -> None:
    Rule(home_statements).given(FIRST).when(approving()).then()
    with pytest.raises(Rejected, match="approved already"):
        Rule(home_statements).given(FIRST).when(replace(approving(), seen=1))
    with pytest.raises(Rejected, match="2026-10 first"):
        Rule(home_statements).when(approving(month=NOVEMBER))
    with pytest.raises(Rejected, match="nothing to approve"):
        Rule(home_statements).given(FIRST, SECOND).when(approving(month=DECEMBER))


def test_a_month_is_over_on_the_home_s_clock_before_it_is_approved() -> None:
    with pytest.raises(Rejected, match="month is over"):
        Rule(home_statements).when(approving(at=datetime(2026, 10, 31, 22, 59, tzinfo=UTC)))
    at = datetime(2026, 10, 31, 23, 0, tzinfo=UTC)
    Rule(home_statements).when(approving(at=at)).then(replace(FIRST, at=at))


def test_without_an_owner_or_a_price_nothing_is_approved() -> None:
    with pytest.raises(Rejected, match="no owner"):
        Rule(home_statements).when(replace(approving(), owner=""))
    without = replace(approving(), terms=replace(REIMBURSEMENT, sources=()))
    with pytest.raises(Rejected, match="no price for 2026-10-31"):
        Rule(home_statements).when(without)


def test_what_is_approved_is_what_was_seen() -> None:
    Rule(home_statements).when(replace(approving(), seen=328)).then(FIRST)
    with pytest.raises(Rejected, match="changed since"):
        Rule(home_statements).when(replace(approving(), seen=327))


def test_a_late_session_and_a_correction_are_in_the_next_statement() -> None:
    late = charged(4, datetime(2026, 10, 2, 9, tzinfo=UTC), 2_000)
    corrected = replace(IN_OCTOBER, energy_wh=9_005, meter_stop_wh=9_005)
    # Neither another price nor another token list changes what was approved.
    dearer = replace(REIMBURSEMENT, sources=(replace(CONTRACT, price=Decimal(1), base_share=Decimal(0)),))
    sessions = (late, PRIVATE, corrected, AT_MIDNIGHT)
    (found,) = drafts(
        sessions,
        ApprovedStatements().with_statement(PROFILE, OCTOBER, FIRST.lines),
        {PROFILE: (dearer, "EUR")},
    )
    assert found.month == NOVEMBER
    told = [(each.number, each.energy_wh, each.amount, each.corrects) for each in found.lines]
    # 9.005 kWh at 0.3274 are 2.948237, of which 3.28 were approved.
    assert told == [(4, 2_000, 200, False), (1, -1_000, -33, True), (2, 1_000, 100, False)]
    assert found.amount == 267


def test_a_correction_of_a_correction_adds_up_and_nothing_new_is_no_statement() -> None:
    known = ApprovedStatements().with_statement(PROFILE, OCTOBER, FIRST.lines)
    corrected = replace(IN_OCTOBER, energy_wh=9_005)
    (second,) = drafts((corrected,), known, TERMS)
    known = known.with_statement(PROFILE, NOVEMBER, second.lines)
    assert drafts((corrected, PRIVATE), known, TERMS) == []
    (third,) = drafts((IN_OCTOBER,), known, TERMS)
    assert (third.month, third.amount, third.lines[0].energy_wh) == (DECEMBER, 33, 1_000)


def test_a_profile_that_does_not_reimburse_has_no_statement() -> None:
    assert drafts(ALL, ApprovedStatements(), {}) == []


PAY = PayHomeStatement(at=LATER, month=OCTOBER, profile=PROFILE, reference=" SEPA-1 ")
PAID = HomeStatementPaid(
    home=HOME,
    company=COMPANY,
    at=LATER,
    month=OCTOBER,
    profile=PROFILE,
    time_zone=ZONE,
    amount=Money("EUR", 328),
    reference="SEPA-1",
)


def test_an_approved_statement_is_paid_once() -> None:
    Rule(home_statements).given(FIRST, SECOND).when(PAY).then(PAID)
    Rule(home_statements).given(FIRST, PAID).when(PAY).then()
    with pytest.raises(Rejected, match="paid already, with the reference SEPA-1"):
        Rule(home_statements).given(FIRST, PAID).when(replace(PAY, reference="SEPA-2"))
    with pytest.raises(Rejected, match="before it is paid"):
        Rule(home_statements).when(PAY)
    with pytest.raises(Rejected, match="needs its reference"):
        Rule(home_statements).given(FIRST).when(replace(PAY, reference=" "))
    with pytest.raises(Rejected, match="at most 200"):
        Rule(home_statements).given(FIRST).when(replace(PAY, reference="x" * 201))
    nothing = approved(OCTOBER, line_of(PRIVATE, 0))
    with pytest.raises(Rejected, match="nothing to pay"):
        Rule(home_statements).given(nothing).when(PAY)
