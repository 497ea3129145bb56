"""The tariff that applies is the one in force when the car began to charge, whenever we hear of it."""

from eosvolt.domain.sessions.events import SessionStarted
from tests.examples import FLAT_TARIFF, TARIFF_PER_MINUTE, after
from tests.scenario import Scenario


async def test_a_session_learnt_late_has_the_tariff_that_was_in_force_at_its_start() -> None:
    # ocpi #165, #273, #326.
    s = await Scenario().opened(FLAT_TARIFF)
    await s.disconnects(0)
    s.clock.set(after(100))
    await s.reprices(TARIFF_PER_MINUTE)
    await s.connects(200)
    number = (await s.starts(10, 1000, received=201)).transaction
    await s.stops(70, number, 11_000, received=201)
    assert s.session(number).charging_gross == 500
    later = (await s.starts(110, 11_000, received=202)).transaction
    await s.stops(120, later, 12_000, received=202)
    assert s.session(later).charging_gross == 100


async def test_a_clock_that_is_wrong_gives_nobody_another_tariff() -> None:
    s = await Scenario().opened(FLAT_TARIFF)
    s.clock.set(after(100))
    await s.reprices(TARIFF_PER_MINUTE)
    s.known_clock_offset_s = -7200
    s.ahead = after(-120) - after(0)
    number = (await s.starts(110, 1000)).transaction
    (started,) = s.events(SessionStarted)
    assert isinstance(started.event, SessionStarted)
    assert started.event.tariff == TARIFF_PER_MINUTE
    assert started.key == str(number)


async def test_what_a_stop_without_its_start_is_kept_with_is_of_its_own_time() -> None:
    s = await Scenario().opened(FLAT_TARIFF)
    s.clock.set(after(100))
    await s.reprices(TARIFF_PER_MINUTE)
    await s.stops(70, -1, 11_000, received=101)
    number = (await s.starts(10, 1000, received=102)).transaction
    assert s.session(number).charging_gross == 500
