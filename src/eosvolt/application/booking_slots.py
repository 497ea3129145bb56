"""The plugs of a location with their calendars: which slots are free, for drivers, operators and moves.

What is shown and what can be booked is one answer: ``free_plugs``.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from eosvolt.application.executor import Application
from eosvolt.application.ports import Estate
from eosvolt.domain.bookings.booker import bookers
from eosvolt.domain.bookings.calendar import TAKEN, Calendar, TakenTime, calendars
from eosvolt.domain.bookings.decider import LOOK_AHEAD
from eosvolt.domain.bookings.slots import Slot, SlotPlan
from eosvolt.domain.bookings.values import BookedPlug, Booker, BookingCancelReason
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.charge_points.state import Registered, known
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.locations.decider import Location
from eosvolt.domain.money import Money

_OUT_OF_ORDER = frozenset({ConnectorStatus.FAULTED, ConnectorStatus.UNAVAILABLE})


class SlotOffer(msgspec.Struct, frozen=True):
    """A slot that can be booked, with the plugs that are free then; none where all are taken.

    ``fee`` is what it costs to book it now, gross; ``None`` without a fee.
    """

    since: datetime
    until: datetime
    free: tuple[BookedPlug, ...]
    fee: Money | None = None


class PlugChoice(msgspec.Struct, frozen=True):
    """Which plugs of a location may be meant; empty fields do not restrict."""

    charger: str = ""
    plug: int = 0
    type: str = ""
    min_power_w: int = 0

    def means(self, plug: BookedPlug) -> bool:
        """Whether a plug is one of them."""
        return (
            self.charger in {"", plug.charge_point}
            and self.plug in {0, plug.connector}
            and self.type in {"", plug.type}
            and plug.max_power_w >= self.min_power_w
        )


class PlugAtLocation(NamedTuple):
    """A plug with its calendar. ``failure``: why it cannot charge now."""

    plug: BookedPlug
    calendar: Calendar
    failure: BookingCancelReason | None


def slot_plan(place: Location) -> SlotPlan:
    """What the slots of a location follow from now."""
    return SlotPlan(place.booking, place.access.opening_hours, place.tariff.time_zone)


def plugs_of(charger: Registered) -> list[BookedPlug]:
    """The plugs of a charger, as its operator described them."""
    described = {spec.number: spec for spec in charger.connectors}
    return [
        BookedPlug(
            charger.charge_box_id,
            number,
            described[number].type if number in described else "",
            described[number].max_power_w if number in described else 0,
        )
        for number in charger.numbers()
    ]


def failure_of(charger: Registered | None, location: str, connector: int) -> BookingCancelReason | None:
    """Why a booked plug cannot charge now; ``None`` where it can, as far as we know.

    A connection that was lost only just now is no failure: it may come back.
    """
    if charger is None or charger.disabled or charger.location != location:
        return BookingCancelReason.BY_OPERATOR
    if connector not in charger.numbers():
        return BookingCancelReason.BY_OPERATOR
    if charger.silent or charger.since is None:
        return BookingCancelReason.CHARGER_OFFLINE
    states = (charger.plugs.get(number) for number in (0, connector))
    if any(state is not None and state.status in _OUT_OF_ORDER for state in states):
        return BookingCancelReason.CHARGER_FAULT
    return None


async def plugs_at(
    application: Application, company: int, location: str, keys: Sequence[str], choice: PlugChoice
) -> list[PlugAtLocation]:
    """Those of the plugs of some chargers that stand at a location and are meant, in order."""
    chargers = [known(each) for each in await application.states(charge_points, keys)]
    here = [
        each
        for each in chargers
        if each is not None and (each.company, each.location) == (company, location) and not each.disabled
    ]
    meant = [(charger, plug) for charger in here for plug in plugs_of(charger) if choice.means(plug)]
    known_calendars = await application.states(calendars, [plug.key(company) for _, plug in meant])
    return [
        PlugAtLocation(plug, calendar, failure_of(charger, location, plug.connector))
        for (charger, plug), calendar in zip(meant, known_calendars, strict=True)
    ]


def free_plugs(
    plugs: Iterable[PlugAtLocation], slot: Slot, buffer_minutes: int, now: datetime, *besides: str
) -> tuple[BookedPlug, ...]:
    """The plugs that can be booked for a time now; what the bookings ``besides`` have is free for them.

    A plug that fails now can be booked for later.
    """
    return tuple(
        each.plug
        for each in working_plugs(plugs, slot.since, now)
        if each.calendar.taken(slot.since, slot.until, buffer_minutes, now, *besides) is None
    )


def working_plugs(plugs: Iterable[PlugAtLocation], since: datetime, now: datetime) -> list[PlugAtLocation]:
    """The plugs that can charge from ``since`` on, as far as we know: what fails now may work again later."""
    soon = since <= now + LOOK_AHEAD
    return [each for each in plugs if not (soon and each.failure is not None)]


def why_not_free(plugs: Iterable[PlugAtLocation], slot: Slot, now: datetime) -> str:
    """The sentence about a time for which ``free_plugs`` finds no plug."""
    soon = slot.since <= now + LOOK_AHEAD
    if soon and all(each.failure is not None for each in plugs):
        return "This plug does not work at the moment: choose a later slot."
    return TAKEN


async def holds_of(application: Application, company: int, booker: Booker) -> list[str]:
    """The ids of what is held for a driver."""
    bound = (await application.state(bookers, f"{company}/{booker.key}")).bound
    return [each.booking for each in bound if each.held_until is not None]


async def chosen_plugs(
    application: Application, estate: Estate, company: int, location: str, choice: PlugChoice
) -> list[PlugAtLocation]:
    """The plugs of a location that are meant, in order."""
    if choice.charger:
        keys: Sequence[str] = (f"{company}/{choice.charger}",)
    else:
        keys = await estate.charge_points_at(company, location)
    return await plugs_at(application, company, location, keys, choice)


async def next_booking(
    application: Application, company: int, charger: str, plug: int, now: datetime
) -> TakenTime | None:
    """The next booked time of a plug, for whoever begins there on demand before it; ``None`` without one."""
    calendar = await application.state(calendars, f"{company}/{charger}/{plug}")
    return calendar.next_after(now)


async def check_not_booked(application: Application, charger: Registered, now: datetime) -> None:
    """Raise ``Rejected`` if a plug of a charger has bookings that are not over."""
    for plug in plugs_of(charger):
        calendar = await application.state(calendars, plug.key(charger.company))
        if calendar.is_booked(now):
            raise Rejected("This charger still has bookings: move or cancel them first.")
