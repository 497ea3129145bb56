"""Operations on statements of home chargers: approve one, and record its payment."""

from datetime import date
from typing import Any

from eosvolt.application.executor import Plan
from eosvolt.application.operations.operation import (
    Input,
    Operation,
    OperationContext,
    operation_everywhere,
)
from eosvolt.application.operations.price_profiles import EVERYWHERE
from eosvolt.application.permissions import Action, NotThere, Permission, ProductArea
from eosvolt.domain.home_chargers.decider import HomeCharger, home_chargers
from eosvolt.domain.home_statements.commands import ApproveHomeStatement, PayHomeStatement
from eosvolt.domain.home_statements.decider import home_statements
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.price_profiles.decider import PriceProfile, price_profiles

PAY = Permission(Action.EDIT, ProductArea.FINANCE)


class HomeStatementById(Input, frozen=True, kw_only=True):
    """A statement: the home, the first day of the month, and the price profile."""

    home: str
    month: date
    profile: str


class HomeStatementApproval(HomeStatementById, frozen=True, kw_only=True):
    """A statement to approve; ``seen`` is the amount in minor units that is agreed to, if it is known."""

    seen: int | None = None


class HomeStatementPayment(HomeStatementById, frozen=True, kw_only=True):
    """A statement that was paid, and the reference of the payment."""

    reference: str


@operation_everywhere(PAY, EVERYWHERE)
async def approve(context: OperationContext, wanted: HomeStatementApproval) -> Plan[None]:
    """Agree to reimburse the owner for a month; the amount is owed from then on.

    Of several at once one wins. Raises ``Rejected`` while the month is not over, a price is missing or an
    earlier month was not approved, and where the amount is another one than was ``seen``.
    """
    home = await _home(context, wanted.home)
    profile = await context.state(price_profiles, wanted.profile)
    if not isinstance(profile, PriceProfile) or profile.terms.reimbursement is None:
        raise NotThere
    await context.state(home_statements, wanted.home)
    found = await context.ports.reimbursed_sessions.home_sessions(context.company, home=wanted.home)
    command = ApproveHomeStatement(
        home=wanted.home,
        company=context.company,
        at=context.at,
        month=wanted.month,
        profile=wanted.profile,
        owner=home.owner,
        terms=profile.terms.reimbursement,
        currency=profile.terms.tariff.currency,
        sessions=tuple(each for each in found if each.profile == wanted.profile),
        seen=wanted.seen,
    )
    return Plan((CommandEnvelope(home_statements, wanted.home, command),), None)


@operation_everywhere(PAY, EVERYWHERE)
async def pay(context: OperationContext, wanted: HomeStatementPayment) -> Plan[None]:
    """Record that an approved statement was paid. Raises ``Rejected`` for one that was not approved."""
    await _home(context, wanted.home)
    command = PayHomeStatement(
        at=context.at, month=wanted.month, profile=wanted.profile, reference=wanted.reference
    )
    return Plan((CommandEnvelope(home_statements, wanted.home, command),), None)


async def _home(context: OperationContext, home: str) -> HomeCharger:
    """A home charger, also one that was removed: what it owes stays."""
    known = await context.state(home_chargers, home)
    if not isinstance(known, HomeCharger):
        raise NotThere
    return known


OPERATIONS: tuple[Operation[Any, Any], ...] = (approve, pay)
