"""A charger with its location at one instant, and the answers it gets about tokens."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from eosvolt.domain.charge_points.descriptions import Description
from eosvolt.domain.charge_points.events import TransactionOpened
from eosvolt.domain.charge_points.state import Registered
from eosvolt.domain.locations.decider import Location
from eosvolt.domain.sessions.events import Place
from eosvolt.domain.tariffs.tariff import Tariff
from eosvolt.domain.tokens.decider import Token, TokenState
from eosvolt.domain.tokens.events import Authorization
from eosvolt.domain.tokens.uid import folded


class TokenAnswer(msgspec.Struct, frozen=True):
    """The answer to a charger about a token."""

    authorization: Authorization
    group: str = ""
    expires_at: datetime | None = None


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


def answer_about(
    token: TokenState, context: ChargePointContext, uid: str, may: Authorization, at: datetime | None = None
) -> TokenAnswer:
    """The status of a token now or at an instant. Private locations admit only the tokens that they list."""
    if not isinstance(token, Token):
        return TokenAnswer(may)
    if may is Authorization.ACCEPTED and not context.location.admits(uid, token.group, at):
        may = Authorization.INVALID
    return TokenAnswer(may, token.group, token.expires_at)


def answer_of(opened: TransactionOpened) -> StartAnswer:
    """The answer that was given when the transaction was opened."""
    return StartAnswer(opened.transaction, TokenAnswer(opened.authorization, opened.group, opened.expires_at))
