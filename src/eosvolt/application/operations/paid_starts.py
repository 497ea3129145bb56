"""Starts of drivers who are no customers of the company: a payment is requested, and the start follows it."""

from collections.abc import Sequence
from typing import NamedTuple

from eosvolt.application.booked_starts import booked_start, refusal_with_bookings
from eosvolt.application.commands.start_rules import SENTENCES
from eosvolt.application.executor import Plan
from eosvolt.application.operations.operation import OperationContext
from eosvolt.application.payment_providers import paying_token
from eosvolt.domain.charge_points.state import Registered
from eosvolt.domain.kernel import CommandEnvelope, Rejected
from eosvolt.domain.locations.decider import Location
from eosvolt.domain.locations.events import LocationType
from eosvolt.domain.payments.commands import GiveUpPayment, RequestPayment
from eosvolt.domain.payments.decider import payments
from eosvolt.domain.payments.events import CancelReason
from eosvolt.domain.payments.state import DriverPayment
from eosvolt.domain.tokens.bearer import TokenBearer
from eosvolt.domain.tokens.decider import Token, tokens
from eosvolt.domain.tokens.events import TokenStatus

NO_CUSTOMER = "This operator does not know your e-mail address: ask them to add you as a customer."
IN_USE = "This plug is in use."
CHARGES_ALREADY = "You are charging already: stop that session first."
STARTS_ALREADY = "You are starting already: use that start, or wait until it has ended."
BLOCKED = "This operator has blocked your access."
NOT_CONNECTED = "This charger is not connected."


class PaidStart(NamedTuple):
    """A start at a plug; ``command`` is the id of the payment and of the command that follows it."""

    charger: str
    plug: int
    command: str


async def paid_start(
    context: OperationContext, wanted: PaidStart, charger: Registered, place: Location
) -> Plan[str]:
    """Request the payment for a start of somebody who is no customer, instead of one that waits.

    Returns the id of the payment, which is that of the command. Raises ``Rejected`` where nobody can pay, or
    the plug cannot start.
    """
    asked = await context.state(payments, wanted.command)
    if isinstance(asked, DriverPayment):
        return Plan((), wanted.command)
    terms, uid = context.ports.payment_terms, paying_token(context.company, context.actor.id)
    amount = None if terms is None else terms.amount(place.tariff_at(context.at).currency)
    if terms is None or amount is None or place.details.type is not LocationType.PUBLIC:
        raise Rejected(NO_CUSTOMER)
    bearer = TokenBearer(uid)
    booked = await booked_start(context.application, charger, place, wanted.plug, bearer, context.at)
    refusal = refusal_with_bookings(place, bearer, booked, context.at)
    if refusal is not None:
        raise Rejected(SENTENCES[refusal])
    if not charger.online:
        raise Rejected(NOT_CONNECTED)
    if any(each.opened.connector == wanted.plug for each in charger.open()):
        raise Rejected(IN_USE)
    request = RequestPayment(
        company=context.company,
        location=charger.location,
        charge_point=wanted.charger,
        connector=wanted.plug,
        driver=context.actor.id,
        token=uid,
        provider=terms.name,
        amount=amount,
        at=context.at,
    )
    envelopes = [*await _replaced(context, uid), CommandEnvelope(payments, wanted.command, request)]
    return Plan(envelopes, wanted.command)


async def _replaced(context: OperationContext, uid: str) -> Sequence[CommandEnvelope]:
    """The command that gives up a payment of the driver's that waits. Raises ``Rejected`` if it starts."""
    token = await context.state(tokens, f"{context.company}/{uid}")
    if not isinstance(token, Token):
        return ()
    if token.status is TokenStatus.BLOCKED:
        raise Rejected(BLOCKED)
    if token.sessions:
        raise Rejected(CHARGES_ALREADY)
    before = await context.state(payments, token.payment)
    if isinstance(before, DriverPayment) and before.starts:
        raise Rejected(STARTS_ALREADY)
    give_up = GiveUpPayment(reason=CancelReason.REPLACED, at=context.at)
    return (CommandEnvelope(payments, token.payment, give_up),) if token.payment else ()
