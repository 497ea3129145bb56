"""Who presents a token: the customer, and the groups whose rules and prices are theirs."""

from datetime import datetime
from typing import NamedTuple

from eosvolt.application.executor import Application
from eosvolt.domain.customer_groups.decider import customer_groups, members_of
from eosvolt.domain.customer_groups.prices import PricedGroup
from eosvolt.domain.customers.decider import customers, groups_at
from eosvolt.domain.tokens.bearer import TokenBearer
from eosvolt.domain.tokens.decider import Token, TokenState


class Membership(NamedTuple):
    """Who presents a token, and the groups of them with their prices.

    ``payment`` is the driver's payment that covers what the token starts, if there is one.
    """

    bearer: TokenBearer
    groups: tuple[PricedGroup, ...] = ()
    payment: str = ""


NOBODY = Membership(TokenBearer(""))


async def membership(
    application: Application, company: int, uid: str, token: TokenState, at: datetime | None = None
) -> Membership:
    """Whose a token is and which groups that gives: now, or as it was ``at`` an instant.

    ``token`` is the token's state at that instant.
    """
    if not isinstance(token, Token):
        return Membership(TokenBearer(uid))
    bearer = TokenBearer(uid, token.group, token.customer)
    return (await membership_of(application, company, bearer, at))._replace(payment=token.payment)


async def membership_of(
    application: Application, company: int, bearer: TokenBearer, at: datetime | None = None
) -> Membership:
    """The groups of whoever presents a token, whose group and customer are known."""
    chosen: tuple[str, ...] = ()
    if bearer.customer:
        chosen = groups_at(await application.state(customers, bearer.customer), at)
    groups: tuple[PricedGroup, ...] = ()
    if chosen or bearer.group:
        known = await application.state(customer_groups, str(company))
        groups = members_of(known.groups if at is None else known.at(at), chosen, bearer.group)
    return Membership(bearer._replace(customer_groups=tuple(each.group for each in groups)), groups)
