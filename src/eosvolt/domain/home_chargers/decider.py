"""The rules of a home charger: codes, the owner, who may charge there, and the profile that prices it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

import msgspec

from eosvolt.domain.home_chargers.commands import (
    AddHomeCharger,
    AllowHomeToken,
    ChangeHomeProfile,
    HomeChargerCommand,
    IssueHomeCode,
    RedeemHomeCode,
    RemoveHomeCharger,
    ReplaceHomeCharger,
    WithdrawHomeToken,
)
from eosvolt.domain.home_chargers.events import (
    AllowedToken,
    HomeChargerAdded,
    HomeChargerEvent,
    HomeChargerRemoved,
    HomeChargerReplaced,
    HomeCodeIssued,
    HomeCodeRedeemed,
    HomeProfileChanged,
    HomeToken,
    HomeTokenAllowed,
    HomeTokenWithdrawn,
)
from eosvolt.domain.kernel import Decider, Rejected
from eosvolt.domain.locations.homes import is_home
from eosvolt.domain.tokens.uid import folded

CODE_VALID = timedelta(days=30)
MOST_TOKENS = 100


class NoHomeCharger(msgspec.Struct, frozen=True):
    """No such home charger."""


class IssuedCode(msgspec.Struct, frozen=True):
    """The valid code. ``customer``: to whom it was mailed."""

    digest: str
    expires_at: datetime
    customer: str = ""


class HomeCharger(msgspec.Struct, frozen=True):
    """A charger at somebody's home. ``owner`` is a customer, empty until a code was redeemed.

    ``code`` is the last one, ``None`` once it was redeemed.
    """

    home: str
    company: int
    charge_box_id: str
    profile: str
    owner: str = ""
    code: IssuedCode | None = None
    tokens: tuple[AllowedToken, ...] = ()
    removed: bool = False


HomeChargerState = NoHomeCharger | HomeCharger


def decide(command: HomeChargerCommand, home: HomeChargerState) -> Sequence[HomeChargerEvent]:
    """What happens."""
    match command, home:
        case AddHomeCharger(), NoHomeCharger():
            if not is_home(command.home):
                raise Rejected("This is not the id of a home.")
            return [
                HomeChargerAdded(
                    home=command.home,
                    company=command.company,
                    at=command.at,
                    charge_box_id=command.charge_box_id,
                    profile=command.profile,
                    time_zone=command.time_zone,
                )
            ]
        case RedeemHomeCode(), HomeCharger(removed=True):
            raise Rejected("This home charger was removed.")
        case _, NoHomeCharger() | HomeCharger(removed=True):
            return []
        case _, HomeCharger() as known:
            return _decide_known(command, known)


def _decide_known(command: HomeChargerCommand, known: HomeCharger) -> Sequence[HomeChargerEvent]:
    match command:
        case IssueHomeCode():
            return _issued(command, known)
        case RedeemHomeCode():
            return _redeemed(command, known)
        case AllowHomeToken():
            return _allowed(command, known)
        case WithdrawHomeToken(at=at, token=token):
            uid = folded(token)
            if all(each.token != uid for each in known.tokens):
                return []
            return [HomeTokenWithdrawn(home=known.home, at=at, token=uid)]
        case ChangeHomeProfile(at=at, profile=profile):
            if profile == known.profile:
                return []
            return [HomeProfileChanged(home=known.home, at=at, profile=profile)]
        case ReplaceHomeCharger(at=at, charge_box_id=charge_box_id):
            if charge_box_id == known.charge_box_id:
                return []
            if command.open_sessions:
                raise Rejected("A session is still open on this charger: stop it first.")
            return [HomeChargerReplaced(home=known.home, at=at, charge_box_id=charge_box_id)]
        case RemoveHomeCharger(at=at):
            if command.open_sessions:
                raise Rejected("A session is still open on this charger: stop it first.")
            return [HomeChargerRemoved(home=known.home, at=at)]
        case _:
            return []


def _issued(command: IssueHomeCode, known: HomeCharger) -> Sequence[HomeChargerEvent]:
    if known.owner:
        raise Rejected("This home charger has its owner already.")
    return [
        HomeCodeIssued(
            home=known.home,
            at=command.at,
            digest=command.digest,
            expires_at=command.expires_at,
            customer=command.customer,
        )
    ]


def _redeemed(command: RedeemHomeCode, known: HomeCharger) -> Sequence[HomeChargerEvent]:
    code = known.code
    if code is None or code.digest != command.digest:
        raise Rejected("This code was used or replaced by another one.")
    if code.expires_at <= command.at:
        raise Rejected("This code has expired: ask for another one.")
    return [HomeCodeRedeemed(home=known.home, at=command.at, customer=command.customer)]


def _allowed(command: AllowHomeToken, known: HomeCharger) -> Sequence[HomeChargerEvent]:
    wanted = AllowedToken(folded(command.token), command.kind, command.until)
    if not wanted.token:
        raise Rejected("A token needs its number.")
    if wanted.until is not None and wanted.kind is not HomeToken.GUEST:
        raise Rejected("Only a guest's token has an end.")
    if wanted.kind is HomeToken.GUEST and wanted.until is None:
        raise Rejected("A guest may charge until some time: say until when.")
    if wanted.until is not None and wanted.until <= command.at:
        raise Rejected("A guest's time ends in the future.")
    if wanted in known.tokens:
        return []
    if len(_without(known.tokens, wanted.token)) >= MOST_TOKENS:
        raise Rejected(f"At most {MOST_TOKENS} tokens may charge at a home.")
    return [
        HomeTokenAllowed(
            home=known.home, at=command.at, token=wanted.token, kind=wanted.kind, until=wanted.until
        )
    ]


def _without(tokens: tuple[AllowedToken, ...], token: str) -> tuple[AllowedToken, ...]:
    return tuple(each for each in tokens if each.token != token)


def evolve(home: HomeChargerState, event: HomeChargerEvent) -> HomeChargerState:
    """The home charger after ``event``."""
    if isinstance(event, HomeChargerAdded):
        return HomeCharger(
            home=event.home,
            company=event.company,
            charge_box_id=event.charge_box_id,
            profile=event.profile,
        )
    if isinstance(home, NoHomeCharger):
        return home
    change = msgspec.structs.replace
    match event:
        case HomeCodeIssued():
            return change(home, code=IssuedCode(event.digest, event.expires_at, event.customer))
        case HomeCodeRedeemed(customer=customer):
            return change(home, owner=customer, code=None)
        case HomeTokenAllowed(token=token):
            allowed = AllowedToken(token, event.kind, event.until)
            return change(home, tokens=(*_without(home.tokens, token), allowed))
        case HomeTokenWithdrawn(token=token):
            return change(home, tokens=_without(home.tokens, token))
        case HomeProfileChanged(profile=profile):
            return change(home, profile=profile)
        case HomeChargerReplaced(charge_box_id=charge_box_id):
            return change(home, charge_box_id=charge_box_id)
        case HomeChargerRemoved():
            return change(home, removed=True)
        case _:
            assert_never(event)


home_chargers: Decider[HomeChargerCommand, HomeChargerState, HomeChargerEvent] = Decider(
    "home-charger", NoHomeCharger(), decide, evolve
)
