"""A plug that is held for somebody: until they come, cancel, or do not."""

from typing import Any

import pytest

from eosvolt.domain.kernel import Rejected
from eosvolt.domain.maintenance.events import ReservationEnded, ReservationMade
from eosvolt.projections.device_resources import ReservationState, device_resources
from tests.examples import CHARGE_POINT, COMPANY, TOKEN, after
from tests.scenario import Scenario


async def send(s: Scenario, action: str, **payload: Any) -> None:
    await s.commands.request(COMPANY, CHARGE_POINT, action, payload, "admin:test")
    await s.delivers()


async def reserved(s: Scenario, until: float = 30, token: str = TOKEN, **more: Any) -> ReservationState:
    await send(s, "reserveNow", token=token, expiryDate=after(until).isoformat(), **more)
    return reservations(s)[0]


def reservations(s: Scenario) -> tuple[ReservationState, ...]:
    row = s.models.row(device_resources, CHARGE_POINT)
    return () if row is None else row.reservations


async def test_a_reservation_is_held_under_a_number_of_its_own() -> None:
    s = await Scenario().opened()
    held = await reserved(s, plug=1)
    assert (held.connector, held.token, held.ended) == (1, TOKEN, "")
    assert s.charger.requests[-1][1]["reservationId"] == held.reservation
    assert 0 < held.reservation < 2**31


async def test_a_refused_reservation_is_none() -> None:
    s = await Scenario().opened()
    s.charger.accepts = False
    await send(s, "reserveNow", token=TOKEN, expiryDate=after(30).isoformat())
    assert reservations(s) == ()


async def test_a_reservation_in_the_past_is_not_even_asked_for() -> None:
    s = await Scenario().opened()
    with pytest.raises(Rejected, match="in the future"):
        await send(s, "reserveNow", token=TOKEN, expiryDate=after(-30).isoformat())
    assert s.charger.requests == []


async def test_a_start_with_the_token_on_the_plug_uses_the_reservation() -> None:
    s = await Scenario().opened()
    held = await reserved(s, plug=1)
    await s.starts(5)
    ended = reservations(s)[0]
    assert (ended.reservation, ended.ended, ended.ended_at) == (held.reservation, "used", after(5))


async def test_a_start_with_another_token_or_on_another_plug_leaves_the_reservation() -> None:
    s = await Scenario().opened()
    await s.token("OTHER")
    await reserved(s, plug=1)
    await s.starts(5, token="OTHER")
    await s.starts(6, plug=2)
    assert reservations(s)[0].ended == ""


async def test_a_start_from_before_the_reservation_that_comes_late_leaves_it() -> None:
    s = await Scenario().opened()
    s.clock.set(after(60))
    await reserved(s, until=120, plug=1)
    await s.starts(5, received=61)
    assert reservations(s)[0].ended == ""


async def test_a_reservation_that_nobody_uses_expires_once() -> None:
    s = await Scenario().opened()
    await reserved(s, plug=1)
    await s.passes(29)
    assert reservations(s)[0].ended == ""
    await s.passes(31)
    assert reservations(s)[0].ended == "expired"
    await s.starts(32)
    assert len(s.events(ReservationEnded)) == 1


async def test_of_two_reservations_each_expires_at_its_own_time() -> None:
    s = await Scenario().opened()
    await reserved(s, until=10, plug=1)
    await reserved(s, until=20, plug=2, token="OTHER")
    assert len(s.events(ReservationMade)) == 2
    await s.passes(15)
    assert [each.ended for each in reservations(s)] == ["", "expired"]
    await s.passes(25)
    assert [each.ended for each in reservations(s)] == ["expired", "expired"]


async def test_a_cancelled_reservation_is_over() -> None:
    s = await Scenario().opened()
    held = await reserved(s, plug=1)
    await send(s, "cancelReservation", reservationId=held.reservation)
    assert reservations(s)[0].ended == "cancelled"
    await s.passes(60)
    assert len(s.events(ReservationEnded)) == 1
