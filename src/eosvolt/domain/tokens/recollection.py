"""A token's earlier terms, and when it charged: for sessions that are reported late."""

from datetime import datetime

import msgspec

from eosvolt.domain.tokens.events import TokenInUse, TokenReleased, TokenStatus

# More than a card that is not blocked has in weeks; of what is older only its sessions know.
USES_REMEMBERED, TERMS_REMEMBERED = 64, 64


class RecordedTerms(msgspec.Struct, frozen=True):
    """What the company says about a token, as far as it decides whether it may charge, and for whom."""

    status: TokenStatus
    group: str
    expires_at: datetime | None
    concurrent: bool
    customer: str = ""
    payment: str = ""


class Use(msgspec.Struct, frozen=True):
    """A session of the token, from ``since`` on; ``until`` is ``None`` while it lasts."""

    session: str
    since: datetime
    until: datetime | None = None

    def lasted_at(self, at: datetime) -> bool:
        """Whether it was under way at an instant."""
        return self.since <= at and (self.until is None or at < self.until)


def used(uses: tuple[Use, ...], event: TokenInUse) -> tuple[Use, ...]:
    """The token's sessions with one that began or, its end withdrawn, goes on."""
    known = next((use for use in uses if use.session == event.session), None)
    others = tuple(use for use in uses if use.session != event.session)
    return (*others, Use(event.session, event.at if known is None else known.since))[-USES_REMEMBERED:]


def released(uses: tuple[Use, ...], event: TokenReleased) -> tuple[Use, ...]:
    """The token's sessions once one of them is over."""
    return tuple(
        Use(use.session, use.since, event.at) if use.session == event.session else use for use in uses
    )
