"""Mails to the owner of a company about what moves its money."""

from collections.abc import Mapping, Sequence

from eosvolt.application.account_mails import AccountMail, AccountMailKind
from eosvolt.application.operations.operation import OperationContext
from eosvolt.application.ports import Alongside
from eosvolt.domain.companies.decider import Company


async def mail_to_owner(
    context: OperationContext, company: Company, kind: AccountMailKind, values: Mapping[str, str]
) -> Sequence[Alongside]:
    """The change that stores the mail, in the company's language; none for an owner without an account."""
    people = await context.ports.admins.people(context.company, company.owner)
    mails = (
        AccountMail(
            kind,
            person.email,
            company.preferences.language.value,
            {"company": company.name, **values},
            context.company,
        )
        for person in people
    )
    return [context.ports.account_mails.putting(mail) for mail in mails]
