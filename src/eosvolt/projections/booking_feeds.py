"""The secret address of each location's bookings: the question of whoever asks there."""

from collections.abc import Iterable
from datetime import datetime

from eosvolt.domain.booking_feeds.events import BookingFeedIssued, BookingFeedWithdrawn
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class BookingFeedRow(Row, frozen=True, kw_only=True):
    """The feed of a location: the SHA-256 of its secret in hex, and the actor who issued it."""

    location: str
    company: int
    digest: str
    issued_at: datetime
    by: str


def keys(fact: Fact) -> Iterable[str]:
    """The location."""
    return (fact.key,)


def apply(row: BookingFeedRow | None, fact: Fact, key: str) -> BookingFeedRow | None:
    """The feed after the fact; none once it is withdrawn."""
    match fact.event:
        case BookingFeedIssued(company=company, digest=digest, at=at):
            return BookingFeedRow(location=key, company=company, digest=digest, issued_at=at, by=fact.why.by)
        case BookingFeedWithdrawn():
            return None
        case _:
            return row


booking_feeds = ReadModel(
    name="booking_feeds",
    version=1,
    row=BookingFeedRow,
    reads=tags(BookingFeedIssued, BookingFeedWithdrawn),
    keys=keys,
    apply=apply,
    indexes=("company",),
)
