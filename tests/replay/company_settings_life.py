"""A company that sets all that it can say about itself: the source of the golden stream ``0016-settings``."""

from decimal import Decimal

from eosvolt.domain.companies.commands import (
    ChangeBankAccount,
    ChangeBilling,
    ChangeLogo,
    ChangePreferences,
    ChangeSupport,
    CompanyCommand,
    RegisterCompany,
)
from eosvolt.domain.companies.decider import companies
from eosvolt.domain.companies.settings import BillingDetails, CompanyLanguage, MaskedBankAccount, Preferences
from eosvolt.domain.support import SupportContact
from tests.examples import COMPANY, after
from tests.scenario import WHY, Scenario

BILLING = BillingDetails(
    legal_name="Volt & Söhne GmbH",
    street="Am Hafen 1",
    postal_code="04105",
    city="Leipzig",
    country="DE",
    vat_id="DE136695976",
    tax_number="231/123/45678",
)
ACCOUNT = MaskedBankAccount(iban="DE •••• 3000", bic="COBADEFFXXX", fingerprint="ab" * 32)
SUPPORT = SupportContact("+49 341 1234567", "hilfe@volt.example", "Mo-Fr 8-18")
PREFERENCES = Preferences(
    language=CompanyLanguage.GERMAN,
    currency="EUR",
    vat_rate=Decimal("0.19"),
    fiscal_time_zone="Europe/Berlin",
    invoice_prefix="RE-",
)


async def company_settings_life() -> Scenario:
    """Every setting is made, some are changed or taken back."""
    s = Scenario()

    async def do(command: CompanyCommand) -> None:
        await s.application.execute(companies, str(COMPANY), command, WHY)

    await do(RegisterCompany(company=COMPANY, name="Volt", owner="a1", at=after(0)))
    await do(ChangeBilling(billing=BILLING, at=after(1)))
    await do(ChangeBankAccount(account=ACCOUNT, at=after(2)))
    await do(ChangeSupport(support=SUPPORT, at=after(3)))
    await do(ChangePreferences(preferences=PREFERENCES, at=after(4)))
    await do(ChangeLogo(digest="cd" * 32, at=after(5)))
    await do(ChangeBilling(billing=BillingDetails(legal_name="Volt", country="AT"), at=after(6)))
    await do(ChangeBankAccount(account=MaskedBankAccount(), at=after(7)))
    await do(ChangeSupport(support=SupportContact(), at=after(8)))
    await do(ChangePreferences(preferences=Preferences(), at=after(9)))
    await do(ChangeLogo(digest="", at=after(10)))
    return s
