"""Operations on customers: add, change and erase; and the customer of an e-mail address, made if absent."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec

from eosvolt.application.customers import CustomerPerson, problems, tidied
from eosvolt.application.executor import Plan
from eosvolt.application.operations.booking_choice import without_bookings
from eosvolt.application.operations.operation import (
    Input,
    InvalidValue,
    Operation,
    OperationContext,
    Seen,
    operation,
    operation_everywhere,
)
from eosvolt.application.operations.tokens import terms_of as token_terms
from eosvolt.application.permissions import Action, NotThere, Permission, ProductArea, require
from eosvolt.application.ports import Alongside
from eosvolt.domain.companies.settings import BillingDetails, CompanyLanguage
from eosvolt.domain.customer_groups.decider import customer_groups
from eosvolt.domain.customers.commands import (
    AddCustomer,
    AddCustomerToken,
    ChangeCustomer,
    ChangeMembership,
    CustomerCommand,
    EraseCustomer,
    RemoveCustomerToken,
)
from eosvolt.domain.customers.decider import Customer, CustomerState, customers
from eosvolt.domain.kernel import Command, CommandEnvelope, Event
from eosvolt.domain.tokens.commands import AssignToken, PutToken, UnassignToken
from eosvolt.domain.tokens.decider import Token, tokens
from eosvolt.domain.tokens.events import TokenStatus
from eosvolt.domain.tokens.uid import folded

# Customers belong to the area of their tokens.
VIEW = Permission(Action.VIEW, ProductArea.CHARGE_POINTS)
EXPORT = Permission(Action.EXPORT, ProductArea.CHARGE_POINTS)
ADD = Permission(Action.ADD, ProductArea.CHARGE_POINTS)
EDIT = Permission(Action.EDIT, ProductArea.CHARGE_POINTS)

ONLY_EVERYWHERE = "Whoever may work at some locations only cannot erase a customer."


class CustomerTerms(Input, frozen=True, kw_only=True):
    """All that is said of a customer: personal data, language, groups, and uids of tokens in any case."""

    name: str
    email: str = ""
    phone: str = ""
    billing: BillingDetails = BillingDetails()
    notes: str = ""
    language: CompanyLanguage = CompanyLanguage.ENGLISH
    tokens: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


class NewCustomerInput(Input, frozen=True, kw_only=True):
    """A customer under an id that was never used. Tokens that the company does not know are issued."""

    customer: str
    terms: CustomerTerms


class CustomerChangeInput(Input, frozen=True, kw_only=True):
    """``changed`` maps the present terms to the new ones; it may refuse by raising."""

    customer: str
    changed: Callable[[CustomerTerms], CustomerTerms]
    seen: Seen = None


class CustomerById(Input, frozen=True, kw_only=True):
    """A customer."""

    customer: str


class CustomerOfAddress(NamedTuple):
    """The customer of an address, and the plan's parts that make it; empty for one that was there."""

    customer: str
    envelopes: Sequence[CommandEnvelope] = ()
    alongside: Sequence[Alongside] = ()


@operation(ADD)
async def add(context: OperationContext, wanted: NewCustomerInput) -> Plan[str]:
    """Add a customer. Returns its id.

    Raises ``InvalidValue`` for a field, ``Rejected`` for a token or an e-mail address of somebody else.
    """
    person = checked_person(_person(context, wanted.customer, wanted.terms))
    add = AddCustomer(company=context.company, at=context.at, language=wanted.terms.language)
    envelopes = [
        _to(wanted.customer, add),
        *await _tokens_changed(context, wanted.customer, (), wanted.terms.tokens),
        *await _groups_changed(context, wanted.customer, (), wanted.terms.groups),
    ]
    return Plan(envelopes, wanted.customer, alongside=(context.ports.customer_records.kept(person),))


@operation(EDIT)
async def change(context: OperationContext, wanted: CustomerChangeInput) -> Plan[None]:
    """Change personal data, language and tokens. Tokens that are taken away stay accepted."""
    person, known = await known_customer(context, wanted.customer)
    before = customer_terms(person, known)
    await context.check_seen(
        customers, wanted.customer, wanted.seen, _any, lambda state: _told(before, state)
    )
    after = wanted.changed(before)
    changed = tidied(_person(context, wanted.customer, after, person))
    envelopes, alongside = [], list[Alongside]()
    record = person.version
    if changed != person:
        record += 1
        changed = msgspec.structs.replace(checked_person(changed), version=record)
        alongside.append(context.ports.customer_records.kept(changed))
    envelopes.append(
        _to(wanted.customer, ChangeCustomer(at=context.at, language=after.language, record=record))
    )
    envelopes += await _tokens_changed(context, wanted.customer, known.tokens, after.tokens)
    envelopes += await _groups_changed(context, wanted.customer, known.groups, after.groups)
    return Plan(envelopes, None, alongside=alongside)


@operation_everywhere(Permission(Action.DELETE, ProductArea.CHARGE_POINTS), ONLY_EVERYWHERE)
async def erase(context: OperationContext, wanted: CustomerById) -> Plan[None]:
    """Delete the personal data for good. The customer's tokens are taken away and blocked.

    Sessions and sums stay as they are, with an id alone.
    """
    return await erasure(context, wanted.customer)


async def erasure(context: OperationContext, customer: str) -> Plan[None]:
    """The plan that erases a customer. Raises ``NotThere`` for no or an erased one."""
    person, known = await known_customer(context, customer)
    envelopes = await without_bookings(context, customer)
    for uid in known.tokens:
        token = await context.state(tokens, _token_key(context, uid))
        terms = token_terms(token)
        block = PutToken(
            company=context.company,
            uid=uid,
            at=context.at,
            status=TokenStatus.BLOCKED,
            group=terms.group,
            expires_at=terms.expires_at,
            label=terms.label,
            concurrent=terms.concurrent,
        )
        envelopes += [*_taken(context, customer, uid), _to_token(context, uid, block)]
    envelopes.append(_to(customer, EraseCustomer(at=context.at)))
    return Plan(envelopes, None, alongside=(context.ports.customer_records.erased(person),))


async def customer_of_address(
    context: OperationContext,
    email: str,
    *,
    new_id: str,
    name: str = "",
    language: CompanyLanguage = CompanyLanguage.ENGLISH,
) -> CustomerOfAddress:
    """The customer with an e-mail address, made under ``new_id`` if there is none.

    For plans of other operations, which add the envelopes and changes to theirs. Of two that make the same
    customer at a time one wins, and the other is planned again and finds it. Raises ``InvalidValue`` for
    ``email``. Without a ``name`` the address stands for it.
    """
    records = context.ports.customer_records
    found = await records.with_email(context.company, email)
    if found is not None:
        return CustomerOfAddress(found.customer)
    if not email.strip():
        raise InvalidValue("email", "This is not an e-mail address.")
    terms = CustomerTerms(name=name.strip() or email, email=email, language=language)
    person = checked_person(_person(context, new_id, terms))
    add = AddCustomer(company=context.company, at=context.at, language=language)
    return CustomerOfAddress(new_id, (_to(new_id, add),), (records.kept_if_first(person),))


def customer_terms(person: CustomerPerson, known: Customer) -> CustomerTerms:
    """What is said of a customer now."""
    return CustomerTerms(
        name=person.name,
        email=person.email,
        phone=person.phone,
        billing=person.billing,
        notes=person.notes,
        language=known.language,
        tokens=known.tokens,
        groups=known.groups,
    )


async def known_customer(context: OperationContext, customer: str) -> tuple[CustomerPerson, Customer]:
    """A customer of the company. Raises ``NotThere`` for no or an erased one."""
    known = await context.state(customers, customer)
    person = await context.ports.customer_records.person(context.company, customer)
    if not isinstance(known, Customer) or person is None:
        raise NotThere
    return person, known


async def _tokens_changed(
    context: OperationContext, customer: str, before: Sequence[str], after: Sequence[str]
) -> list[CommandEnvelope]:
    """The commands that give and take tokens. Issuing unknown ones needs the permission to add."""
    wanted = tuple(dict.fromkeys(uid for each in after if (uid := folded(each))))
    envelopes: list[CommandEnvelope] = []
    for uid in before:
        if uid not in wanted:
            envelopes += _taken(context, customer, uid)
    for uid in wanted:
        if uid in before:
            continue
        known = await context.state(tokens, _token_key(context, uid))
        if not isinstance(known, Token):
            require(context.actor.grants, ADD)
            issue = PutToken(company=context.company, uid=uid, at=context.at, status=TokenStatus.ACCEPTED)
            envelopes.append(_to_token(context, uid, issue))
        envelopes.append(_to_token(context, uid, AssignToken(customer=customer, at=context.at)))
        envelopes.append(_to(customer, AddCustomerToken(at=context.at, token=uid)))
    return envelopes


async def _groups_changed(
    context: OperationContext, customer: str, before: Sequence[str], after: Sequence[str]
) -> list[CommandEnvelope]:
    """The command that changes groups. Raises ``InvalidValue`` for one that the company does not have."""
    if tuple(after) == tuple(before):
        return []
    state = await context.state(customer_groups, str(context.company))
    known = {group for group, _ in state.groups}
    if not known.issuperset({*after} - {*before}):
        raise InvalidValue("groups", "There is no such group.")
    groups = tuple(dict.fromkeys(group for group in after if group in known))
    return [_to(customer, ChangeMembership(at=context.at, groups=groups))]


def _taken(context: OperationContext, customer: str, uid: str) -> list[CommandEnvelope]:
    return [
        _to_token(context, uid, UnassignToken(customer=customer, at=context.at)),
        _to(customer, RemoveCustomerToken(at=context.at, token=uid)),
    ]


def _person(
    context: OperationContext, customer: str, terms: CustomerTerms, before: CustomerPerson | None = None
) -> CustomerPerson:
    """The record that says what ``terms`` say, and otherwise what it said ``before``."""
    return msgspec.structs.replace(
        before or CustomerPerson(customer=customer, company=context.company, name=""),
        name=terms.name,
        email=terms.email,
        phone=terms.phone,
        billing=terms.billing,
        notes=terms.notes,
    )


def checked_person(person: CustomerPerson) -> CustomerPerson:
    """The record, tidied. Raises ``InvalidValue`` for the first field that is wrong."""
    person = tidied(person)
    for field, sentence in problems(person).items():
        raise InvalidValue(field, sentence)
    return person


def _told(present: CustomerTerms, state: CustomerState) -> CustomerTerms | None:
    """Terms to compare. Earlier personal data is kept nowhere, so it counts as the present one."""
    if not isinstance(state, Customer):
        return None
    return msgspec.structs.replace(present, language=state.language, tokens=state.tokens, groups=state.groups)


def _to(customer: str, command: CustomerCommand) -> CommandEnvelope:
    return CommandEnvelope(customers, customer, command)


def _to_token(context: OperationContext, uid: str, command: Command) -> CommandEnvelope:
    return CommandEnvelope(tokens, _token_key(context, uid), command)


def _token_key(context: OperationContext, uid: str) -> str:
    return f"{context.company}/{uid}"


def _any(_: Event) -> bool:
    return True


OPERATIONS: tuple[Operation[Any, Any], ...] = (add, change, erase)
