"""A location's rules at its chargers: who may begin to charge when, and what is recorded of a refusal."""

from collections.abc import Sequence

import pytest

from eosvolt.domain.kernel import Rejected
from eosvolt.domain.locations.access import AccessRules, AccessWindow, Who
from eosvolt.domain.locations.commands import ChangeLocation
from eosvolt.domain.locations.decider import locations
from eosvolt.domain.locations.events import Details, LocationType
from eosvolt.domain.locations.opening_hours import OpeningHours, OpenRange
from eosvolt.domain.refusals.events import StartRefused
from eosvolt.domain.tokens.events import Authorization
from tests.examples import CHARGE_POINT, COMPANY, DETAILS, LOCATION, TOKEN, after
from tests.scenario import WHY, Scenario

# MORNING is 11:00 on a Saturday in Berlin.
UNTIL_NOON = OpeningHours(week=((OpenRange(8 * 60, 12 * 60),),) * 7)
FROM_NOON = OpeningHours(week=((OpenRange(12 * 60, 20 * 60),),) * 7)
FLEET = "FLEET"


async def ruled(
    rules: AccessRules, details: Details = DETAILS, *, at: float = 0, group: str = ""
) -> Scenario:
    """A charger that is online at a location with these rules from ``at`` minutes after the morning on."""
    s = await Scenario().opened()
    await s.token(TOKEN, group=group)
    s.clock.set(after(at))
    await s.application.execute(
        locations, LOCATION, ChangeLocation(at=after(at), details=details, access=rules), WHY
    )
    return s


async def asks(s: Scenario, minutes: float, token: str = TOKEN) -> Authorization:
    s.clock.set(after(minutes))
    return (await s.charging.authorized(CHARGE_POINT, token)).authorization


def refused(s: Scenario) -> Sequence[StartRefused]:
    return [fact.event for fact in s.store.facts if isinstance(fact.event, StartRefused)]


async def test_within_the_opening_hours_a_session_starts_and_nothing_is_refused() -> None:
    s = await ruled(AccessRules(opening_hours=UNTIL_NOON))
    assert await asks(s, 59) is Authorization.ACCEPTED
    answer = await s.starts(59.5, 1000)
    assert answer.token.authorization is Authorization.ACCEPTED
    assert refused(s) == []


async def test_outside_them_a_card_is_refused_and_the_reason_recorded() -> None:
    s = await ruled(AccessRules(opening_hours=UNTIL_NOON))
    assert await asks(s, 60) is Authorization.INVALID
    assert refused(s) == [
        StartRefused(
            company=COMPANY,
            location=LOCATION,
            charge_point="CP-1",
            token=TOKEN,
            at=after(60),
            reason="closed",
        )
    ]


async def test_a_card_that_is_held_up_again_is_one_attempt_and_another_time_another() -> None:
    s = await ruled(AccessRules(opening_hours=UNTIL_NOON))
    for minutes in (60, 60.2, 60.9, 62):
        await asks(s, minutes)
    assert [event.at for event in refused(s)] == [after(60), after(62)]


async def test_a_start_that_could_not_be_refused_is_billed_and_marked() -> None:
    s = await ruled(AccessRules(opening_hours=UNTIL_NOON))
    answer = await s.starts(61, 1000)
    assert answer.token.authorization is Authorization.INVALID
    await s.stops(70, answer.transaction, 3000)
    row = s.session(answer.transaction)
    assert "closed" in row.flags
    assert (row.energy_wh, row.charging_gross) == (2000, 100)
    (event,) = refused(s)
    assert (event.reason, event.connector, event.session) == ("closed", 1, str(answer.transaction))


async def test_the_same_start_again_is_refused_once() -> None:
    s = await ruled(AccessRules(opening_hours=UNTIL_NOON))
    assert await s.starts(61, 1000) == await s.starts(61, 1000)
    assert len(refused(s)) == 1


async def test_a_session_that_runs_at_closing_time_goes_on_and_can_be_stopped_by_its_card_or_group() -> None:
    s = await ruled(AccessRules(opening_hours=UNTIL_NOON), group=FLEET)
    await s.token("OTHER", group=FLEET)
    await s.token("UNRELATED")
    number = (await s.starts(50, 1000)).transaction
    await s.meters(90, 2000, transaction=number)
    assert await asks(s, 95) is Authorization.ACCEPTED
    assert await asks(s, 96, "OTHER") is Authorization.ACCEPTED
    assert await asks(s, 97, "UNRELATED") is Authorization.INVALID
    await s.stops(100, number, 3000)
    row = s.session(number)
    assert (row.energy_wh, row.flags) == (2000, ())


async def test_a_session_learnt_late_is_judged_by_the_hours_at_its_start() -> None:
    s = await ruled(AccessRules(opening_hours=UNTIL_NOON))
    await s.disconnects(5)
    await s.connects(200)
    within = await s.starts(30, 1000, received=201)
    await s.stops(40, within.transaction, 2000, received=201)
    beyond = await s.starts(100, 2000, received=202)
    await s.stops(110, beyond.transaction, 3000, received=202)
    assert within.token.authorization is Authorization.ACCEPTED
    assert "closed" not in s.session(within.transaction).flags
    assert "closed" in s.session(beyond.transaction).flags
    assert [event.session for event in refused(s)] == [str(beyond.transaction)]


async def test_it_is_judged_by_the_rules_that_were_in_force_then() -> None:
    s = await ruled(AccessRules(opening_hours=FROM_NOON), at=150)
    await s.disconnects(151)
    await s.connects(200)
    # At 11:30, half an hour before the opening that was introduced at 13:30.
    early = await s.starts(30, 1000, received=201)
    assert s.session(early.transaction).flags == ()


async def test_nobody_starts_on_demand_while_it_is_open_to_bookings_only() -> None:
    lunch = AccessWindow(weekdays=(5,), starts=12 * 60, ends=13 * 60, who=Who.NOBODY)
    s = await ruled(AccessRules(schedule=(lunch,)))
    assert await asks(s, 59) is Authorization.ACCEPTED
    assert await asks(s, 60) is Authorization.INVALID
    assert await asks(s, 120) is Authorization.ACCEPTED
    assert await asks(s, 60 + 24 * 60) is Authorization.ACCEPTED
    assert [event.reason for event in refused(s)] == ["bookingsOnly"]


@pytest.mark.parametrize(
    ("kind", "groups", "expected"),
    [
        (LocationType.PUBLIC, (), Authorization.INVALID),
        (LocationType.SEMI_PUBLIC, (FLEET,), Authorization.ACCEPTED),
        (LocationType.PRIVATE, ("fleet",), Authorization.ACCEPTED),
    ],
)
async def test_at_times_for_the_listed_a_group_on_the_list_is_admitted(
    kind: LocationType, groups: tuple[str, ...], expected: Authorization
) -> None:
    listed = AccessWindow(weekdays=tuple(range(7)), starts=0, ends=1440, who=Who.LISTED)
    s = await ruled(
        AccessRules(groups=groups, schedule=(listed,)), Details(name="Yard", type=kind), group=FLEET
    )
    assert await asks(s, 10) is expected
    assert [event.reason for event in refused(s)] == ([] if groups else ["notListed"])


async def test_whoever_is_listed_at_a_private_location_is_not_admitted_while_it_is_closed() -> None:
    details = Details(name="Yard", type=LocationType.PRIVATE, authorized_tokens=(TOKEN,))
    s = await ruled(AccessRules(opening_hours=FROM_NOON), details)
    assert await asks(s, 30) is Authorization.INVALID
    assert await asks(s, 70) is Authorization.ACCEPTED


async def test_anyone_allowed_may_charge_at_a_semi_public_location() -> None:
    details = Details(name="Yard", type=LocationType.SEMI_PUBLIC, authorized_tokens=("SOMEBODY",))
    s = await ruled(AccessRules(), details)
    assert await asks(s, 10) is Authorization.ACCEPTED


async def test_what_the_token_itself_is_refused_for_is_recorded_as_well() -> None:
    s = await ruled(AccessRules())
    assert await asks(s, 10, "NOBODY-KNOWS") is Authorization.INVALID
    assert [(event.token, event.reason) for event in refused(s)] == [("NOBODY-KNOWS", "unknownToken")]


async def test_a_remote_start_is_refused_with_the_reason() -> None:
    s = await ruled(AccessRules(opening_hours=UNTIL_NOON))
    s.clock.set(after(60))
    with pytest.raises(Rejected, match="closed now"):
        await s.commands.request(
            COMPANY, CHARGE_POINT, "remoteStart", {"plug": 1, "token": TOKEN}, "admin:a1"
        )


async def test_a_private_location_is_never_open_to_everybody() -> None:
    window = AccessWindow(weekdays=(0,), starts=0, ends=60, who=Who.EVERYBODY)
    s = await Scenario().opened()
    private = ChangeLocation(
        at=after(1),
        details=Details(name="Yard", type=LocationType.PRIVATE),
        access=AccessRules(schedule=(window,)),
    )
    with pytest.raises(Rejected, match="never open to everybody"):
        await s.application.execute(locations, LOCATION, private, WHY)
