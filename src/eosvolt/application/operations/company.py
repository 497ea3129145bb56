"""The operations that change a company's settings and logo, and where unknown chargers are adopted."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import UNSET, UnsetType

from eosvolt.application.account_mails import AccountMailKind
from eosvolt.application.bank_accounts import BankAccount
from eosvolt.application.company_settings import CompanySettings, problems, tidied
from eosvolt.application.executor import Plan
from eosvolt.application.images import PictureRule
from eosvolt.application.operations.locations import check_location
from eosvolt.application.operations.operation import (
    Input,
    InvalidValue,
    Operation,
    OperationContext,
    Seen,
    operation,
)
from eosvolt.application.operations.owner_mails import mail_to_owner
from eosvolt.application.operations.pictures import uploaded
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
    ChangeLogo,
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


# Product §2: square and large enough to be printed; larger ones are scaled down.
LOGO = PictureRule(longest=800, shortest=400, square=True)


def _unchanged(settings: CompanySettings) -> CompanySettings:
    return settings


class CompanyChangeInput(Input, frozen=True, kw_only=True):
    """``changed`` maps the present settings to the new ones; it may refuse by raising.

    ``adopt_into`` is a location; empty ends the adoption, ``UNSET`` leaves it.
    """

    changed: Callable[[CompanySettings], CompanySettings] = _unchanged
    adopt_into: str | UnsetType = UNSET
    seen: Seen = None


class LogoUpload(Input, frozen=True, kw_only=True):
    """The content of a picture, as it was uploaded."""

    content: bytes


class LogoRemoval(Input, frozen=True, kw_only=True):
    """The logo is the actor's company's."""


@operation(EDIT)
async def change(context: OperationContext, wanted: CompanyChangeInput) -> Plan[None]:
    """Change the settings, or where unknown chargers are adopted for a day.

    Another bank account needs the right ``bankDetails`` too, and the owner gets a mail about it. Raises
    ``InvalidValue`` for the first setting that is wrong.
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
        told = await mail_to_owner(
            context, known, AccountMailKind.BANK_ACCOUNT_CHANGED, {"iban": account.iban}
        )
        alongside = (stored, *told)
    if wanted.adopt_into is not UNSET:
        if wanted.adopt_into:
            await check_location(context, wanted.adopt_into, "adoptInto")
            require_at(context.actor.grants, (wanted.adopt_into,))
        commands.append(ChangeAdoption(location=wanted.adopt_into, at=context.at))
    return Plan([CommandEnvelope(companies, key, each) for each in commands], None, alongside=alongside)


@operation(EDIT)
async def set_logo(context: OperationContext, wanted: LogoUpload) -> Plan[str]:
    """Show a picture as the company's logo. Returns its digest.

    Raises ``InvalidValue`` for what is no square picture of at least 400 pixels a side.
    """
    await _known(context)
    picture, stored = await uploaded(context, wanted.content, LOGO, "logo")
    command = ChangeLogo(digest=picture.digest, at=context.at)
    envelope = CommandEnvelope(companies, str(context.company), command)
    return Plan((envelope,), picture.digest, alongside=(stored,))


@operation(EDIT)
async def remove_logo(context: OperationContext, _: LogoRemoval) -> Plan[None]:
    """Show no logo any more. The picture stays, for pages as of an earlier instant."""
    await _known(context)
    command = ChangeLogo(digest="", at=context.at)
    return Plan((CommandEnvelope(companies, str(context.company), command),), None)


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


OPERATIONS: tuple[Operation[Any, Any], ...] = (change, set_logo, remove_logo)
