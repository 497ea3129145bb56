"""The commands of a location's booking feed."""

from datetime import datetime

from eosvolt.domain.kernel import Command


class IssueBookingFeed(Command, frozen=True):
    """Give the bookings of a location a secret address, by the SHA-256 of the secret in hex."""

    company: int
    location: str
    digest: str
    at: datetime


class WithdrawBookingFeed(Command, frozen=True):
    """Let the secret address lead nowhere."""

    at: datetime


BookingFeedCommand = IssueBookingFeed | WithdrawBookingFeed
