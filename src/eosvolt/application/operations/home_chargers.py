"""Operations on home chargers: add, give a code or profile, say who may charge, replace, and remove."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

import msgspec

from eosvolt.application.account_mails import AccountMail, AccountMailKind
from eosvolt.application.charger_changes import Addition, addition
from eosvolt.application.executor import Plan
from eosvolt.application.operations.customers import customer_of_address
from eosvolt.application.operations.operation import (
    AlreadyThere,
    Input,
    InvalidValue,
    Operation,
    OperationContext,
    operation_everywhere,
)
from eosvolt.application.operations.price_profiles import EVERYWHERE, known_profile
from eosvolt.application.permissions import Action, NotThere, Permission, ProductArea
from eosvolt.application.ports import Alongside
from eosvolt.domain.calendar import is_time_zone
from eosvolt.domain.charge_points.commands import AddChargePoint
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import ConnectorSpec
from eosvolt.domain.charge_points.state import known
from eosvolt.domain.companies.settings import CompanyLanguage
from eosvolt.domain.home_chargers.commands import (
    AddHomeCharger,
    AllowHomeToken,
    ChangeHomeProfile,
    IssueHomeCode,
    RemoveHomeCharger,
    ReplaceHomeCharger,
    WithdrawHomeToken,
)
from eosvolt.domain.home_chargers.decider import CODE_VALID, HomeCharger, home_chargers
from eosvolt.domain.home_chargers.events import HomeToken
from eosvolt.domain.kernel import CommandEnvelope

VIEW = Permission(Action.VIEW, ProductArea.CHARGE_POINTS)
_EDIT = Permission(Action.EDIT, ProductArea.CHARGE_POINTS)


class OwnerCode(Input, frozen=True, kw_only=True):
    """A new code, and the SHA-256 by which it is known.

    With an ``email`` it is mailed in ``language`` to the customer with this address, who is made under the id
    ``new_customer`` if there is none; without one it is handed over.
    """

    code: str
    digest: str
    new_customer: str
    email: str = ""
    language: CompanyLanguage = CompanyLanguage.ENGLISH


class NewHomeCharger(Input, frozen=True, kw_only=True):
    """A charger at a home, whose id begins as ``domain/locations/homes.py`` says."""

    home: str
    charger: str
    connectors: tuple[ConnectorSpec, ...]
    profile: str
    time_zone: str
    owner: OwnerCode
    password: str | None = None


class HomeChargerById(Input, frozen=True, kw_only=True):
    """The id of a home charger."""

    home: str


class CodeReissue(HomeChargerById, frozen=True, kw_only=True):
    """Another code for a home charger."""

    owner: OwnerCode


class HomeProfileChoice(HomeChargerById, frozen=True, kw_only=True):
    """The profile that prices a home charger from now on."""

    profile: str


class HomeReplacement(HomeChargerById, frozen=True, kw_only=True):
    """The charger that stands at a home from now on."""

    charger: str
    connectors: tuple[ConnectorSpec, ...]
    password: str | None = None


class HomeTokenInput(HomeChargerById, frozen=True, kw_only=True):
    """A token that may charge at a home; a guest's until an instant."""

    token: str
    kind: HomeToken
    until: datetime | None = None


class HomeTokenEnd(HomeChargerById, frozen=True, kw_only=True):
    """A token that may charge at a home no more."""

    token: str


class _IssuedCode(NamedTuple):
    """The commands and changes that issue a code."""

    envelopes: Sequence[CommandEnvelope]
    alongside: Sequence[Alongside] = ()


@operation_everywhere(Permission(Action.ADD, ProductArea.CHARGE_POINTS), EVERYWHERE)
async def add(context: OperationContext, wanted: NewHomeCharger) -> Plan[str]:
    """Add a charger at somebody's home with a code for its owner. Returns the id of the home charger."""
    await _check_profile(context, wanted.profile)
    if not is_time_zone(wanted.time_zone):
        raise InvalidValue("timeZone", "This is not an IANA time zone.")
    await context.state(home_chargers, wanted.home)
    charger = await _new_charger(context, wanted.home, wanted.charger, wanted.connectors, wanted.password)
    home = AddHomeCharger(
        home=wanted.home,
        company=context.company,
        at=context.at,
        charge_box_id=wanted.charger,
        profile=wanted.profile,
        time_zone=wanted.time_zone,
    )
    code = await _code(context, wanted.home, wanted.charger, wanted.owner)
    return Plan(
        (
            CommandEnvelope(home_chargers, wanted.home, home),
            *code.envelopes,
            *charger.envelopes,
        ),
        wanted.home,
        alongside=(*charger.alongside, *code.alongside),
    )


@operation_everywhere(_EDIT, EVERYWHERE)
async def reissue(context: OperationContext, wanted: CodeReissue) -> Plan[None]:
    """Issue another code; the one before becomes invalid. Raises ``Rejected`` once there is an owner."""
    home = await _known(context, wanted.home)
    code = await _code(context, wanted.home, home.charge_box_id, wanted.owner)
    return Plan(code.envelopes, None, alongside=code.alongside)


@operation_everywhere(_EDIT, EVERYWHERE)
async def assign(context: OperationContext, wanted: HomeProfileChoice) -> Plan[None]:
    """Price a home charger by another profile; sessions that go on keep their prices."""
    await _known(context, wanted.home)
    await _check_profile(context, wanted.profile)
    command = ChangeHomeProfile(at=context.at, profile=wanted.profile)
    return Plan((CommandEnvelope(home_chargers, wanted.home, command),), None)


@operation_everywhere(_EDIT, EVERYWHERE)
async def allow(context: OperationContext, wanted: HomeTokenInput) -> Plan[None]:
    """Let a token charge at a home."""
    await _known(context, wanted.home)
    command = AllowHomeToken(at=context.at, token=wanted.token, kind=wanted.kind, until=wanted.until)
    return Plan((CommandEnvelope(home_chargers, wanted.home, command),), None)


@operation_everywhere(_EDIT, EVERYWHERE)
async def withdraw(context: OperationContext, wanted: HomeTokenEnd) -> Plan[None]:
    """Let a token charge at a home no more."""
    await _known(context, wanted.home)
    command = WithdrawHomeToken(at=context.at, token=wanted.token)
    return Plan((CommandEnvelope(home_chargers, wanted.home, command),), None)


@operation_everywhere(_EDIT, EVERYWHERE)
async def replace(context: OperationContext, wanted: HomeReplacement) -> Plan[None]:
    """Put another charger at a home. Its owner, its profile and who may charge there stay, as do statements.

    Raises ``AlreadyThere`` for a charger that is known, and ``Rejected`` during a session.
    """
    home = await _known(context, wanted.home)
    charger = await _new_charger(context, wanted.home, wanted.charger, wanted.connectors, wanted.password)
    before = f"{context.company}/{home.charge_box_id}"
    sessions = await context.ports.estate.open_sessions_at(context.company, wanted.home)
    command = ReplaceHomeCharger(at=context.at, charge_box_id=wanted.charger, open_sessions=sessions)
    forgotten = context.ports.credentials.change(before, None)
    return Plan(
        (CommandEnvelope(home_chargers, wanted.home, command), *charger.envelopes),
        None,
        alongside=(forgotten, *charger.alongside),
        afterwards=(partial(context.ports.gateway.disconnect, before),),
    )


@operation_everywhere(Permission(Action.DELETE, ProductArea.CHARGE_POINTS), EVERYWHERE)
async def remove(context: OperationContext, wanted: HomeChargerById) -> Plan[None]:
    """Remove a home charger with its charger; its history stays. Raises ``Rejected`` during a session."""
    home = await _known(context, wanted.home)
    key = f"{context.company}/{home.charge_box_id}"
    sessions = await context.ports.estate.open_sessions_at(context.company, wanted.home)
    command = RemoveHomeCharger(at=context.at, open_sessions=sessions)
    forgotten = context.ports.credentials.change(key, None)
    disconnected = partial(context.ports.gateway.disconnect, key)
    envelope = CommandEnvelope(home_chargers, wanted.home, command)
    return Plan((envelope,), None, alongside=(forgotten,), afterwards=(disconnected,))


async def _new_charger(
    context: OperationContext,
    home: str,
    charger: str,
    connectors: tuple[ConnectorSpec, ...],
    password: str | None,
) -> Addition:
    """What adds a charger at a home. Raises ``AlreadyThere`` for one that is known."""
    if known(await context.state(charge_points, f"{context.company}/{charger}")) is not None:
        raise AlreadyThere("A charger with this id exists already.")
    command = AddChargePoint(
        company=context.company,
        charge_box_id=charger,
        location=home,
        connectors=connectors,
        at=context.at,
        has_password=password is not None,
    )
    added = await addition(context.application, context.ports.credentials, command, password)
    listed = context.ports.unknown_chargers.forgotten(context.company, charger)
    return Addition(added.envelopes, (*added.alongside, listed))


async def _code(context: OperationContext, home: str, charger: str, owner: OwnerCode) -> _IssuedCode:
    """What issues a code, mails it, and makes the customer to whom it goes."""
    issue = IssueHomeCode(at=context.at, digest=owner.digest, expires_at=context.at + CODE_VALID)
    if not owner.email:
        return _IssuedCode((CommandEnvelope(home_chargers, home, issue),))
    to = await customer_of_address(context, owner.email, new_id=owner.new_customer, language=owner.language)
    mail = AccountMail(
        AccountMailKind.HOME_CHARGER_CODE,
        owner.email.strip(),
        owner.language.value,
        {"code": owner.code, "charger": charger},
        context.company,
    )
    issue = msgspec.structs.replace(issue, customer=to.customer)
    return _IssuedCode(
        (*to.envelopes, CommandEnvelope(home_chargers, home, issue)),
        (*to.alongside, context.ports.account_mails.putting(mail)),
    )


async def _check_profile(context: OperationContext, profile: str) -> None:
    try:
        await known_profile(context, profile)
    except NotThere:
        raise InvalidValue("priceProfileId", "There is no such price profile.") from None


async def _known(context: OperationContext, home: str) -> HomeCharger:
    state = await context.state(home_chargers, home)
    if not isinstance(state, HomeCharger) or state.removed:
        raise NotThere
    return state


OPERATIONS: tuple[Operation[Any, Any], ...] = (add, reissue, assign, allow, withdraw, replace, remove)
