"""Operations of drivers: start, stop, redeem a home charger's code, let guests charge there, be erased.

Each is about what is the driver's own: of the customer who has the e-mail address that is proved to be the
driver's. Where payments are taken, who is no customer starts with a payment.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from eosvolt.application.bank_accounts import PayeeAccount
from eosvolt.application.booked_starts import booked_start, refusal_with_bookings
from eosvolt.application.commands.request import CommandDraft
from eosvolt.application.commands.start_rules import REMOTE_START, SENTENCES
from eosvolt.application.drivers import app_token
from eosvolt.application.executor import Plan
from eosvolt.application.memberships import membership_of
from eosvolt.application.operations.customer_accounts import account_change
from eosvolt.application.operations.customers import customer_of_address, erasure
from eosvolt.application.operations.operation import Input, Operation, OperationContext, operation
from eosvolt.application.operations.paid_starts import (
    BLOCKED,
    CHARGES_ALREADY,
    IN_USE,
    NO_CUSTOMER,
    PaidStart,
    paid_start,
)
from eosvolt.application.payment_providers import paying_token
from eosvolt.application.permissions import DriverRight, NotThere
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.state import Registered, known
from eosvolt.domain.companies.settings import CompanyLanguage
from eosvolt.domain.customers.commands import AddCustomerToken
from eosvolt.domain.customers.decider import Customer, customers
from eosvolt.domain.home_chargers.commands import AllowHomeToken, RedeemHomeCode, WithdrawHomeToken
from eosvolt.domain.home_chargers.decider import HomeCharger, home_chargers
from eosvolt.domain.home_chargers.events import HomeToken
from eosvolt.domain.kernel import CommandEnvelope, Rejected
from eosvolt.domain.locations.decider import Location, locations
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.state import start_of
from eosvolt.domain.tokens.bearer import TokenBearer
from eosvolt.domain.tokens.commands import AssignToken, PutToken
from eosvolt.domain.tokens.decider import Token, TokenState, authorization, tokens
from eosvolt.domain.tokens.events import Authorization, TokenStatus

DRIVE = DriverRight.CHARGE
REMOTE_STOP = "remoteStop"


class ByAddress(Input, frozen=True, kw_only=True):
    """``email`` is the address that the driver has proved to have."""

    email: str


class DriverStart(ByAddress, frozen=True, kw_only=True):
    """A start at a plug. ``command`` is an id that identifies repetitions."""

    charger: str
    plug: int
    command: str


class DriverStop(ByAddress, frozen=True, kw_only=True):
    """The end of a session of the driver's."""

    session: str
    command: str


class DriverCode(ByAddress, frozen=True, kw_only=True):
    """The code of the home charger ``home``, by its SHA-256.

    If the company has no customer with the address, one is made under ``new_customer``.
    """

    home: str
    digest: str
    new_customer: str
    name: str = ""
    language: CompanyLanguage = CompanyLanguage.ENGLISH


class DriverAccount(ByAddress, frozen=True, kw_only=True):
    """The account to which the company pays the driver; an empty one for none."""

    payee: PayeeAccount


class DriverGuest(ByAddress, frozen=True, kw_only=True):
    """Let a token charge at the driver's home until an instant."""

    home: str
    token: str
    until: datetime


class DriverGuestEnd(ByAddress, frozen=True, kw_only=True):
    """Let a token charge at the driver's home no more."""

    home: str
    token: str


class _Card(NamedTuple):
    """A token of a customer that may start at a place, with the commands that issue it if it is new."""

    bearer: TokenBearer
    envelopes: Sequence[CommandEnvelope] = ()


@operation(DRIVE)
async def start(context: OperationContext, wanted: DriverStart) -> Plan[str]:
    """Ask a charger to start for the customer, whose app token is issued with the first start.

    Where payments are taken, a payment is requested for who is no customer: the charger is asked once the
    amount is held. Returns the id of the command, which is also that of the payment. A repeated id changes
    nothing. Raises ``NotThere`` for a plug that is not there, and ``Rejected`` where the driver may not
    charge, or the plug is taken.
    """
    customer = await _customer_or_none(context, wanted.email)
    if customer is None and context.ports.payment_terms is None:
        raise Rejected(NO_CUSTOMER)
    key = f"{context.company}/{wanted.charger}"
    charger = known(await context.state(charge_points, key))
    if charger is None or all(each.number != wanted.plug for each in charger.connectors):
        raise NotThere
    place = await context.state(locations, charger.location)
    if not isinstance(place, Location):
        raise NotThere
    if customer is None:
        paid = PaidStart(wanted.charger, wanted.plug, wanted.command)
        return await paid_start(context, paid, charger, place)
    card = await _card_for(context, charger, wanted.plug, place, customer)
    draft = CommandDraft(
        REMOTE_START, {"token": card.bearer.token, "plug": wanted.plug}, context.actor.by, bearer=card.bearer
    )
    asked = await context.ports.commands.asked(context.company, key, wanted.command, draft, context.at)
    if asked and any(each.opened.connector == wanted.plug for each in charger.open()):
        raise Rejected(IN_USE)
    return Plan((*asked, *card.envelopes), wanted.command, guarded=True)


@operation(DRIVE)
async def stop(context: OperationContext, wanted: DriverStop) -> Plan[str]:
    """Ask the charger to stop a session of the customer's. Returns the id of the command.

    Raises ``NotThere`` for a session of anybody else, ``Rejected`` for one that does not charge any more.
    """
    begun = start_of(await context.state(sessions, wanted.session))
    if begun is None:
        raise NotThere
    own = begun.payment and begun.token == paying_token(context.company, context.actor.id)
    if not own and begun.customer != (await _customer(context, wanted.email)).id:
        raise NotThere
    key = f"{context.company}/{begun.place.charge_point}"
    draft = CommandDraft(REMOTE_STOP, {"sessionId": wanted.session}, context.actor.by)
    asked = await context.ports.commands.asked(context.company, key, wanted.command, draft, context.at)
    return Plan(asked, wanted.command, guarded=True)


@operation(DRIVE)
async def redeem(context: OperationContext, wanted: DriverCode) -> Plan[str]:
    """Make the customer the owner of the home charger. Returns its id. Of several at once one wins.

    Raises ``Rejected`` for a code that was used, has expired or was replaced.
    """
    made = await customer_of_address(
        context, wanted.email, new_id=wanted.new_customer, name=wanted.name, language=wanted.language
    )
    await context.state(home_chargers, wanted.home)
    command = RedeemHomeCode(at=context.at, digest=wanted.digest, customer=made.customer)
    envelope = CommandEnvelope(home_chargers, wanted.home, command)
    return Plan((*made.envelopes, envelope), wanted.home, alongside=made.alongside)


@operation(DRIVE)
async def allow_guest(context: OperationContext, wanted: DriverGuest) -> Plan[None]:
    """Let somebody else's token charge at the driver's home until an instant."""
    await _check_own(context, wanted.home, wanted.email)
    command = AllowHomeToken(at=context.at, token=wanted.token, kind=HomeToken.GUEST, until=wanted.until)
    return Plan((CommandEnvelope(home_chargers, wanted.home, command),), None)


@operation(DRIVE)
async def end_guest(context: OperationContext, wanted: DriverGuestEnd) -> Plan[None]:
    """Let a token charge at the driver's home no more."""
    await _check_own(context, wanted.home, wanted.email)
    command = WithdrawHomeToken(at=context.at, token=wanted.token)
    return Plan((CommandEnvelope(home_chargers, wanted.home, command),), None)


@operation(DRIVE)
async def change_account(context: OperationContext, wanted: DriverAccount) -> Plan[None]:
    """Have the company pay to another account from now on. Raises ``InvalidValue`` for a field."""
    customer = await _customer(context, wanted.email)
    return await account_change(context, customer.id, wanted.payee)


@operation(DRIVE)
async def erase(context: OperationContext, wanted: ByAddress) -> Plan[None]:
    """Delete what the company stores of the driver, as ``customers.erase`` does, if it stores anything."""
    person = await context.ports.customer_records.with_email(context.company, wanted.email)
    return Plan((), None) if person is None else await erasure(context, person.customer)


class _CustomerWithId(NamedTuple):
    id: str
    known: Customer


async def _customer(context: OperationContext, email: str) -> _CustomerWithId:
    """The customer with the driver's address. Raises ``Rejected`` if the company has none."""
    customer = await _customer_or_none(context, email)
    if customer is None:
        raise Rejected(NO_CUSTOMER)
    return customer


async def _customer_or_none(context: OperationContext, email: str) -> _CustomerWithId | None:
    person = await context.ports.customer_records.with_email(context.company, email)
    if person is None:
        return None
    there = await context.state(customers, person.customer)
    return _CustomerWithId(person.customer, there) if isinstance(there, Customer) else None


async def _card_for(
    context: OperationContext, charger: Registered, plug: int, place: Location, customer: _CustomerWithId
) -> _Card:
    """The token that starts: that of the app, or another one of the customer's that the location lists.

    Raises ``Rejected`` with the reason why that of the app may not.
    """
    app = app_token(context.company, customer.id)
    refusals: list[str] = []
    for uid in (app, *(each for each in customer.known.tokens if each != app)):
        token = await context.state(tokens, f"{context.company}/{uid}")
        if isinstance(token, Token):
            may = authorization(token, context.at)
            if may is Authorization.CONCURRENT:
                raise Rejected(CHARGES_ALREADY)
            if may is not Authorization.ACCEPTED:
                refusals.append(BLOCKED)
                continue
        group = token.group if isinstance(token, Token) else ""
        bearer = TokenBearer(uid, group, customer.id)
        member = await membership_of(context.application, context.company, bearer)
        booked = await booked_start(context.application, charger, place, plug, member.bearer, context.at)
        refusal = refusal_with_bookings(place, member.bearer, booked, context.at)
        if refusal is None:
            return _Card(member.bearer, _issued(context, customer.id, uid, token))
        refusals.append(SENTENCES[refusal])
    raise Rejected(refusals[0])


def _issued(
    context: OperationContext, customer: str, uid: str, token: TokenState
) -> Sequence[CommandEnvelope]:
    """The commands that give the customer the token, if it is not theirs yet."""
    if isinstance(token, Token) and token.customer == customer:
        return ()
    key = f"{context.company}/{uid}"
    put = PutToken(company=context.company, uid=uid, at=context.at, status=TokenStatus.ACCEPTED, label="App")
    issue = () if isinstance(token, Token) else (CommandEnvelope(tokens, key, put),)
    return (
        *issue,
        CommandEnvelope(tokens, key, AssignToken(customer=customer, at=context.at)),
        CommandEnvelope(customers, customer, AddCustomerToken(at=context.at, token=uid)),
    )


async def _check_own(context: OperationContext, home: str, email: str) -> None:
    """Raise ``NotThere`` for a home charger that is not the driver's."""
    there = await context.state(home_chargers, home)
    person = await context.ports.customer_records.with_email(context.company, email)
    if not isinstance(there, HomeCharger) or there.removed or person is None:
        raise NotThere
    if there.owner != person.customer:
        raise NotThere


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    start,
    stop,
    redeem,
    allow_guest,
    end_guest,
    change_account,
    erase,
)
