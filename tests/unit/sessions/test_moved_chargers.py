"""A session learnt late is of the place, the plug and the card as they were when it began."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest

from eosvolt.domain.charge_points.commands import AddChargePoint, ChangeChargePoint, RemoveChargePoint
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import ConnectorSpec
from eosvolt.domain.locations.commands import AddLocation, ChangeLocation
from eosvolt.domain.locations.decider import locations
from eosvolt.domain.locations.events import Details, LocationType
from eosvolt.domain.sessions.events import SessionStarted
from eosvolt.domain.tokens.commands import PutToken
from eosvolt.domain.tokens.decider import tokens
from eosvolt.domain.tokens.events import Authorization, TokenStatus
from tests.examples import (
    CHARGE_BOX_ID,
    CHARGE_POINT,
    COMPANY,
    FLAT_TARIFF,
    LOCATION,
    TOKEN,
    TWO_PLUGS,
    after,
)
from tests.scenario import WHY, Scenario

ISLAND = "island"
ISLAND_TARIFF = msgspec.structs.replace(
    FLAT_TARIFF,
    currency="KWD",
    price=Decimal("5.00"),
    vat_rate=Decimal("0.07"),
    time_zone="Pacific/Chatham",
)
SLOW_PLUGS = (ConnectorSpec(number=1, type="iec62196T2", max_power_w=3_700), TWO_PLUGS[1])


async def moved(
    s: Scenario,
    minutes: float,
    location: str = ISLAND,
    connectors: tuple[ConnectorSpec, ...] = TWO_PLUGS,
) -> None:
    """The charger is described anew at so many minutes."""
    s.clock.set(after(minutes))
    if location == ISLAND:
        island = AddLocation(
            location=ISLAND,
            company=COMPANY,
            at=s.clock.now(),
            details=Details(name="Island"),
            tariff=ISLAND_TARIFF,
        )
        await s.application.execute(locations, ISLAND, island, WHY)
    change = ChangeChargePoint(
        location=location, connectors=connectors, at=s.clock.now(), has_password=False, disabled=False
    )
    await s.application.execute(charge_points, CHARGE_POINT, change, WHY)


async def away() -> Scenario:
    s = await Scenario().opened(FLAT_TARIFF)
    await s.disconnects(0)
    return s


def begun(s: Scenario, number: int) -> SessionStarted:
    (fact,) = [fact for fact in s.events(SessionStarted) if fact.key == str(number)]
    assert isinstance(fact.event, SessionStarted)
    return fact.event


async def test_a_session_of_before_the_move_is_of_the_place_where_the_charger_stood() -> None:
    s = await away()
    await moved(s, 100)
    await s.connects(200)
    number = (await s.starts(10, 1000, received=201)).transaction
    await s.stops(70, number, 11_000, received=201)
    row, start = s.session(number), begun(s, number)
    assert (row.location, row.time_zone, row.currency) == (LOCATION, "Europe/Berlin", "EUR")
    assert (start.place.location, start.tariff) == (LOCATION, FLAT_TARIFF)
    assert row.charging_gross == 500
    later = (await s.starts(110, 11_000, received=202)).transaction
    await s.stops(120, later, 12_000, received=202)
    row, start = s.session(later), begun(s, later)
    assert (row.location, row.time_zone, row.currency) == (ISLAND, "Pacific/Chatham", "KWD")
    assert (start.tariff, row.charging_gross) == (ISLAND_TARIFF, 5_000)


async def test_of_several_moves_the_place_between_the_two_around_the_start_counts() -> None:
    s = await away()
    await moved(s, 100)
    await moved(s, 150, LOCATION)
    await s.connects(200)
    for began, place in ((20, LOCATION), (100, ISLAND), (140, ISLAND), (150, LOCATION)):
        number = (await s.starts(began, 1000 + began, received=201)).transaction
        assert begun(s, number).place.location == place


async def test_a_charger_that_was_removed_and_added_elsewhere_stood_where_it_stood() -> None:
    s = await away()
    s.clock.set(after(90))
    await s.application.execute(charge_points, CHARGE_POINT, RemoveChargePoint(at=after(90)), WHY)
    add = AddLocation(
        location=ISLAND, company=COMPANY, at=after(95), details=Details(name="Island"), tariff=ISLAND_TARIFF
    )
    await s.application.execute(locations, ISLAND, add, WHY)
    again = AddChargePoint(
        company=COMPANY, charge_box_id=CHARGE_BOX_ID, location=ISLAND, connectors=TWO_PLUGS, at=after(100)
    )
    await s.application.execute(charge_points, CHARGE_POINT, again, WHY)
    await s.connects(200)
    number = (await s.starts(10, 1000, received=201)).transaction
    assert begun(s, number).place.location == LOCATION


async def test_the_plug_has_the_power_that_it_had_then() -> None:
    s = await away()
    await moved(s, 100, LOCATION, SLOW_PLUGS)
    await s.connects(200)
    number = (await s.starts(10, 1000, received=201)).transaction
    await s.stops(70, number, 21_000, received=201)
    row = s.session(number)
    assert (begun(s, number).max_power_w, row.energy_wh, row.held_wh) == (22_000, 20_000, 0)
    later = (await s.starts(110, 21_000, received=202)).transaction
    assert begun(s, later).max_power_w == 3_700


async def test_a_stop_without_its_start_is_kept_at_the_place_where_it_was_made() -> None:
    s = await away()
    await moved(s, 100)
    await s.connects(200)
    await s.stops(70, -1, 11_000, received=201)
    (row,) = s.sessions()
    assert (row.location, row.time_zone, row.currency) == (LOCATION, "Europe/Berlin", "EUR")


async def test_readings_of_a_transaction_that_we_never_opened_are_of_the_place_of_the_first() -> None:
    s = await away()
    await moved(s, 100)
    await s.connects(200)
    await s.reports(200, "Charging")
    await s.meters(70, 1000, transaction=77, power_w=11_000, received=201)
    (row,) = s.sessions()
    assert row.location == LOCATION


async def test_the_place_is_that_of_our_clock_and_not_of_a_charger_whose_clock_is_wrong() -> None:
    s = await away()
    await moved(s, 100)
    await s.connects(200)
    s.known_clock_offset_s = -7200
    s.ahead = after(-120) - after(0)
    number = (await s.starts(201, 1000)).transaction
    assert begun(s, number).place.location == ISLAND


@pytest.mark.parametrize(
    ("status", "expires_at"),
    [(TokenStatus.BLOCKED, None), (TokenStatus.ACCEPTED, after(90)), (TokenStatus.EXPIRED, None)],
)
async def test_a_card_that_was_good_at_the_start_was_good_for_the_session(
    status: TokenStatus, expires_at: datetime | None
) -> None:
    s = await away()
    s.clock.set(after(60))
    put = PutToken(company=COMPANY, uid=TOKEN, at=after(60), status=status, expires_at=expires_at)
    await s.application.execute(tokens, f"{COMPANY}/{TOKEN}", put, WHY)
    await s.connects(200)
    answer = await s.starts(10, 1000, received=201)
    assert begun(s, answer.transaction).authorization is Authorization.ACCEPTED
    assert answer.token.authorization is not Authorization.ACCEPTED
    later = await s.starts(100, 2000, received=202)
    assert begun(s, later.transaction).authorization is answer.token.authorization


async def test_a_card_is_concurrent_with_what_it_charged_then_and_not_with_what_it_charges_now() -> None:
    s = await away()
    await s.connects(100)
    now = (await s.starts(110, 50_000, plug=2)).transaction
    alone = await s.starts(10, 1000, received=201)
    assert begun(s, alone.transaction).authorization is Authorization.ACCEPTED
    assert alone.token.authorization is Authorization.CONCURRENT
    await s.stops(40, alone.transaction, 3000, received=201)
    beside = await s.starts(120, 5000, received=203)
    await s.stops(202, now, 60_000, received=203)
    assert begun(s, beside.transaction).authorization is Authorization.CONCURRENT


async def test_whom_a_private_location_admits_is_what_it_said_at_the_start() -> None:
    s = await away()
    private = Details(name="Harbour", type=LocationType.PRIVATE, authorized_tokens=("SOMEBODY",))
    s.clock.set(after(60))
    await s.application.execute(locations, LOCATION, ChangeLocation(at=after(60), details=private), WHY)
    await s.connects(200)
    answer = await s.starts(10, 1000, received=201)
    assert begun(s, answer.transaction).authorization is Authorization.ACCEPTED
    assert answer.token.authorization is Authorization.INVALID


async def test_before_a_card_a_charger_or_a_location_was_known_it_was_as_it_was_at_first() -> None:
    s = await Scenario().opened(FLAT_TARIFF)
    long_ago = (datetime(2026, 11, 1, tzinfo=UTC) - after(0)).total_seconds() / 60
    number = (await s.starts(long_ago, 1000, received=1)).transaction
    start = begun(s, number)
    assert (start.place.location, start.tariff) == (LOCATION, FLAT_TARIFF)
    assert start.authorization is Authorization.ACCEPTED
