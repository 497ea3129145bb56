"""A charger with its location at one instant, and the answers it gets about tokens."""

from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import NamedTuple

import msgspec

from eosvolt.application.booked_starts import refusal_with_bookings
from eosvolt.domain.bookings.starts import NOT_BOOKED, BookedStart
from eosvolt.domain.charge_points.descriptions import Description
from eosvolt.domain.charge_points.events import TransactionOpened
from eosvolt.domain.charge_points.state import Registered
from eosvolt.domain.locations.decider import Location
from eosvolt.domain.sessions.events import Place
from eosvolt.domain.tariffs.tariff import Tariff
from eosvolt.domain.tokens.bearer import TokenBearer
from eosvolt.domain.tokens.decider import Token, TokenState, authorization
from eosvolt.domain.tokens.events import Authorization
from eosvolt.domain.tokens.refusal import StartRefusal, of_token
from eosvolt.domain.tokens.uid import folded


class TokenAnswer(msgspec.Struct, frozen=True):
    """The answer to a charger about a token."""

    authorization: Authorization
    group: str = ""
    expires_at: datetime | None = None


class StartVerdict(NamedTuple):
    """Whether a token may begin to charge: the answer to its charger, and why not.

    ``booked``: the booking that begins with it.
    """

    answer: TokenAnswer
    refusal: StartRefusal | None = None
    booked: BookedStart = NOT_BOOKED


class StartAnswer(msgspec.Struct, frozen=True):
    """The answer to a charger about a StartTransaction."""

    transaction: int
    token: TokenAnswer


class ChargePointContext(NamedTuple):
    """A charger with its description and location, at present or at an instant in the past."""

    charge_point: str
    state: Registered
    described: Description
    location: Location

    def charges(self, token: str, group: str) -> bool:
        """Whether a session of a token, or of its group, runs on the charger."""
        return any(
            folded(opened.token) == folded(token) or (bool(group) and folded(opened.group) == folded(group))
            for opened in (transaction.opened for transaction in self.state.open())
        )

    def place(self, connector: int, tariff: Tariff) -> Place:
        """The place of a session on one of the plugs, in the time zone of the tariff that is pinned to it."""
        return Place(
            company=self.state.company,
            location=self.described.location,
            charge_point=self.state.charge_box_id,
            connector=connector,
            time_zone=tariff.time_zone,
        )


def token_key(context: ChargePointContext, token: str) -> str:
    """The key of a token of this company; the case of ``token`` is ignored."""
    return f"{context.state.company}/{folded(token)}"


def answer_to_start(
    token: TokenState,
    context: ChargePointContext,
    bearer: TokenBearer,
    may: Authorization,
    at: datetime,
    listed_at: datetime | None = None,
    booked: BookedStart = NOT_BOOKED,
) -> StartVerdict:
    """Whether a token may begin to charge at an instant, by its own status and by its location's rules.

    ``listed_at``: see ``Location.refusal``; ``booked`` is what bookings say of it.
    """
    if not isinstance(token, Token):
        return StartVerdict(TokenAnswer(may), of_token(may))
    refusal = of_token(may) or refusal_with_bookings(context.location, bearer, booked, at, listed_at)
    if may is Authorization.ACCEPTED and refusal is not None:
        may = Authorization.INVALID
    begins = booked if refusal is None else NOT_BOOKED
    return StartVerdict(TokenAnswer(may, token.group, token.expires_at), refusal, begins)


def verdict_at_start(
    known: TokenState,
    context: ChargePointContext,
    bearer: TokenBearer,
    began: datetime,
    own: AbstractSet[str],
    booked: BookedStart,
) -> StartVerdict:
    """The verdict on a session that is reported late; the token and its ``bearer`` are as of its start.

    ``own`` are the session itself and those that its start ends.
    """
    may = authorization(known, began, ended=own)
    return answer_to_start(known, context, bearer, may, began, began, booked)


def answer_to_stop(
    token: TokenState, context: ChargePointContext, bearer: TokenBearer, may: Authorization
) -> TokenAnswer:
    """The status of a token that stopped a session. Opening hours and schedule are about starts only."""
    if not isinstance(token, Token):
        return TokenAnswer(may)
    if may is Authorization.ACCEPTED and not context.location.admission.admits(bearer):
        may = Authorization.INVALID
    return TokenAnswer(may, token.group, token.expires_at)


def answer_of(opened: TransactionOpened) -> StartAnswer:
    """The answer that was given when the transaction was opened."""
    return StartAnswer(opened.transaction, TokenAnswer(opened.authorization, opened.group, opened.expires_at))
