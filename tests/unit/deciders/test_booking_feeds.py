"""The bookings of a location have one secret address at a time."""

from eosvolt.domain.booking_feeds.commands import IssueBookingFeed, WithdrawBookingFeed
from eosvolt.domain.booking_feeds.decider import booking_feeds
from eosvolt.domain.booking_feeds.events import BookingFeedIssued, BookingFeedWithdrawn
from tests.examples import COMPANY, LOCATION, MORNING, after
from tests.rule import Rule

ISSUED = BookingFeedIssued(company=COMPANY, location=LOCATION, digest="d1", at=MORNING)
WITHDRAWN = BookingFeedWithdrawn(at=after(10))
AGAIN = IssueBookingFeed(company=COMPANY, location=LOCATION, digest="d2", at=after(20))


def test_a_secret_address_is_issued() -> None:
    issue = IssueBookingFeed(company=COMPANY, location=LOCATION, digest="d1", at=MORNING)
    Rule(booking_feeds).when(issue).then(ISSUED)


def test_a_new_address_replaces_the_former() -> None:
    Rule(booking_feeds).given(ISSUED).when(AGAIN).then(
        BookingFeedIssued(company=COMPANY, location=LOCATION, digest="d2", at=after(20))
    )


def test_an_address_is_withdrawn_once() -> None:
    Rule(booking_feeds).given(ISSUED).when(WithdrawBookingFeed(at=after(10))).then(WITHDRAWN)
    Rule(booking_feeds).given(ISSUED, WITHDRAWN).when(WithdrawBookingFeed(at=after(20))).then()
    Rule(booking_feeds).when(WithdrawBookingFeed(at=after(10))).then()


def test_a_withdrawn_address_is_followed_by_a_new_one() -> None:
    Rule(booking_feeds).given(ISSUED, WITHDRAWN).when(AGAIN).then(
        BookingFeedIssued(company=COMPANY, location=LOCATION, digest="d2", at=after(20))
    )
