"""Operations on the secret address at which calendar programs read a location's bookings."""

from collections.abc import Collection
from typing import Any

from eosvolt.application.executor import Plan
from eosvolt.application.operations.locations import known_location
from eosvolt.application.operations.operation import Input, Operation, OperationContext, operation_at
from eosvolt.application.permissions import Action, Permission, ProductArea
from eosvolt.domain.booking_feeds.commands import IssueBookingFeed, WithdrawBookingFeed
from eosvolt.domain.booking_feeds.decider import booking_feeds
from eosvolt.domain.kernel import CommandEnvelope

VIEW = Permission(Action.VIEW, ProductArea.BOOKINGS)
_EDIT = Permission(Action.EDIT, ProductArea.BOOKINGS)


class BookingFeedIssue(Input, frozen=True, kw_only=True):
    """The location, and the SHA-256 of the new secret in hex; the secret itself is not stored."""

    location: str
    digest: str


class BookingFeedEnd(Input, frozen=True, kw_only=True):
    """The location whose bookings are to have no secret address any more."""

    location: str


async def _at(_: OperationContext, wanted: BookingFeedIssue | BookingFeedEnd) -> Collection[str]:
    return (wanted.location,)


@operation_at(_EDIT, _at)
async def issue(context: OperationContext, wanted: BookingFeedIssue) -> Plan[None]:
    """Give the bookings of a location a new secret address. The one of before leads nowhere from then on."""
    await known_location(context, wanted.location)
    command = IssueBookingFeed(
        company=context.company, location=wanted.location, digest=wanted.digest, at=context.at
    )
    return Plan((CommandEnvelope(booking_feeds, wanted.location, command),), None)


@operation_at(_EDIT, _at)
async def withdraw(context: OperationContext, wanted: BookingFeedEnd) -> Plan[None]:
    """Let the secret address of a location's bookings lead nowhere."""
    await known_location(context, wanted.location)
    command = WithdrawBookingFeed(at=context.at)
    return Plan((CommandEnvelope(booking_feeds, wanted.location, command),), None)


OPERATIONS: tuple[Operation[Any, Any], ...] = (issue, withdraw)
