"""What follows for drivers' payments: their tokens may charge while an amount is held, once.

What a session cost is captured with its receipt; what leads to no session, or costs nothing, is cancelled.
"""

from collections.abc import Iterable
from datetime import datetime

from eosvolt.domain.commands.decider import NoCommand
from eosvolt.domain.commands.events import (
    CommandAnswered,
    CommandExpired,
    CommandFailed,
    CommandHadNoEffect,
    CommandTimedOut,
)
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.payments.commands import GiveUpPayment, SettlePayment, UsePayment
from eosvolt.domain.payments.decider import payments
from eosvolt.domain.payments.events import (
    CancelReason,
    PaymentAuthorised,
    PaymentCancelOrdered,
    PaymentDeclined,
    PaymentRequested,
)
from eosvolt.domain.payments.state import DriverPayment
from eosvolt.domain.reactions.reaction import Need, ReactionContext
from eosvolt.domain.sessions.events import ConnectorFreed, ReceiptIssued, RefundIssued, SessionStarted
from eosvolt.domain.sessions.refunding import cost, refunded
from eosvolt.domain.sessions.state import Closed
from eosvolt.domain.tokens.commands import CoverToken, PutToken
from eosvolt.domain.tokens.decider import Token, TokenState, tokens
from eosvolt.domain.tokens.events import TokenStatus
from eosvolt.domain.tokens.uid import folded

# What operators read of the token in the list of tokens.
LABEL = "Card payment"
# How the names of drivers begin in the history; only their starts have payments.
BY_DRIVER = "driver:"


def needs_token(
    _event: PaymentRequested | PaymentAuthorised | PaymentCancelOrdered | PaymentDeclined,
    context: ReactionContext,
) -> Iterable[Need]:
    """The token that the payment covers."""
    if isinstance(context.after, DriverPayment):
        yield Need(tokens, _token_key(context.after))


def cover_token(event: PaymentRequested, context: ReactionContext) -> list[CommandEnvelope]:
    """The payment covers what the token starts, which it may not yet."""
    key = f"{event.company}/{event.token}"
    cover = CommandEnvelope(tokens, key, CoverToken(payment=context.key, at=event.at))
    if isinstance(context.other(tokens, key), Token):
        return [cover]
    put = PutToken(
        company=event.company, uid=event.token, at=event.at, status=TokenStatus.EXPIRED, label=LABEL
    )
    return [CommandEnvelope(tokens, key, put), cover]


def let_token_start(event: PaymentAuthorised, context: ReactionContext) -> list[CommandEnvelope]:
    """The amount is held: the token may charge."""
    return _token_of(context, TokenStatus.ACCEPTED, event.at)


def let_token_expire(
    event: PaymentCancelOrdered | PaymentDeclined, context: ReactionContext
) -> list[CommandEnvelope]:
    """Nothing is held any more: the token may not charge."""
    return _token_of(context, TokenStatus.EXPIRED, event.at)


def needs_paying_token(event: SessionStarted, _context: ReactionContext) -> Iterable[Need]:
    """The token of a session that is paid for by its driver."""
    if event.payment:
        yield Need(tokens, f"{event.place.company}/{folded(event.token)}")


def use_payment(event: SessionStarted, context: ReactionContext) -> list[CommandEnvelope]:
    """The payment is for this session, and its token starts no other one."""
    if not event.payment:
        return []
    key = f"{event.place.company}/{folded(event.token)}"
    use = UsePayment(session=context.key, at=event.received_at)
    return [
        CommandEnvelope(payments, event.payment, use),
        *_put(key, context.other(tokens, key), event.payment, TokenStatus.EXPIRED, event.received_at),
    ]


def settle_payment(
    event: ConnectorFreed | ReceiptIssued | RefundIssued, context: ReactionContext
) -> list[CommandEnvelope]:
    """What the session costs is captured with its receipt, given back with a refund; nothing is cancelled."""
    session = context.after
    if not isinstance(session, Closed) or not session.last.start.payment:
        return []
    owed = cost(session.last).gross - refunded(session)
    if isinstance(event, ConnectorFreed) and owed.minor:
        return []
    settle = SettlePayment(session=context.key, owed=owed, at=context.now)
    return [CommandEnvelope(payments, session.last.start.payment, settle)]


def give_up(
    event: CommandAnswered | CommandFailed | CommandTimedOut | CommandExpired | CommandHadNoEffect,
    context: ReactionContext,
) -> list[CommandEnvelope]:
    """A start that led to no session needs no payment; it has the id of its payment, if there is one."""
    state = context.after
    if isinstance(state, NoCommand) or state.request.action != "remoteStart":
        return []
    if not state.request.by.startswith(BY_DRIVER):
        return []
    if isinstance(event, CommandAnswered) and event.accepted:
        return []
    why = GiveUpPayment(reason=CancelReason.NO_SESSION, at=event.at)
    return [CommandEnvelope(payments, event.command, why)]


def _token_of(context: ReactionContext, status: TokenStatus, at: datetime) -> list[CommandEnvelope]:
    payment = context.after
    if not isinstance(payment, DriverPayment):
        return []
    key = _token_key(payment)
    return _put(key, context.other(tokens, key), context.key, status, at)


def _put(
    key: str, token: TokenState, payment: str, status: TokenStatus, at: datetime
) -> list[CommandEnvelope]:
    """The token with another status, unless another payment covers it, or the operator blocked it."""
    if not isinstance(token, Token) or token.payment != payment or token.status is TokenStatus.BLOCKED:
        return []
    company, _, uid = key.partition("/")
    put = PutToken(
        company=int(company),
        uid=uid,
        at=at,
        status=status,
        group=token.group,
        expires_at=token.expires_at,
        label=token.label,
        concurrent=token.concurrent,
    )
    return [CommandEnvelope(tokens, key, put)]


def _token_key(payment: DriverPayment) -> str:
    return f"{payment.request.company}/{payment.request.token}"
