"""The operations that change a company's settings and logo, and where unknown chargers are adopted."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import UNSET, UnsetType

from eosvolt.application.bank_accounts import BankAccount
from eosvolt.application.company_settings import CompanySettings, problems, tidied
from eosvolt.application.executor import Plan
from eosvolt.application.operations.locations import check_location
from eosvolt.application.operations.operation import (
    Input,
    InvalidValue,
    Operation,
    OperationContext,
    Seen,
    operation,
)
from eosvolt.application.permissions import (
    Action,
    NotThere,
    Permission,
    ProductArea,
    Right,
    require,
    require_at,
)
from eosvolt.application.ports import Alongside
from eosvolt.domain.companies.commands import (
    ChangeAdoption,
    ChangeBankAccount,
    ChangeBilling,
    ChangeCertificateOrganization,
    ChangePreferences,
    ChangeSupport,
    CompanyCommand,
    RenameCompany,
)
from eosvolt.domain.companies.decider import Company, CompanyState, companies
from eosvolt.domain.companies.events import (
    CertificateOrganizationChanged,
    CompanyBankAccountChanged,
    CompanyBillingChanged,
    CompanyPreferencesChanged,
    CompanyRegistered,
    CompanyRenamed,
    CompanySupportChanged,
)
from eosvolt.domain.kernel import CommandEnvelope

VIEW = Permission(Action.VIEW, ProductArea.SETTINGS)
EDIT = Permission(Action.EDIT, ProductArea.SETTINGS)
# In addition, for the bank account.
BANK_DETAILS = Right.BANK_DETAILS
EDITIONS = (
    CompanyRegistered,
    CompanyRenamed,
    CertificateOrganizationChanged,
    CompanyBillingChanged,
    CompanyBankAccountChanged,
    CompanySupportChanged,
    CompanyPreferencesChanged,
)


def _unchanged(settings: CompanySettings) -> CompanySettings:
    return settings


class CompanyChangeInput(Input, frozen=True, kw_only=True):
    """``changed`` maps the present settings to the new ones; it may refuse by raising.

    ``adopt_into`` is a location; empty ends the adoption, ``UNSET`` leaves it.
    """

    changed: Callable[[CompanySettings], CompanySettings] = _unchanged
    adopt_into: str | UnsetType = UNSET
    seen: Seen = None


@operation(EDIT)
async def change(context: OperationContext, wanted: CompanyChangeInput) -> Plan[None]:
    """Change the settings, or where unknown chargers are adopted for a day.

    Another bank account needs the right ``bankDetails`` too. Raises ``InvalidValue`` for the first setting
    that is wrong.
    """
    key = str(context.company)
    known = await _known(context)
    await context.check_seen(companies, key, wanted.seen, lambda event: isinstance(event, EDITIONS), _told)
    before = settings_of(known, await context.ports.bank_accounts.account(context.company))
    after = wanted.changed(before)
    if after != before:
        after = tidied(after)
        for field, sentence in problems(after).items():
            raise InvalidValue(field, sentence)
    commands: list[CompanyCommand] = [
        RenameCompany(name=after.name, at=context.at),
        ChangeCertificateOrganization(organization=after.organization, at=context.at),
        ChangeBilling(billing=after.billing, at=context.at),
        ChangeSupport(support=after.support, at=context.at),
        ChangePreferences(preferences=after.preferences, at=context.at),
    ]
    alongside: Sequence[Alongside] = ()
    if after.bank_account != before.bank_account:
        require(context.actor.grants, BANK_DETAILS)
        account, stored = context.ports.bank_accounts.kept(context.company, after.bank_account)
        commands.append(ChangeBankAccount(account=account, at=context.at))
        alongside = (stored,)
    if wanted.adopt_into is not UNSET:
        if wanted.adopt_into:
            await check_location(context, wanted.adopt_into, "adoptInto")
            require_at(context.actor.grants, (wanted.adopt_into,))
        commands.append(ChangeAdoption(location=wanted.adopt_into, at=context.at))
    return Plan([CommandEnvelope(companies, key, each) for each in commands], None, alongside=alongside)


async def _known(context: OperationContext) -> Company:
    known = await context.state(companies, str(context.company))
    if not isinstance(known, Company):
        raise NotThere
    return known


def settings_of(known: Company, account: BankAccount) -> CompanySettings:
    """The settings of a company whose bank account is ``account``."""
    return CompanySettings(
        name=known.name,
        organization=known.organization,
        billing=known.billing,
        bank_account=account,
        support=known.support,
        preferences=known.preferences,
    )


def _told(company: CompanyState) -> CompanySettings:
    """The settings as the history tells them, with a masked IBAN."""
    known = company if isinstance(company, Company) else Company(0, "", "")
    return settings_of(known, BankAccount(known.bank_account.iban, known.bank_account.bic))


OPERATIONS: tuple[Operation[Any, Any], ...] = (change,)
