"""Drivers on PostgreSQL: codes that work once, what is erased, and the locations that they find."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from msgspec.structs import replace

from eosvolt.adapters.clock import WallClock
from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.postgres.accounts import PostgresAccounts
from eosvolt.adapters.postgres.connections import connect
from eosvolt.adapters.postgres.customer_records import PostgresCustomerRecords
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.application.actor import driver
from eosvolt.application.customers import CustomerPerson
from eosvolt.application.drivers import CODE_DIGITS, Driver, DriverCustomer, HomeOfCode, PlaceFilter
from eosvolt.application.executor import Application
from eosvolt.application.home_codes import code_digest
from eosvolt.application.operations import driving
from eosvolt.application.operations.driving import DriverCode
from eosvolt.application.operations.operation import Operations
from eosvolt.application.operations.ports import Ports
from eosvolt.application.questions import Unanswerable
from eosvolt.domain.companies.commands import RegisterCompany
from eosvolt.domain.companies.decider import companies
from eosvolt.domain.home_chargers.decider import HomeCharger, home_chargers
from eosvolt.domain.home_chargers.events import HomeCodeRedeemed
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.locations.commands import AddLocation
from eosvolt.domain.locations.decider import locations
from eosvolt.domain.locations.events import LocationType
from eosvolt.domain.vocabulary import EVENTS
from tests.contracts.busy_day import a_busy_day
from tests.contracts.replayed_history import replayed_history
from tests.contracts.side_changes import done
from tests.contracts.test_home_chargers import CODE, HOME, add_home
from tests.examples import CHARGE_BOX_ID, COMPANY, DETAILS, FLAT_TARIFF, LOCATION, MORNING, TOKEN
from tests.scenario import WHY, Scenario

CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
EMAIL = "ana@home.example"
TOGETHER = 20


@pytest.fixture
async def accounts(database: str) -> AsyncIterator[PostgresAccounts]:
    async with PostgresAccounts(database, b"k" * 32, CHEAP, timedelta(hours=24), mailing=True) as opened:
        yield opened


async def signed_in(accounts: PostgresAccounts, email: str = EMAIL) -> tuple[Driver, str]:
    secret = await accounts.drivers.sign_in(email, await accounts.drivers.code_for(email), "de")
    assert secret is not None
    known = await accounts.drivers.by_secret(secret)
    assert known is not None
    return known, secret


async def test_a_mailed_code_signs_in_once_whoever_asks_at_the_same_time(accounts: PostgresAccounts) -> None:
    await accounts.drivers.mail_code(f" {EMAIL} ", "de")
    (due,) = await accounts.mails.take_due(WallClock().now())
    assert (due.mail.address, due.mail.language) == (EMAIL, "de")
    code = due.mail.values["code"]
    assert len(code) == CODE_DIGITS
    wrong = f"{(int(code) + 1) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"
    assert await accounts.drivers.sign_in(EMAIL, wrong, "de") is None
    assert await accounts.drivers.sign_in("ben@home.example", code, "de") is None
    tried = await asyncio.gather(
        *(accounts.drivers.sign_in(EMAIL.upper(), code, "de") for _ in range(TOGETHER))
    )
    (secret,) = [each for each in tried if each is not None]
    known = await accounts.drivers.by_secret(secret)
    assert known is not None
    assert (known.email.casefold(), known.language) == (EMAIL, "de")
    assert await accounts.drivers.by_secret(f"{secret}x") is None


async def test_a_code_expires_and_others_of_the_address_end_with_the_sign_in(
    database: str, accounts: PostgresAccounts
) -> None:
    drivers = accounts.drivers
    first, second, late = [await drivers.code_for(EMAIL) for _ in range(3)]
    assert await drivers.sign_in(EMAIL, second, "en") is not None
    assert await drivers.sign_in(EMAIL, first, "en") is None
    assert await drivers.sign_in(EMAIL, late, "en") is None
    late = await drivers.code_for(EMAIL)
    async with await connect(database, "test") as connection:
        await connection.execute("UPDATE driver_codes SET expires_at = now()")
    assert await drivers.sign_in(EMAIL, late, "en") is None
    await drivers.tidy()
    async with await connect(database, "test") as connection:
        cursor = await connection.execute("SELECT count(*) FROM driver_codes")
        assert await cursor.fetchone() == (0,)


async def test_whoever_signs_in_again_is_the_same_driver_until_erased(accounts: PostgresAccounts) -> None:
    drivers = accounts.drivers
    first, secret = await signed_in(accounts)
    await drivers.change(replace(first, name="Ana", language="en"))
    again, other = await signed_in(accounts, EMAIL.upper())
    assert (again.id, again.name, again.language) == (first.id, "Ana", "en")
    await drivers.sign_out(secret)
    assert await drivers.by_secret(secret) is None
    await drivers.erase(again)
    assert await drivers.by_secret(other) is None
    new, _ = await signed_in(accounts)
    assert (new.id != first.id, new.name) == (True, "")


async def test_a_session_ends_when_nobody_used_it_for_long(database: str, accounts: PostgresAccounts) -> None:
    _, secret = await signed_in(accounts)
    async with await connect(database, "test") as connection:
        await connection.execute("UPDATE driver_sessions SET last_seen_at = now() - interval '59 days'")
        assert await accounts.drivers.by_secret(secret) is not None
        cursor = await connection.execute(
            "SELECT last_seen_at > now() - interval '1 day' FROM driver_sessions"
        )
        assert await cursor.fetchone() == (True,)
        await connection.execute("UPDATE driver_sessions SET last_seen_at = now() - interval '61 days'")
    assert await accounts.drivers.by_secret(secret) is None


async def test_a_driver_is_the_customer_with_the_address_at_each_company(
    database: str, accounts: PostgresAccounts
) -> None:
    ana, _ = await signed_in(accounts)
    async with PostgresCustomerRecords(database) as records:
        for company, customer, email in ((7, "x", EMAIL.upper()), (COMPANY, "a", EMAIL), (COMPANY, "b", "")):
            person = CustomerPerson(customer=customer, company=company, name="Ana", email=email)
            await done(database, records.kept(person))
    assert await accounts.drivers.customers(ana) == [DriverCustomer(7, "x"), DriverCustomer(COMPANY, "a")]


async def test_of_many_who_redeem_a_code_at_once_in_several_processes_one_wins(database: str) -> None:
    async with (
        PostgresEventStore(database, EVENTS, WallClock()) as store,
        PostgresCustomerRecords(database) as records,
    ):
        await add_home(Application(store))
        ports = Ports(customer_records=records)

        async def redeemed(number: int) -> str:
            # Each has a cache of its own, as processes have.
            operations = Operations(Application(store), SteppedClock(MORNING + timedelta(minutes=1)), ports)
            wanted = DriverCode(
                email=f"driver{number}@home.example",
                home=HOME,
                digest=code_digest(CODE),
                new_customer=f"customer-{number}",
            )
            return await operations.run(driving.redeem, driver(f"d{number}", COMPANY), wanted)

        outcomes = await asyncio.gather(*map(redeemed, range(TOGETHER)), return_exceptions=True)
        won = [number for number, outcome in enumerate(outcomes) if outcome == HOME]
        assert len(won) == 1
        assert [type(each) for each in outcomes if each != HOME] == [Rejected] * (TOGETHER - 1)
        facts = await store.read(home_chargers.stream(HOME))
        redeemed_by = [
            (each.event.customer, each.why.by) for each in facts if isinstance(each.event, HomeCodeRedeemed)
        ]
        assert redeemed_by == [(f"customer-{won[0]}", f"driver:d{won[0]}")]
        # Who lost left neither an event nor a record.
        assert [
            number
            for number in range(TOGETHER)
            if await records.with_email(COMPANY, f"driver{number}@home.example") is not None
        ] == won
        state = await Application(store).state(home_chargers, HOME)
        assert isinstance(state, HomeCharger)
        assert state.owner == f"customer-{won[0]}"


async def find(accounts: PostgresAccounts, wanted: PlaceFilter = PlaceFilter()) -> list[str]:  # noqa: B008 - a constant
    """The names of the locations that are found, two a page."""
    names: list[str] = []
    cursor: str | None = None
    while True:
        page = await accounts.driver_queries.locations(wanted, cursor=cursor, limit=2)
        names += [row.name for row, *_ in page.items]
        cursor = page.cursor
        if cursor is None:
            return names


async def several_locations() -> Scenario:
    """The busy day's location and some beside it, one of them hidden, two not for everybody."""
    s = await a_busy_day()
    register = RegisterCompany(company=COMPANY, name="Harbour Power", owner="o", at=s.clock.now())
    await s.application.execute(companies, str(COMPANY), register, WHY)
    places: dict[str, dict[str, Any]] = {
        "Ärmelhaus": {"latitude": 52.5, "longitude": 13.4},
        "Ostkai": {"latitude": 52.6, "longitude": 13.4, "address": "Kaistraße 1"},
        "Zoo": {},
        "Hidden": {"visible": False},
        "Half": {"type": LocationType.SEMI_PUBLIC},
        "Own": {"type": LocationType.PRIVATE},
    }
    for number, (name, more) in enumerate(places.items()):
        details = replace(replace(DETAILS, name=name, latitude=None, longitude=None, address=""), **more)
        add = AddLocation(
            location=f"more-{number}", company=COMPANY, at=s.clock.now(), details=details, tariff=FLAT_TARIFF
        )
        await s.application.execute(locations, f"more-{number}", add, WHY)
    return s


async def test_drivers_find_public_locations_by_name_or_by_distance(
    database: str, accounts: PostgresAccounts
) -> None:
    s = await several_locations()
    await add_home(s.application)
    async with replayed_history(database, s.store.facts):
        public = await find(accounts)
        assert sorted(public) == sorted([DETAILS.name, "Ärmelhaus", "Ostkai", "Zoo"])
        near = await find(accounts, PlaceFilter(near=(52.61, 13.4)))
        assert near[:2] == ["Ostkai", "Ärmelhaus"]
        assert near[-1] == "Zoo"
        assert await find(accounts, PlaceFilter(search="kaistr")) == ["Ostkai"]
        assert await find(accounts, PlaceFilter(search="ÄRMEL")) == ["Ärmelhaus"]
        assert {*await find(accounts, PlaceFilter(companies=(COMPANY,)))} == {*public, "Half", "Own"}
        assert {*await find(accounts, PlaceFilter(companies=(COMPANY + 1,)))} == {*public}
        with_plugs = await find(accounts, PlaceFilter(plug_type="iec62196T2"))
        assert with_plugs in ([DETAILS.name], [])
        assert await find(accounts, PlaceFilter(plug_type="nothing")) == []
        page = await accounts.driver_queries.locations(PlaceFilter(), cursor=None, limit=1)
        with pytest.raises(Unanswerable):
            await accounts.driver_queries.locations(PlaceFilter(near=(0.0, 0.0)), cursor=page.cursor, limit=1)


async def test_a_charger_leads_to_its_location_hidden_or_at_home(
    database: str, accounts: PostgresAccounts
) -> None:
    s = await several_locations()
    await add_home(s.application)
    async with replayed_history(database, s.store.facts):
        queries = accounts.driver_queries
        found = await queries.location_of(COMPANY, CHARGE_BOX_ID)
        assert found is not None
        row, company, plugs, metres = found
        assert (row.location, company.company, metres) == (LOCATION, COMPANY, None)
        assert [plug.connector for plug in plugs] == [1, 2]
        assert await queries.location_of(COMPANY + 1, CHARGE_BOX_ID) is None
        home = await queries.location_of(COMPANY, "CP-HOME")
        assert home is not None
        assert home[0].location == HOME
        assert await queries.location(COMPANY, HOME) is None
        assert await queries.location(COMPANY + 1, LOCATION) is None
        hidden = await queries.location(COMPANY, "more-3")
        assert hidden is not None
        for typed in ("7k3f 9m2x 4trb oqzv", " 7K3F9M2X4TRB0QZV"):
            assert await queries.home_with_code(code_digest(typed)) == HomeOfCode(COMPANY, HOME)
        assert await queries.home_with_code(code_digest("0000")) is None
        assert await queries.homes([DriverCustomer(COMPANY, "nobody")]) == []
        mine = await queries.sessions([DriverCustomer(COMPANY, TOKEN)], "d1", cursor=None, limit=5)
        assert mine.items == []
