"""A person's own account: its passwords, web sessions and links, all of it outside the history."""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from eosvolt.application.access import LONGEST_PASSWORD, SHORTEST_PASSWORD
from eosvolt.domain.kernel import Rejected

# How long a link to set another password is valid.
RESET_LASTS = timedelta(hours=1)


class WebSession(msgspec.Struct, frozen=True, kw_only=True):
    """A browser that is signed in; ``current``: the one that asks. ``last_seen_at`` is to the minute."""

    id: str
    address: str
    agent: str
    opened_at: datetime
    last_seen_at: datetime
    current: bool


class LinkState(StrEnum):
    """Whether a single-use link can be used."""

    VALID = "valid"
    USED = "used"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


def refuse_link(state: LinkState) -> None:
    """Raise ``Rejected`` with the reason unless the link can be used."""
    match state:
        case LinkState.VALID:
            return
        case LinkState.USED:
            raise Rejected("This link was used already.")
        case LinkState.EXPIRED:
            raise Rejected("This link has expired.")
        case LinkState.UNKNOWN:
            raise Rejected("This link is not valid.")


def check_password(password: str) -> None:
    """Raise ``Rejected`` for a password that is too short or too long."""
    if len(password) < SHORTEST_PASSWORD:
        raise Rejected(f"A password has at least {SHORTEST_PASSWORD} characters.")
    if len(password) > LONGEST_PASSWORD:
        raise Rejected(f"A password has at most {LONGEST_PASSWORD} characters.")
