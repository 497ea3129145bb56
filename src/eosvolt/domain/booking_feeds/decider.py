"""The rules of a location's booking feed: one secret at a time, and a new one replaces the former."""

from collections.abc import Sequence
from typing import assert_never

import msgspec

from eosvolt.domain.booking_feeds.commands import BookingFeedCommand, IssueBookingFeed, WithdrawBookingFeed
from eosvolt.domain.booking_feeds.events import BookingFeedEvent, BookingFeedIssued, BookingFeedWithdrawn
from eosvolt.domain.kernel import Decider


class NoBookingFeed(msgspec.Struct, frozen=True):
    """The bookings of the location have no secret address."""


class BookingFeed(msgspec.Struct, frozen=True):
    """The bookings of the location have one; ``digest`` is the SHA-256 of its secret in hex."""

    digest: str


BookingFeedState = NoBookingFeed | BookingFeed


def decide(command: BookingFeedCommand, feed: BookingFeedState) -> Sequence[BookingFeedEvent]:
    """What happens."""
    match command, feed:
        case IssueBookingFeed(digest=digest), BookingFeed(digest=known) if digest == known:
            return []
        case IssueBookingFeed(company=company, location=location, digest=digest, at=at), _:
            return [BookingFeedIssued(company=company, location=location, digest=digest, at=at)]
        case WithdrawBookingFeed(at=at), BookingFeed():
            return [BookingFeedWithdrawn(at=at)]
        case _:
            return []


def evolve(_: BookingFeedState, event: BookingFeedEvent) -> BookingFeedState:
    """The feed after ``event``."""
    match event:
        case BookingFeedIssued(digest=digest):
            return BookingFeed(digest)
        case BookingFeedWithdrawn():
            return NoBookingFeed()
        case _:
            assert_never(event)


booking_feeds: Decider[BookingFeedCommand, BookingFeedState, BookingFeedEvent] = Decider(
    "booking-feed", NoBookingFeed(), decide, evolve
)
