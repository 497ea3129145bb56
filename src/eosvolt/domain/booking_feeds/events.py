"""The events of a location's booking feed. Who issued or withdrew it is in the provenance of its facts."""

from datetime import datetime

from eosvolt.domain.kernel import Event


class BookingFeedIssued(Event, frozen=True, tag="booking-feed-issued"):
    """The bookings of a location have a secret address from now on; one of before leads nowhere.

    ``digest`` is the SHA-256 of the secret in hex. The secret itself is shown once and not kept.
    """

    company: int
    location: str
    digest: str
    at: datetime


class BookingFeedWithdrawn(Event, frozen=True, tag="booking-feed-withdrawn"):
    """The bookings of the location have no secret address any more."""

    at: datetime


BookingFeedEvent = BookingFeedIssued | BookingFeedWithdrawn
