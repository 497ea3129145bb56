"""What a company says about itself: each kind of setting is one event, and nothing invalid is stored."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from eosvolt.domain.companies.commands import (
    ChangeBankAccount,
    ChangeBilling,
    ChangeLogo,
    ChangePreferences,
    ChangeSupport,
)
from eosvolt.domain.companies.decider import Company, companies
from eosvolt.domain.companies.events import (
    CompanyBankAccountChanged,
    CompanyBillingChanged,
    CompanyEvent,
    CompanyLogoChanged,
    CompanyPreferencesChanged,
    CompanyRegistered,
    CompanySupportChanged,
)
from eosvolt.domain.companies.settings import BillingDetails, MaskedBankAccount, Preferences
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.support import SupportContact
from tests.examples import COMPANY, MORNING, after
from tests.replay.company_settings_life import ACCOUNT, BILLING, PREFERENCES, SUPPORT
from tests.rule import Rule

REGISTERED = CompanyRegistered(company=COMPANY, name="Volt", owner="a1", at=MORNING)


def company(*events: CompanyEvent) -> Company:
    found = companies.fold([REGISTERED, *events])
    assert isinstance(found, Company)
    return found


def test_billing_data_are_one_event_and_part_of_the_company() -> None:
    changed = CompanyBillingChanged(at=after(1), billing=BILLING)
    Rule(companies).given(REGISTERED).when(ChangeBilling(billing=BILLING, at=after(1))).then(changed)
    assert company(changed).billing == BILLING


def test_a_bank_account_is_told_in_part_and_can_be_taken_back() -> None:
    changed = CompanyBankAccountChanged(at=after(1), account=ACCOUNT)
    Rule(companies).given(REGISTERED).when(ChangeBankAccount(account=ACCOUNT, at=after(1))).then(changed)
    none = ChangeBankAccount(account=MaskedBankAccount(), at=after(2))
    gone = CompanyBankAccountChanged(at=after(2), account=MaskedBankAccount())
    Rule(companies).given(REGISTERED, changed).when(none).then(gone)
    assert company(changed).bank_account
    assert not company(changed, gone).bank_account


def test_another_account_with_the_same_last_digits_is_another_account() -> None:
    other = replace(ACCOUNT, fingerprint="cd" * 32)
    changed = CompanyBankAccountChanged(at=after(1), account=ACCOUNT)
    again = ChangeBankAccount(account=other, at=after(2))
    Rule(companies).given(REGISTERED, changed).when(again).then(
        CompanyBankAccountChanged(at=after(2), account=other)
    )


def test_support_preferences_and_logo_are_events_of_their_own() -> None:
    Rule(companies).given(REGISTERED).when(ChangeSupport(support=SUPPORT, at=after(1))).then(
        CompanySupportChanged(at=after(1), support=SUPPORT)
    )
    Rule(companies).given(REGISTERED).when(ChangePreferences(preferences=PREFERENCES, at=after(1))).then(
        CompanyPreferencesChanged(at=after(1), preferences=PREFERENCES)
    )
    Rule(companies).given(REGISTERED).when(ChangeLogo(digest="ab", at=after(1))).then(
        CompanyLogoChanged(at=after(1), digest="ab")
    )


def test_a_company_that_says_nothing_has_nothing_and_asking_for_that_changes_nothing() -> None:
    for command in (
        ChangeBilling(billing=BillingDetails(), at=after(1)),
        ChangeBankAccount(account=MaskedBankAccount(), at=after(1)),
        ChangeSupport(support=SupportContact(), at=after(1)),
        ChangePreferences(preferences=Preferences(), at=after(1)),
        ChangeLogo(digest="", at=after(1)),
    ):
        Rule(companies).given(REGISTERED).when(command).then()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"currency": "EURO"}, "not an ISO 4217 currency"),
        ({"currency": "XAU"}, "not an ISO 4217 currency"),
        ({"vat_rate": Decimal(1)}, "VAT rate"),
        ({"vat_rate": Decimal("-0.1")}, "VAT rate"),
        ({"vat_rate": Decimal("0.1234567")}, "VAT rate"),
        ({"vat_rate": Decimal("NaN")}, "VAT rate"),
        ({"fiscal_time_zone": "Europe/Leipzig"}, "not an IANA time zone"),
        ({"invoice_prefix": "re"}, "invoice prefix"),
        ({"invoice_prefix": "-RE"}, "invoice prefix"),
        ({"invoice_prefix": "A" * 13}, "invoice prefix"),
        ({"invoice_prefix": "R E"}, "invoice prefix"),
    ],
)
def test_preferences_that_nothing_could_follow_are_rejected(changes: dict[str, object], why: str) -> None:
    wanted = ChangePreferences(preferences=replace(PREFERENCES, **changes), at=after(1))
    with pytest.raises(Rejected, match=why):
        Rule(companies).given(REGISTERED).when(wanted)


@pytest.mark.parametrize("prefix", ["RE", "RE-", "2026/", "A1-B/"])
def test_an_invoice_prefix_has_capitals_digits_hyphens_and_slashes(prefix: str) -> None:
    wanted = replace(PREFERENCES, invoice_prefix=prefix)
    Rule(companies).given(REGISTERED).when(ChangePreferences(preferences=wanted, at=after(1))).then(
        CompanyPreferencesChanged(at=after(1), preferences=wanted)
    )


def test_billing_is_complete_once_an_invoice_could_be_issued() -> None:
    assert BILLING.complete
    assert replace(BILLING, vat_id="").complete
    for missing in (
        {"legal_name": ""},
        {"street": ""},
        {"city": ""},
        {"country": ""},
        {"vat_id": "", "tax_number": ""},
    ):
        assert not replace(BILLING, **missing).complete
