"""The rules of a token: what the company says about it, and which sessions it has under way."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any, assert_never

import msgspec

from eosvolt.domain.earlier import Earlier, held_at
from eosvolt.domain.kernel import Decider, Rejected
from eosvolt.domain.tokens.commands import (
    AssignToken,
    CoverToken,
    PutToken,
    ReleaseToken,
    TokenCommand,
    UnassignToken,
    UseToken,
)
from eosvolt.domain.tokens.events import (
    Authorization,
    TokenAssigned,
    TokenChanged,
    TokenCovered,
    TokenEvent,
    TokenInUse,
    TokenIssued,
    TokenReleased,
    TokenStatus,
    TokenUnassigned,
)
from eosvolt.domain.tokens.recollection import TERMS_REMEMBERED, RecordedTerms, Use, released, used

OF_ANOTHER_CUSTOMER = "This token belongs to another customer already."
# Else what a payment covers would also be on the customer's invoice.
OF_PAYMENTS = "This token is of somebody who pays each time: it cannot belong to a customer."


class UnknownToken(msgspec.Struct, frozen=True):
    """The company does not know it."""


class Token(msgspec.Struct, frozen=True):
    """A token of a company, which may belong to a ``customer``. ``sessions`` are those it has under way.

    ``uses`` are its last sessions with their times; ``earlier`` are its terms before, oldest first,
    each with the instant until which that held. ``payment`` is the id of the driver's payment that covers
    what it starts, empty for tokens of which nobody pays each time.
    """

    status: TokenStatus
    group: str = ""
    expires_at: datetime | None = None
    label: str = ""
    concurrent: bool = False
    sessions: frozenset[str] = frozenset()
    uses: tuple[Use, ...] = ()
    earlier: Earlier[RecordedTerms] = ()
    customer: str = ""
    payment: str = ""

    @property
    def terms(self) -> RecordedTerms:
        """Its present terms, as far as they decide whether the token may charge, and for whom."""
        return RecordedTerms(
            self.status, self.group, self.expires_at, self.concurrent, self.customer, self.payment
        )


TokenState = UnknownToken | Token


def authorization(
    token: TokenState, at: datetime, session: str = "", *, ended: AbstractSet[str] = frozenset()
) -> Authorization:
    """Whether the token may charge at ``at``.

    ``session`` is the one asked for, which never hinders itself; ``ended`` are those that its start ends.
    """
    match token:
        case UnknownToken():
            return Authorization.INVALID
        case Token(status=TokenStatus.BLOCKED):
            return Authorization.BLOCKED
        case Token(status=TokenStatus.EXPIRED):
            return Authorization.EXPIRED
        case Token(expires_at=expires_at) if expires_at is not None and expires_at <= at:
            return Authorization.EXPIRED
        case Token(concurrent=False, sessions=others) if others - {session} - ended:
            return Authorization.CONCURRENT
        case Token():
            return Authorization.ACCEPTED


def as_of(token: TokenState, at: datetime) -> TokenState:
    """The token as it was at an instant; before it was issued, as it was at first."""
    if not isinstance(token, Token):
        return token
    terms = held_at(token.earlier, token.terms, at)
    charging = (use.session for use in token.uses if use.lasted_at(at))
    return Token(
        status=terms.status,
        group=terms.group,
        expires_at=terms.expires_at,
        label=token.label,
        concurrent=terms.concurrent,
        sessions=frozenset(charging),
        customer=terms.customer,
        payment=terms.payment,
    )


def decide(command: TokenCommand, token: TokenState) -> Sequence[TokenEvent]:
    """What happens."""
    match command, token:
        case PutToken(), UnknownToken():
            return [TokenIssued(**_fields(command))]
        case PutToken(), Token() as known:
            wanted = msgspec.structs.replace(
                known,
                status=command.status,
                group=command.group,
                expires_at=command.expires_at,
                label=command.label,
                concurrent=command.concurrent,
            )
            return [] if wanted == known else [TokenChanged(**_fields(command))]
        case UseToken(session=session, at=at), Token(sessions=under_way) if session not in under_way:
            return [TokenInUse(session=session, at=at)]
        case ReleaseToken(session=session, at=at), Token(sessions=under_way) if session in under_way:
            return [TokenReleased(session=session, at=at)]
        case AssignToken(), Token(payment=payment) if payment:
            raise Rejected(OF_PAYMENTS)
        case AssignToken(customer=customer), Token(customer=present) if customer != present:
            if present:
                raise Rejected(OF_ANOTHER_CUSTOMER)
            return [TokenAssigned(customer=customer, at=command.at)]
        case UnassignToken(customer=customer), Token(customer=present) if customer and customer == present:
            return [TokenUnassigned(at=command.at)]
        case CoverToken(payment=payment, at=at), Token(payment=present) if payment != present:
            return [TokenCovered(payment=payment, at=at)]
        case _:
            return []


def _fields(command: PutToken) -> dict[str, Any]:
    return {
        "company": command.company,
        "uid": command.uid,
        "at": command.at,
        "status": command.status,
        "group": command.group,
        "expires_at": command.expires_at,
        "label": command.label,
        "concurrent": command.concurrent,
    }


def evolve(token: TokenState, event: TokenEvent) -> TokenState:
    """The token after ``event``."""
    match event:
        case TokenIssued() | TokenChanged():
            return _changed(token, event)
        case TokenInUse(session=session) if isinstance(token, Token):
            sessions, uses = token.sessions | {session}, used(token.uses, event)
            return msgspec.structs.replace(token, sessions=sessions, uses=uses)
        case TokenReleased(session=session) if isinstance(token, Token):
            sessions, uses = token.sessions - {session}, released(token.uses, event)
            return msgspec.structs.replace(token, sessions=sessions, uses=uses)
        case TokenAssigned(customer=customer, at=at) if isinstance(token, Token):
            return _remembered(token, msgspec.structs.replace(token, customer=customer), at)
        case TokenUnassigned(at=at) if isinstance(token, Token):
            return _remembered(token, msgspec.structs.replace(token, customer=""), at)
        case TokenCovered(payment=payment, at=at) if isinstance(token, Token):
            return _remembered(token, msgspec.structs.replace(token, payment=payment), at)
        case TokenInUse() | TokenReleased() | TokenAssigned() | TokenUnassigned() | TokenCovered():
            return token
        case _:
            assert_never(event)


def _changed(token: TokenState, event: TokenIssued | TokenChanged) -> Token:
    if not isinstance(token, Token):
        return Token(event.status, event.group, event.expires_at, event.label, event.concurrent)
    changed = msgspec.structs.replace(
        token,
        status=event.status,
        group=event.group,
        expires_at=event.expires_at,
        label=event.label,
        concurrent=event.concurrent,
    )
    return _remembered(token, changed, event.at)


def _remembered(before: Token, after: Token, at: datetime) -> Token:
    """The token after a change, which remembers its terms before."""
    if before.terms == after.terms:
        return after
    return msgspec.structs.replace(after, earlier=(*before.earlier, (at, before.terms))[-TERMS_REMEMBERED:])


tokens: Decider[TokenCommand, TokenState, TokenEvent] = Decider("token", UnknownToken(), decide, evolve)
