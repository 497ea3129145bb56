"""Starts at plugs that are booked: the booker's, everybody else's, and those that nobody could refuse."""

import pytest

from eosvolt.domain.bookings.events import BookingBegan, BookingMoved
from eosvolt.domain.bookings.values import BookingStatus
from eosvolt.domain.charge_points.commands import AddChargePoint
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.locations.access import AccessRules, AccessWindow, Who
from eosvolt.domain.locations.commands import ChangeLocation
from eosvolt.domain.locations.decider import locations
from eosvolt.domain.locations.opening_hours import OpenRange
from eosvolt.domain.refusals.events import StartRefused
from eosvolt.domain.sessions.events import SessionStarted
from eosvolt.domain.tokens.events import Authorization
from tests.examples import CHARGE_POINT, COMPANY, DETAILS, LOCATION, TOKEN, TWO_PLUGS, after
from tests.scenario import WHY
from tests.unit.bookings.booking_site import OTHER, PLUG_2, BookingSite

ACCEPTED, INVALID = Authorization.ACCEPTED, Authorization.INVALID


async def asks(s: BookingSite, minutes: float, token: str) -> Authorization:
    s.clock.set(after(minutes))
    return (await s.charging.authorized(CHARGE_POINT, token)).authorization


def reasons(s: BookingSite) -> list[str]:
    return [event.reason for event in s.happened(StartRefused)]


async def test_the_booker_starts_in_the_booked_slot_and_the_booking_is_active() -> None:
    s = await BookingSite().bookable()
    await s.books(60)
    answer = await s.starts(61)
    assert answer.token.authorization is ACCEPTED
    (began,) = s.happened(BookingBegan)
    assert (began.session, began.at) == (str(answer.transaction), after(61))
    assert await s.status() is BookingStatus.ACTIVE
    (started,) = s.happened(SessionStarted)
    assert (started.type, started.booking) == ("booking", "b1")


async def test_a_start_by_anybody_else_in_the_slot_is_refused_with_a_reason() -> None:
    s = await BookingSite().bookable()
    await s.books(60)
    answer = await s.starts(61, token=OTHER)
    assert answer.token.authorization is INVALID
    assert reasons(s) == ["booked"]
    assert "booked" in s.session(answer.transaction).flags
    assert await s.status() is BookingStatus.BOOKED


async def test_a_card_is_refused_before_it_starts_only_where_all_plugs_are_booked_by_others() -> None:
    s = await BookingSite().bookable()
    await s.books(60)
    assert await asks(s, 61, OTHER) is ACCEPTED
    await s.token("THIRD")
    await s.books(120, "b2", token="THIRD")
    await s.token("FOURTH")
    await s.books(120, "b3", token="FOURTH", plug=2)
    assert await asks(s, 121, OTHER) is INVALID
    assert await asks(s, 122, "FOURTH") is ACCEPTED
    assert reasons(s) == ["booked"]


async def test_nobody_else_starts_in_the_minutes_that_are_kept_free_after_a_booking() -> None:
    s = await BookingSite().bookable(buffer_minutes=15)
    await s.books(60)
    first = await s.starts(61)
    await s.stops(119, first.transaction, 2000)
    await s.reports(119.5, "Available")
    await s.passes(121)
    await s.token("THIRD")
    assert (await s.starts(130, token="THIRD", meter=2000)).token.authorization is INVALID
    assert (await s.starts(136, token=OTHER, meter=2000)).token.authorization is ACCEPTED


async def test_to_the_booker_they_are_not_booked_by_another() -> None:
    s = await BookingSite().bookable(buffer_minutes=15)
    await s.books(60)
    first = await s.starts(61)
    await s.stops(119, first.transaction, 2000)
    await s.reports(119.5, "Available")
    await s.passes(121)
    assert (await s.starts(125, meter=2000)).token.authorization is ACCEPTED
    assert reasons(s) == []


async def test_before_and_after_the_slot_everybody_may_start_where_both_share_the_frame() -> None:
    s = await BookingSite().bookable(mix_mode=True)
    await s.books(60)
    answer = await s.starts(10, token=OTHER)
    assert answer.token.authorization is ACCEPTED
    assert reasons(s) == []


async def test_with_mix_mode_off_nobody_starts_within_the_frame_without_a_booking() -> None:
    s = await BookingSite().bookable(mix_mode=False, frame=OpenRange(12 * 60, 15 * 60))
    await s.books(60)
    assert await asks(s, 30, OTHER) is ACCEPTED
    assert (await s.starts(70, token=OTHER, plug=2)).token.authorization is INVALID
    assert reasons(s) == ["bookingsOnly"]
    assert (await s.starts(71)).token.authorization is ACCEPTED
    assert await asks(s, 240, OTHER) is ACCEPTED


async def test_the_booker_starts_while_the_location_is_open_to_bookings_only() -> None:
    s = await BookingSite().bookable()
    nobody = AccessWindow(weekdays=tuple(range(7)), starts=0, ends=1440, who=Who.NOBODY)
    change = ChangeLocation(at=after(0), details=DETAILS, access=AccessRules(schedule=(nobody,)))
    await s.application.execute(locations, LOCATION, change, WHY)
    await s.books(60)
    assert (await s.starts(61)).token.authorization is ACCEPTED
    assert (await s.starts(62, token=OTHER, plug=2)).token.authorization is INVALID


async def test_the_booker_starts_early_where_the_plug_is_free() -> None:
    s = await BookingSite().bookable(early_start_minutes=10, mix_mode=False)
    await s.books(60)
    assert await asks(s, 49, TOKEN) is INVALID
    assert (await s.starts(50)).token.authorization is ACCEPTED
    assert await s.status() is BookingStatus.ACTIVE


async def test_nobody_starts_early_in_the_time_of_the_booking_before() -> None:
    s = await BookingSite().bookable(early_start_minutes=10)
    await s.books(0, token=OTHER)
    await s.books(60, "b2")
    assert (await s.starts(52)).token.authorization is INVALID
    assert reasons(s) == ["booked"]


async def test_a_start_before_the_early_minutes_is_on_demand() -> None:
    s = await BookingSite().bookable(early_start_minutes=10)
    await s.books(60)
    await s.starts(20)
    assert await s.status() is BookingStatus.BOOKED
    (started,) = s.happened(SessionStarted)
    assert (started.type, started.booking) == ("onDemand", "")


async def test_who_booked_any_plug_may_start_at_another_one_of_the_kind() -> None:
    s = await BookingSite().bookable()
    await s.books(60, plug=0)
    answer = await s.starts(61, plug=2)
    assert answer.token.authorization is ACCEPTED
    (moved,) = s.happened(BookingMoved)
    assert (moved.plug, moved.reason) == (PLUG_2, None)
    assert await s.status() is BookingStatus.ACTIVE
    # The plug that was kept before is free for the others.
    assert (await s.starts(62, plug=1, token=OTHER)).token.authorization is ACCEPTED


async def test_who_booked_any_plug_does_not_start_at_one_that_another_has_booked() -> None:
    s = await BookingSite().bookable()
    await s.books(60, plug=0)
    await s.books(60, "b2", token=OTHER, plug=2)
    assert (await s.starts(61, plug=2)).token.authorization is INVALID


async def test_the_booker_may_start_again_within_the_slot() -> None:
    s = await BookingSite().bookable()
    await s.books(60)
    first = await s.starts(61)
    await s.stops(70, first.transaction, 2000)
    await s.reports(71, "Available")
    assert (await s.starts(72, token=OTHER, meter=2000)).token.authorization is INVALID
    await s.passes(73)
    again = await s.starts(75, meter=2000)
    assert again.token.authorization is ACCEPTED
    assert len(s.happened(BookingBegan)) == 2
    assert await s.status() is BookingStatus.ACTIVE


async def test_a_remote_start_of_somebody_else_is_refused_with_the_reason() -> None:
    s = await BookingSite().bookable()
    await s.books(60)
    s.clock.set(after(61))
    payload = {"plug": 1, "token": OTHER}
    with pytest.raises(Rejected, match="Another driver has booked"):
        await s.commands.request(COMPANY, CHARGE_POINT, "remoteStart", payload, "admin:a1")
    await s.commands.request(COMPANY, CHARGE_POINT, "remoteStart", {"plug": 1, "token": TOKEN}, "admin:a1")


async def test_a_session_that_a_charger_began_while_it_was_away_is_kept_and_flagged() -> None:
    s = await BookingSite().bookable()
    await s.books(60)
    await s.disconnects(30)
    await s.connects(200)
    answer = await s.starts(70, token=OTHER, received=201)
    await s.stops(90, answer.transaction, 3000, received=201)
    row = s.session(answer.transaction)
    assert row.energy_wh == 2000
    assert "booked" in row.flags
    assert reasons(s) == ["booked"]


async def test_the_booker_charged_while_the_charger_was_away_and_it_is_no_no_show() -> None:
    s = await BookingSite().bookable(auto_cancel_minutes=15)
    await s.books(60)
    await s.starts(200, plug=2, token=OTHER)
    await s.passes(100)
    assert await s.status() is BookingStatus.NO_SHOW
    answer = await s.starts(70, received=201)
    assert "booked" not in s.session(answer.transaction).flags
    assert await s.status() is BookingStatus.ACTIVE
    await s.stops(90, answer.transaction, 3000, received=202)
    await s.passes(210)
    assert await s.status() is BookingStatus.COMPLETED


async def test_a_plug_of_another_charger_of_the_kind_will_do() -> None:
    s = await BookingSite().bookable()
    add = AddChargePoint(
        company=COMPANY, charge_box_id="CP-2", location=LOCATION, connectors=TWO_PLUGS[:1], at=after(0)
    )
    await s.application.execute(charge_points, f"{COMPANY}/CP-2", add, WHY)
    offers = await s.offers()
    assert [plug.charge_point for plug in offers[3].free] == ["CP-1", "CP-1", "CP-2"]


async def test_a_start_at_another_plug_keeps_the_minutes_with_which_it_was_booked() -> None:
    s = await BookingSite().bookable(buffer_minutes=30)
    await s.books(60, plug=0)
    await s.books(180, "b2", token=OTHER, plug=2)
    await s.ruled(buffer_minutes=0)
    # Longer, under the old rules: until half an hour after its end nobody else has the plug.
    await s.extends(2)
    answer = await s.starts(61, plug=2)
    assert answer.token.authorization is ACCEPTED
    assert await s.status() is BookingStatus.BOOKED
    assert s.happened(BookingMoved) == []
