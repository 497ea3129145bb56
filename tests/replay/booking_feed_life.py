"""A history with a location's booking feed: the source of the golden stream ``0024-booking-feeds``."""

from eosvolt.domain.booking_feeds.commands import BookingFeedCommand, IssueBookingFeed, WithdrawBookingFeed
from eosvolt.domain.booking_feeds.decider import booking_feeds
from tests.examples import COMPANY, LOCATION, after
from tests.scenario import WHY, Scenario


async def booking_feed_life() -> Scenario:
    """A secret address that is replaced and then withdrawn."""
    s = Scenario()
    commands: tuple[BookingFeedCommand, ...] = (
        IssueBookingFeed(company=COMPANY, location=LOCATION, digest="a1" * 32, at=after(0)),
        IssueBookingFeed(company=COMPANY, location=LOCATION, digest="b2" * 32, at=after(10)),
        WithdrawBookingFeed(at=after(20)),
    )
    for command in commands:
        await s.application.execute(booking_feeds, LOCATION, command, WHY)
    return s
