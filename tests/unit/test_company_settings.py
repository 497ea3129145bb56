"""Settings as people write them: tidied, and everything that is wrong is said at once."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from eosvolt.application.bank_accounts import BankAccount, compact, grouped, masked
from eosvolt.application.company_settings import CompanySettings, problems, tidied
from eosvolt.application.vat_ids import compact as compact_vat_id
from eosvolt.application.vat_ids import is_vat_id
from eosvolt.domain.companies.settings import BillingDetails, Preferences
from eosvolt.domain.support import SupportContact
from tests.replay.company_settings_life import BILLING, PREFERENCES, SUPPORT

SETTINGS = CompanySettings(
    name="Volt",
    billing=BILLING,
    bank_account=BankAccount("DE89370400440532013000", "COBADEFFXXX"),
    support=SUPPORT,
    preferences=PREFERENCES,
)


def test_complete_settings_are_in_order() -> None:
    assert tidied(SETTINGS) == SETTINGS
    assert problems(SETTINGS) == {}


def test_a_name_is_enough() -> None:
    assert problems(CompanySettings(name="Volt")) == {}


def test_codes_are_written_in_capitals_and_without_blanks() -> None:
    typed = replace(
        SETTINGS,
        name=" Volt ",
        billing=replace(BILLING, country=" de", vat_id="de 136 695 976", city=" Leipzig "),
        bank_account=BankAccount("de89 3704-0044 0532 0130 00 ", "cobadeffxxx"),
        preferences=replace(PREFERENCES, currency="eur", invoice_prefix="re-"),
    )
    assert tidied(typed) == SETTINGS


def test_all_that_is_wrong_is_said_at_once() -> None:
    wrong = CompanySettings(
        name=" ",
        organization="o" * 65,
        billing=BillingDetails(
            legal_name="l" * 201,
            street="s" * 201,
            postal_code="p" * 21,
            city="c" * 201,
            country="XX",
            vat_id="DE136695977",
            tax_number="t" * 41,
        ),
        bank_account=BankAccount("DE89370400440532013001", "COBAXXFF"),
        support=SupportContact("call", "nobody", "h" * 201),
        preferences=Preferences(
            currency="XXX", vat_rate=Decimal(2), fiscal_time_zone="Mars", invoice_prefix="?"
        ),
    )
    found = problems(tidied(wrong))
    assert list(found) == [
        "name",
        "organization",
        "legalName",
        "street",
        "city",
        "postalCode",
        "taxNumber",
        "country",
        "vatId",
        "iban",
        "bic",
        "supportPhone",
        "supportHours",
        "supportEmail",
        "currency",
        "vatRate",
        "fiscalTimeZone",
        "invoicePrefix",
    ]
    assert all(sentence.endswith(".") for sentence in found.values())


def test_a_bic_needs_an_iban() -> None:
    assert problems(replace(SETTINGS, bank_account=BankAccount("", "COBADEFFXXX"))) == {
        "iban": "There is a BIC but no IBAN."
    }
    assert problems(replace(SETTINGS, bank_account=BankAccount("DE89370400440532013000"))) == {}


@pytest.mark.parametrize(
    "iban",
    [
        "NL91ABNA0417164300",
        "GB82WEST12345698765432",
        "CH9300762011623852957",
        "NO9386011117947",
        "MT84MALT011000012345MTLCAST001S",
    ],
)
def test_ibans_of_many_countries_are_taken(iban: str) -> None:
    assert problems(replace(SETTINGS, bank_account=BankAccount(iban))) == {}


@pytest.mark.parametrize(
    "iban",
    [
        "DE8937040044053201300",
        "XX89370400440532013000",
        "DE89",
        "0" * 40,
        "DE89\u00c9704004405320130\u0660\u0660",
        "DE" * 500,
    ],
)
def test_what_is_no_iban_is_refused(iban: str) -> None:
    assert list(problems(replace(SETTINGS, bank_account=BankAccount(iban)))) == ["iban"]


def test_an_iban_is_masked_but_for_its_country_and_its_last_digits() -> None:
    account = compact(BankAccount("de89 3704 0044 0532 0130 00"))
    assert masked(account.iban) == "DE •••• 3000"
    assert masked("") == ""
    assert grouped(account.iban) == "DE89 3704 0044 0532 0130 00"


@pytest.mark.parametrize(
    ("vat_id", "country"),
    [
        ("DE136695976", "DE"),
        ("ATU13585627", "AT"),
        ("FR40303265045", "DE"),
        ("XI432525179", "GB"),
        ("GB980780684", "GB"),
        ("NO995525828MVA", "NO"),
        ("CHE107787577IVA", "CH"),
        ("CHE-107.787.577MWST", "CH"),
        ("US12-3456789", "US"),
        ("T1234567890123", "JP"),
    ],
)
def test_vat_ids_keep_the_rules_of_their_country(vat_id: str, country: str) -> None:
    assert is_vat_id(vat_id, country)


@pytest.mark.parametrize(
    ("vat_id", "country"),
    [
        ("DE136695977", "DE"),
        ("136695976", "DE"),
        ("GB980780685", "GB"),
        ("980780684", "GB"),
        ("NO995525829MVA", "NO"),
        ("CHE107787578IVA", "CH"),
        ("DE\u0661\u0663\u0666\u0666\u0669\u0665\u0669\u0667\u0666", "DE"),
        ("?", "US"),
        ("US" + "1" * 60, "US"),
    ],
)
def test_what_breaks_them_is_no_vat_id(vat_id: str, country: str) -> None:
    assert not is_vat_id(vat_id, country)


def test_greek_vat_ids_begin_with_el() -> None:
    assert compact_vat_id(" gr 094259216") == "EL094259216"
    assert is_vat_id("EL094259216", "GR")
