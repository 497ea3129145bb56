"""Home chargers on PostgreSQL: codes under races, and what is not counted as commercial equipment."""

from datetime import timedelta

from msgspec.structs import replace

from eosvolt.adapters.postgres.queries import PostgresQueries
from eosvolt.application.charger_questions import ChargerFilter
from eosvolt.application.executor import Application
from eosvolt.application.home_codes import code_digest
from eosvolt.application.performance_questions import PlugFilter, Stretch
from eosvolt.domain.charge_points.commands import AddChargePoint
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import ConnectorSpec
from eosvolt.domain.charge_points.reports import StartReport, StopReport
from eosvolt.domain.home_chargers.commands import AddHomeCharger, AllowHomeToken, IssueHomeCode
from eosvolt.domain.home_chargers.decider import CODE_VALID, home_chargers
from eosvolt.domain.home_chargers.events import HomeToken
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.price_profiles.commands import AddPriceProfile
from eosvolt.domain.price_profiles.decider import price_profiles
from eosvolt.domain.price_profiles.events import ProfileTerms
from eosvolt.projections.session_row import home_session
from tests.contracts.busy_day import a_busy_day
from tests.contracts.replayed_history import replayed_history
from tests.examples import COMPANY, LOCATION, MORNING, TOKEN, after
from tests.reimbursing import REIMBURSEMENT, REIMBURSING
from tests.replay.home_life import TERMS
from tests.scenario import WHY, Scenario

HOME, BOX, CODE = "home-1", "CP-HOME", "7K3F-9M2X-4TRB-0QZV"
KEY = f"{COMPANY}/{BOX}"


async def add_home(application: Application, terms: ProfileTerms = TERMS) -> None:
    """A home charger whose code nobody has redeemed."""
    profile = AddPriceProfile(profile="p1", company=COMPANY, at=MORNING, terms=terms)
    home = AddHomeCharger(
        home=HOME, company=COMPANY, at=MORNING, charge_box_id=BOX, profile="p1", time_zone="Europe/Berlin"
    )
    issue = IssueHomeCode(at=MORNING, digest=code_digest(CODE), expires_at=MORNING + CODE_VALID)
    charger = AddChargePoint(
        company=COMPANY,
        charge_box_id=BOX,
        location=HOME,
        connectors=(ConnectorSpec(1, "iec62196T2", 11_000),),
        at=MORNING,
    )
    allow = AllowHomeToken(at=MORNING, token=TOKEN, kind=HomeToken.OWNER)
    for decider, key, command in (
        CommandEnvelope(price_profiles, "p1", profile),
        CommandEnvelope(home_chargers, HOME, home),
        CommandEnvelope(home_chargers, HOME, issue),
        CommandEnvelope(charge_points, KEY, charger),
        CommandEnvelope(home_chargers, HOME, allow),
    ):
        await application.execute(decider, key, command, WHY)


async def reimbursed_sessions() -> Scenario:
    """Two sessions at a reimbursing home, business and private, and one that has not ended."""
    s = Scenario()
    await add_home(s.application, replace(REIMBURSING, reimbursement=replace(REIMBURSEMENT, tokens=(TOKEN,))))
    await s.charging.connected(
        KEY, at=MORNING, protocol="ocpp1.6", secure=False, authenticated=True, address="192.0.2.9"
    )
    for minute, token, until_wh in ((1, TOKEN.lower(), 5_000), (100, "PRIVATE", 6_000), (200, TOKEN, None)):
        s.clock.set(after(minute))
        begun = StartReport(
            connector=1,
            token=token,
            meter_start_wh=0 if until_wh == 5_000 else 5_000,
            at=after(minute),
            received_at=after(minute),
        )
        transaction = (await s.charging.started(KEY, begun)).transaction
        if until_wh is not None:
            s.clock.set(after(minute + 60))
            ended = StopReport(
                transaction=transaction,
                meter_stop_wh=until_wh,
                at=after(minute + 60),
                received_at=after(minute + 60),
            )
            await s.charging.stopped(KEY, ended)
    return s


async def test_sessions_at_a_reimbursing_home_are_business_or_private(database: str) -> None:
    s = await reimbursed_sessions()
    async with replayed_history(database, s.store.facts) as (queries, _):
        found = await queries.home_sessions(COMPANY)
        expected = [session for row in s.sessions() if (session := home_session(row)) is not None]
        assert list(found) == sorted(expected, key=lambda each: each.ended_at)
        assert [(each.business, each.energy_wh) for each in found] == [(True, 5_000), (False, 1_000)]
        assert [each.charger for each in found] == [BOX, BOX]
        assert list(await queries.home_sessions(COMPANY, home=HOME, since=after(100))) == list(found[1:])
        assert list(await queries.home_sessions(COMPANY, until=after(100))) == list(found[:1])
        assert list(await queries.home_sessions(COMPANY, home="home-2")) == []
        assert list(await queries.home_sessions(COMPANY + 1)) == []
        assert list(await queries.narrowed(frozenset({LOCATION})).home_sessions(COMPANY)) == []


async def a_day_at_home() -> Scenario:
    """The busy day, and beside it a home charger that is connected."""
    s = await a_busy_day()
    await add_home(s.application)
    begun = s.clock.now()
    await s.charging.connected(
        KEY, at=begun, protocol="ocpp1.6", secure=False, authenticated=True, address="192.0.2.9"
    )
    return s


async def commercial(queries: PostgresQueries) -> dict[str, object]:
    """What lists, the dashboard and regulators' reports are made of."""
    now, day = after(400), MORNING.date()
    stretch = Stretch(day, day + timedelta(days=1))
    return {
        "locations": await queries.locations(COMPANY, removed=True),
        "chargers": await queries.charge_points(COMPANY),
        "charger list": await queries.charger_page(COMPANY, ChargerFilter()),
        "models": await queries.charger_models(COMPANY),
        "counts": await queries.charger_counts(COMPANY),
        "plug states": await queries.plug_states(COMPANY),
        "plug states as of": await queries.plug_states(COMPANY, as_of=now),
        "plugs": await queries.connectors(COMPANY),
        "plugs as of": await queries.connectors(COMPANY, as_of=now),
        "time": await queries.plug_times(COMPANY, PlugFilter(), [stretch], now=now, apart=True),
        "time as of": await queries.plug_times(
            COMPANY, PlugFilter(), [stretch], now=now, apart=True, as_of=now
        ),
        "ports": await queries.ports(COMPANY, PlugFilter(), now=now),
    }


async def test_home_chargers_are_in_no_list_and_no_figure_of_commercial_equipment(database: str) -> None:
    facts = (await a_day_at_home()).store.facts
    async with replayed_history(database, facts) as (queries, _):
        everywhere = await commercial(queries)
        only_there = await commercial(queries.narrowed(frozenset({LOCATION})))
        assert {name for name in everywhere if everywhere[name] != only_there[name]} == set()
        # By name it is there: its page, its OCPP, its faults are those of any charger.
        charger = await queries.charge_point(COMPANY, BOX)
        assert charger is not None
        assert charger.location == HOME
        assert [plug.charge_point for plug in await queries.connectors(COMPANY, charge_box_id=BOX)] == [BOX]
        assert [row.charge_box_id for row in await queries.charge_points(COMPANY, homes=True)][-1] == BOX
        home = await queries.home_charger(COMPANY, HOME)
        assert home is not None
        assert await queries.home_chargers(COMPANY) == [home]
        elsewhere = queries.narrowed(frozenset({LOCATION}))
        assert await elsewhere.home_charger(COMPANY, HOME) is None
        assert list(await elsewhere.home_chargers(COMPANY)) == []
