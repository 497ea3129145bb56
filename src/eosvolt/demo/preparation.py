"""Sees to it that the demo is there, the first time with a past of some weeks."""

import hmac
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple
from uuid import uuid4

from eosvolt.adapters.postgres.alongside import Statements
from eosvolt.adapters.postgres.numbers import PostgresNumbers
from eosvolt.adapters.postgres.past import seal_past, write_past
from eosvolt.adapters.postgres.sealer import Sealer
from eosvolt.adapters.simulator.demo_park import DEMO, DemoPark
from eosvolt.adapters.simulator.station import Station
from eosvolt.application.actor import Actor, person, system
from eosvolt.application.executor import Application
from eosvolt.application.grants import access_of
from eosvolt.application.permissions import OWNER
from eosvolt.composition.chain import head_file
from eosvolt.composition.office import Office, issue_api_key
from eosvolt.config import Settings
from eosvolt.demo import homes
from eosvolt.demo.bookings import book_ahead, open_for_bookings
from eosvolt.demo.company import ACCOUNT, introduce, say_who_issues
from eosvolt.demo.contents import WHY, furnish, location_id
from eosvolt.demo.customers import add_customers, add_groups, issue_booking_cards
from eosvolt.demo.exclusions import explain_outages
from eosvolt.demo.invoices import PastInvoices
from eosvolt.demo.past import WEEKS, Past, PastSystem, eve, in_order_of_time
from eosvolt.demo.past_bookings import PastBookers, fee_refunds
from eosvolt.demo.people import employ
from eosvolt.demo.places import describe
from eosvolt.demo.planned_work import carried_out
from eosvolt.demo.refunds import refunds
from eosvolt.demo.withdrawals import withdraw_some
from eosvolt.demo.zones import describe_zones, turn_on
from eosvolt.domain.companies.commands import RegisterCompany
from eosvolt.domain.companies.decider import Company, companies
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.operators.commands import AddAdmin
from eosvolt.domain.operators.decider import operators

NUMBERS_AT_ONCE = 500

# Shows which share of a piece of work is done, 0 to 1; named by what is done.
Bars = Callable[[str], AbstractContextManager[Callable[[float], None]]]


class DemoLogin(NamedTuple):
    """How to get into the demo."""

    email: str
    password: str
    api_key: str


class Demo(NamedTuple):
    """The demo as it was prepared.

    How to get in, and the chargers in the state that their past left them in.
    """

    login: DemoLogin
    past: list[Station]


async def prepare(office: Office, dsn: str, bars: Bars) -> Demo:
    """See to it that the demo is there, before anything else runs; the first time with a past.

    The past is all there or not at all, whenever this is interrupted.
    """
    settings = office.settings
    login = DemoLogin(DEMO.owner, derived(settings, "password")[:16], _api_key(settings))
    state = await office.application.state(companies, str(DEMO.company))
    if isinstance(state, Company):
        await issue_api_key(office.operations, DEMO.company, "Demo key", login.api_key)
        await book_ahead(
            office.application, office.operations, await owner_of(office.application), office.clock.now()
        )
        return Demo(login, [])
    lived = await _live_through(office, dsn, login, bars)
    owner, now = await owner_of(office.application), office.clock.now()
    await introduce(office.operations, owner)
    await explain_outages(office.operations, owner, now)
    keys = {place.name: location_id(DEMO.company, place.name) for place in DEMO.locations}
    await describe(office.operations, owner, keys, now)
    await turn_on(office.operations, owner)
    await employ(office, owner, now, login.password)
    await book_ahead(office.application, office.operations, owner, now)
    return Demo(login, lived.stations)


async def _live_through(office: Office, dsn: str, login: DemoLogin, bars: Bars) -> Past:
    """Register the company weeks ago, live up to now, and write it all into the history."""
    now = office.clock.now()
    # Statements of home chargers are of whole months, which begin before the weeks of the park.
    founded, begins = homes.founded(now), eve(now)
    async with PostgresNumbers(dsn, NUMBERS_AT_ONCE) as numbers:
        past = PastSystem(founded, numbers)
        creation = await registered(office, past.application, founded, DEMO, login.password)
        await issue_api_key(past.operations, DEMO.company, "Demo key", login.api_key)
        await say_who_issues(past.application, founded, WHY)
        at_home = await homes.live_at_home(past, founded, begins)
        past.clock.set(begins)
        await furnish(past.application, begins)
        await add_groups(past.application, begins)
        await open_for_bookings(past.application, begins)
        people = await add_customers(past.application, begins, known=homes.NAMES)
        await issue_booking_cards(past.application, begins)
        owner = await owner_of(past.application)
        await describe_zones(past.application, past.operations, owner, begins)
        bookers = PastBookers(past.application, past.clock, owner, people)
        await bookers.plan(begins, now)
        with bars(f"Living through {WEEKS} weeks of charging") as show:
            lived = await past.live(now, owner.by, progress=show, before=at_home, bookers=bookers)
        await homes.offer_home(past.application, now)
        await homes.state_months(past.application, lived.facts, now, owner.by)
        account, _ = office.bank_accounts.kept(DEMO.company, ACCOUNT)
        paperwork = PastInvoices(past.application, lived.facts, people)
        await carried_out(
            [
                *refunds(past.application, lived.facts, now, owner),
                *fee_refunds(past.application, lived.facts, now, owner),
                *paperwork.planned(now, owner),
            ]
        )
        facts = in_order_of_time(past.store.facts)
        await withdraw_some(past.application, facts, now, owner.by, account)
        lived = lived._replace(facts=in_order_of_time(past.store.facts))
    with bars("Writing them into the history") as show:
        records = [office.customer_records.kept(person) for person in people]
        beside = (creation, *records, *paperwork.recipients)
        kept = timedelta(days=office.settings.frame_kept_days)
        frames = [frame for frame in lived.frames if frame.at.date() >= (now - kept).date()]
        await write_past(dsn, office.store.mapper, lived.facts, frames, beside, show)
    sealer = Sealer(dsn, office.settings.secret().encode(), head_file(office.settings))
    await seal_past(dsn, sealer, [fact.recorded_at for fact in lived.facts])
    await sealer.close()
    return lived


async def registered(
    office: Office, application: Application, at: datetime, park: DemoPark, password: str
) -> Statements:
    """Register the company of ``park`` in a past, with its owner; returns what stores the account."""
    account, creation = await office.accounts.creation(
        account=str(uuid4()),
        company=park.company,
        email=park.owner,
        name=park.owner_name,
        password=password,
        owner=True,
        access=access_of(OWNER),
    )
    register = RegisterCompany(company=park.company, name=park.name, owner=account.account, at=at)
    why = Provenance(park.company, f"admin:{account.account}", "registration")
    await application.execute(companies, str(park.company), register, why)
    owner = AddAdmin(company=park.company, at=at, access=access_of(OWNER), owner=True)
    await application.execute(operators, account.account, owner, why)
    return creation


async def owner_of(application: Application) -> Actor:
    """The demo's operator."""
    company = await application.state(companies, str(DEMO.company))
    owner = company.owner if isinstance(company, Company) else ""
    return person(owner, DEMO.company) if owner else system("demo", DEMO.company)


def _api_key(settings: Settings) -> str:
    return settings.demo_api_key or f"eosvolt_demo_{derived(settings, 'api key')}"


def derived(settings: Settings, purpose: str) -> str:
    """A secret of this installation that is the same at every start."""
    return hmac.new(settings.secret().encode(), f"demo {purpose}".encode(), sha256).hexdigest()[:40]
