"""Why a token may not begin to charge: codes, which the history keeps instead of sentences."""

from enum import StrEnum

from eosvolt.domain.tokens.events import Authorization


class StartRefusal(StrEnum):
    """What stands against it: the token itself, or the rules of the location."""

    UNKNOWN_TOKEN = "unknownToken"  # noqa: S105 - no password
    BLOCKED = "blocked"
    EXPIRED = "expired"
    CONCURRENT = "concurrent"
    # The location: outside its opening hours, not on its list, open to bookings only, or booked by another.
    CLOSED = "closed"
    NOT_LISTED = "notListed"
    BOOKINGS_ONLY = "bookingsOnly"
    BOOKED = "booked"


_OF_TOKEN = {
    Authorization.INVALID: StartRefusal.UNKNOWN_TOKEN,
    Authorization.BLOCKED: StartRefusal.BLOCKED,
    Authorization.EXPIRED: StartRefusal.EXPIRED,
    Authorization.CONCURRENT: StartRefusal.CONCURRENT,
}


def of_token(authorization: Authorization) -> StartRefusal | None:
    """What a token's own status has against it; ``None`` for an accepted one."""
    return _OF_TOKEN.get(authorization)
