"""What bookings say of a start: whether it is the booker's, or at a time that somebody else has booked."""

from collections.abc import Iterable
from datetime import datetime

from eosvolt.application.booking_slots import plugs_of
from eosvolt.application.executor import Application
from eosvolt.domain.bookings.booker import bookers
from eosvolt.domain.bookings.calendar import Calendar, TakenTime, calendars
from eosvolt.domain.bookings.commands import BeginBooking
from eosvolt.domain.bookings.decider import bookings
from eosvolt.domain.bookings.events import BookerBound
from eosvolt.domain.bookings.slots import SlotPlan
from eosvolt.domain.bookings.starts import NOT_BOOKED, BookedStart, start_refusal
from eosvolt.domain.bookings.values import Booker
from eosvolt.domain.charge_points.state import Registered
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.locations.decider import Location
from eosvolt.domain.tokens.bearer import TokenBearer
from eosvolt.domain.tokens.refusal import StartRefusal


async def booked_start(
    application: Application,
    charger: Registered,
    location: Location,
    connector: int,
    bearer: TokenBearer,
    at: datetime,
) -> BookedStart:
    """What bookings say of a start on a plug at an instant; ``connector`` 0: on whichever plug.

    Where the plug is not known, a booking of any of them is enough, and all have to be taken.
    """
    if not location.was_bookable:
        return NOT_BOOKED
    plugs = [plug for plug in plugs_of(charger) if connector in {0, plug.connector}]
    known = [(plug, await application.state(calendars, plug.key(charger.company))) for plug in plugs]
    for plug, calendar in known:
        own = _own(calendar, bearer, at)
        if own is not None:
            return BookedStart(own.booking, plug)
    for bound in await _bound(application, charger.company, bearer):
        if not _may_begin(bound, location.location, at):
            continue
        for plug, calendar in known:
            if plug.replaces(bound.plug) and _is_free(calendar, bound, at):
                return BookedStart(bound.booking, plug)
    taken = [calendar.covering(at) for _, calendar in known]
    others = [each for each in taken if each is not None and not each.booker.is_bearer(bearer)]
    return BookedStart(taken=bool(known) and len(others) == len(known))


def refusal_with_bookings(
    location: Location,
    bearer: TokenBearer,
    booked: BookedStart,
    at: datetime,
    listed_at: datetime | None = None,
) -> StartRefusal | None:
    """Why a token may not begin to charge at a location; ``listed_at``: see ``Location.refusal``."""
    usual = location.refusal(bearer, at, listed_at)
    hours, zone = location.access.opening_hours, location.tariff_at(at).time_zone
    return start_refusal(usual, booked, SlotPlan(location.booking_at(at), hours, zone), at)


def begun(
    booked: BookedStart, session: int, at: datetime, received_at: datetime
) -> Iterable[CommandEnvelope]:
    """The command by which a session is one of its booking."""
    if booked.booking and booked.plug is not None:
        begin = BeginBooking(session=str(session), plug=booked.plug, at=at, received_at=received_at)
        yield CommandEnvelope(bookings, booked.booking, begin)


def _own(calendar: Calendar, bearer: TokenBearer, at: datetime) -> TakenTime | None:
    """The bearer's booking of this plug that may begin; before its slots only where nobody else's goes on."""
    own = next((each for each in calendar.beginning(at) if each.booker.is_bearer(bearer)), None)
    if own is None or at >= own.since:
        return own
    other = calendar.covering(at)
    return own if other is None or at >= other.until else None


async def _bound(application: Application, company: int, bearer: TokenBearer) -> list[BookerBound]:
    """The bookings of a bearer that may begin at any plug of their kind."""
    keys = [Booker(token=bearer.token).key]
    if bearer.customer:
        keys.append(Booker(customer=bearer.customer).key)
    found: list[BookerBound] = []
    for key in keys:
        found += (await application.state(bookers, f"{company}/{key}")).bound
    return [each for each in found if each.any_plug and each.held_until is None]


def _may_begin(bound: BookerBound, location: str, at: datetime) -> bool:
    return bound.location == location and bound.begins_from <= at < bound.until


def _is_free(calendar: Calendar, bound: BookerBound, at: datetime) -> bool:
    """Whether a booking of another plug can have its time on this one."""
    since = min(at, bound.since)
    return calendar.taken(since, bound.until, bound.buffer_minutes, at, bound.booking) is None
