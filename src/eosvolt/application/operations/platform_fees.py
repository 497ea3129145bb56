"""Operations on the platform fee of a company, for platform staff."""

from typing import Any

from eosvolt.application.executor import Plan
from eosvolt.application.operations.operation import (
    Input,
    InvalidValue,
    Operation,
    OperationContext,
    operation,
)
from eosvolt.application.payouts import fiscal_day
from eosvolt.application.permissions import NotThere, PlatformRight
from eosvolt.domain.companies.decider import Company, companies
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.platform_fees.commands import SetPlatformFee
from eosvolt.domain.platform_fees.decider import platform_fees
from eosvolt.domain.platform_fees.terms import FeeTerms, problems


class PlatformFeeInput(Input, frozen=True, kw_only=True):
    """What the actor's company pays from a day on."""

    terms: FeeTerms


@operation(PlatformRight.COMPANIES)
async def set_fee(context: OperationContext, wanted: PlatformFeeInput) -> Plan[None]:
    """Set the fee from a day on, today at the earliest. Raises ``InvalidValue`` for terms that are none."""
    company = await context.state(companies, str(context.company))
    if not isinstance(company, Company):
        raise NotThere
    for field, sentence in problems(wanted.terms):
        raise InvalidValue(field, sentence)
    command = SetPlatformFee(
        company=context.company,
        at=context.at,
        today=fiscal_day(company.preferences, context.at),
        terms=wanted.terms,
    )
    return Plan((CommandEnvelope(platform_fees, str(context.company), command),), None)


OPERATIONS: tuple[Operation[Any, Any], ...] = (set_fee,)
