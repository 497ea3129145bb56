"""Balances, months and VAT are sums over the ledger, one rule a sentence."""

import re
from datetime import date
from decimal import Decimal

from eosvolt.adapters.postgres.queries.base_query import REVENUE
from eosvolt.application.ledger_questions import LedgerDay
from eosvolt.application.ledger_reports import balances, monthly_income, vat_report
from eosvolt.domain.ledger.movements import INCOME_KINDS, EntryKind
from eosvolt.domain.ledger.postings import EntrySum


def summed(
    kind: EntryKind,
    gross: int,
    net: int = 0,
    *,
    rate: str = "0.19",
    country: str = "DE",
    currency: str = "EUR",
) -> EntrySum:
    vat = 0 if kind == EntryKind.SETTLEMENT else gross - net
    return EntrySum(currency, kind, country, Decimal(rate), gross, net, vat)


DAYS = [
    LedgerDay(date(2026, 3, 31), [summed(EntryKind.CHARGING, 119, 100), summed(EntryKind.SETTLEMENT, 119)]),
    LedgerDay(
        date(2026, 4, 1),
        [
            summed(EntryKind.BLOCKING_FEE, 200, 168),
            summed(EntryKind.BLOCKING_FEE_CREDIT, -100, -84),
            summed(EntryKind.CHARGING, 121, 100, rate="0.21", country="NL"),
            summed(EntryKind.CHARGING, 500, 500, rate="0", currency="JPY"),
        ],
    ),
]


def test_what_is_settled_is_available_and_the_rest_is_pending() -> None:
    eur, jpy = balances(DAYS, None)
    assert (eur.currency, eur.available, eur.pending) == ("EUR", 119, 221)
    assert (jpy.currency, jpy.available, jpy.pending) == ("JPY", 0, 500)
    assert sum(eur.accounts.values()) == sum(jpy.accounts.values()) == 0


def test_the_vat_report_keeps_periods_countries_rates_and_currencies_apart() -> None:
    lines = vat_report(DAYS, "month")
    assert [(each.period, each.country, str(each.vat_rate), each.currency) for each in lines] == [
        ("2026-03", "DE", "0.19", "EUR"),
        ("2026-04", "DE", "0", "JPY"),
        ("2026-04", "DE", "0.19", "EUR"),
        ("2026-04", "NL", "0.21", "EUR"),
    ]
    assert [(each.net, each.vat, each.gross) for each in lines] == [
        (100, 19, 119),
        (500, 0, 500),
        (84, 16, 100),
        (100, 21, 121),
    ]
    assert {each.period for each in vat_report(DAYS, "quarter")} == {"2026-Q1", "2026-Q2"}
    year = vat_report(DAYS, "year")
    assert {each.period for each in year} == {"2026"}
    assert sum(each.gross for each in year) == sum(each.gross for each in lines)


def test_what_sums_to_nothing_is_no_line() -> None:
    nothing = [summed(EntryKind.CHARGING, 100, 84), summed(EntryKind.CORRECTION, -100, -84)]
    assert vat_report([LedgerDay(date(2026, 3, 31), nothing)], "year") == []


def test_months_tell_charging_and_blocking_fees_apart() -> None:
    months = [date(2026, month, 1) for month in (2, 3, 4)]
    told = monthly_income(DAYS, "EUR", months)
    assert [(each.charging, each.blocking) for each in told] == [(0, 0), (119, 0), (121, 100)]
    assert {each.refunds for each in told} == {0}


def test_the_queries_of_revenue_add_up_the_kinds_that_are_revenue() -> None:
    told = re.findall(r"'(\w+)'", REVENUE)
    assert sorted(told) == sorted(INCOME_KINDS)
