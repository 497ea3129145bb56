"""What follows from a new location for its company."""

from collections.abc import Iterable

import msgspec

from eosvolt.domain.companies.commands import ChangeSupport
from eosvolt.domain.companies.decider import Company, companies
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.locations.events import LocationAdded
from eosvolt.domain.reactions.reaction import Need, ReactionContext


def needs_company(event: LocationAdded, _context: ReactionContext) -> Iterable[Need]:
    """The company, which may have a support contact already."""
    if event.info.support is not None:
        yield Need(companies, str(event.company))


def default_support(event: LocationAdded, context: ReactionContext) -> list[CommandEnvelope]:
    """The contact that is typed for the first location becomes the company's, unless it has one."""
    if event.info.support is None:
        return []
    company = context.other(companies, str(event.company))
    if not isinstance(company, Company) or company.support:
        return []
    contact = msgspec.structs.replace(
        event.info.support, restart_instructions=company.support.restart_instructions
    )
    change = ChangeSupport(support=contact, at=event.at)
    return [CommandEnvelope(companies, str(event.company), change)]
