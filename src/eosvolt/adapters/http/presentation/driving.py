"""What drivers see of places: locations, prices, and their own home chargers."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple
from uuid import uuid4

from starlette.requests import Request

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.problems import Problem, not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.ports.drivers import FoundPlace
from eosvolt.application.booking_offers import DemandedSession, NextBooking
from eosvolt.application.drivers import Driver, DriverCustomer, PlaceFilter, app_token
from eosvolt.application.home_codes import code_digest
from eosvolt.application.operations.driving import DriverCode
from eosvolt.application.questions import Page
from eosvolt.application.registration import company_number
from eosvolt.domain.bookings.values import Booker
from eosvolt.domain.companies.settings import CompanyLanguage
from eosvolt.domain.customer_groups.prices import PricedGroup, group_pricing
from eosvolt.domain.locations.admission import admission
from eosvolt.domain.locations.events import LocationType
from eosvolt.domain.support import SupportContact
from eosvolt.domain.tariffs.tariff import Period, Strategy, Tariff, period_at
from eosvolt.domain.tokens.bearer import TokenBearer
from eosvolt.projections.companies import CompanyRow
from eosvolt.projections.connector_status import ConnectorRow
from eosvolt.projections.home_chargers import HomeChargerRow
from eosvolt.projections.locations import LocationRow

FREE = "Available"
# Of locations that are not for everybody few are shown; after so many queries a page is shorter.
_MOST_QUERIES = 10
# Nobody charges longer: what is booked later is nothing to who starts now.
_UPCOMING = timedelta(days=1)


class FoundLocation(NamedTuple):
    """A location with its plugs and whose it is. ``metres`` is its distance, where a place was named."""

    location: LocationRow
    company: CompanyRow
    plugs: Sequence[ConnectorRow]
    metres: int | None

    @property
    def free(self) -> int:
        """The number of free plugs."""
        return sum(plug.shown == FREE for plug in self.plugs)

    @property
    def plugs_state(self) -> str:
        """The state of the plugs together: free if one is."""
        return FREE if self.free else "Charging"

    @property
    def support(self) -> SupportContact:
        """How drivers reach support here."""
        return self.location.info.support or self.company.support

    @property
    def operator(self) -> str:
        """The name of the company."""
        return self.company.name


class DriverStanding(NamedTuple):
    """What a driver is to a company: the customer, the tokens, and the groups of the app's token."""

    customer: str
    bearers: tuple[TokenBearer, ...]
    groups: tuple[PricedGroup, ...]


class PriceNow(NamedTuple):
    """The price of a driver at a place: the tariff, and what holds now."""

    tariff: Tariff
    period: Period

    @property
    def unit(self) -> Literal["kWh", "min"]:
        """What the price is for: ``kWh`` or ``min``."""
        return "kWh" if self.tariff.strategy is Strategy.PER_KWH else "min"


class SeenPlace(NamedTuple):
    """A location as a driver sees it; ``own``: what the driver is to the company, ``None`` if nothing."""

    place: FoundLocation
    own: DriverStanding | None
    price: PriceNow

    @property
    def booker(self) -> Booker | None:
        """Who the driver is as one who books here; ``None`` for who is no customer."""
        return None if self.own is None else Booker(customer=self.own.customer)


async def standing(dependencies: Dependencies, customer: DriverCustomer) -> DriverStanding:
    """What a driver is to a company."""
    queries = dependencies.queries
    row = await queries.customer(customer.company, customer.customer)
    cards = [] if row is None else await queries.tokens_named(customer.company, row.tokens)
    chosen = () if row is None else row.groups
    known = await queries.customer_groups(customer.company)

    def member(group: str) -> tuple[PricedGroup, ...]:
        return tuple(
            PricedGroup(each.group, each.name, each.prices)
            for each in known
            if each.group in chosen or (group and group in each.token_groups)
        )

    def bearer(uid: str, group: str = "") -> TokenBearer:
        return TokenBearer(uid, group, customer.customer, tuple(each.group for each in member(group)))

    app = app_token(customer.company, customer.customer)
    bearers = (bearer(app), *(bearer(card.uid, card.group) for card in cards if card.uid != app))
    return DriverStanding(customer.customer, bearers, member(""))


async def standings(
    dependencies: Dependencies, driver: Driver | None, company: int | None = None
) -> dict[int, DriverStanding]:
    """What a driver is to each company whose customer the driver is, or to one; nothing for nobody."""
    if driver is None:
        return {}
    return {
        each.company: await standing(dependencies, each)
        for each in await dependencies.drivers.customers(driver)
        if company is None or each.company == company
    }


def sees(place: FoundLocation, known: DriverStanding | None, now: datetime) -> bool:
    """Whether a driver is shown a location: all are shown public ones, whoever is listed also others."""
    row = place.location
    if row.details.type is LocationType.PUBLIC:
        return True
    rules = admission(row.details, row.access)
    return known is not None and any(rules.lists(bearer, now) for bearer in known.bearers)


def price_now(place: FoundLocation, known: DriverStanding | None, now: datetime) -> PriceNow:
    """The price for a driver, with that of the driver's groups."""
    row = place.location
    groups = () if known is None else known.groups
    tariff = group_pricing(groups, row.location, row.tariff, now).tariff
    return PriceNow(tariff, period_at(tariff, now))


class PlaceQuery(NamedTuple):
    """A driver's search: the filter, and the highest price per kWh or minute now; ``None`` for any."""

    wanted: PlaceFilter
    dearest: Decimal | None = None


async def places(
    dependencies: Dependencies,
    known: dict[int, DriverStanding],
    query: PlaceQuery,
    now: datetime,
    *,
    cursor: str | None,
    limit: int,
) -> Page[SeenPlace]:
    """A page of the locations that a driver sees; raises ``Unanswerable`` for a cursor of another order.

    A page may have fewer than ``limit`` items although another one follows.
    """
    wanted = query.wanted._replace(companies=tuple(known))
    shown: list[SeenPlace] = []
    for _ in range(_MOST_QUERIES):
        page = await dependencies.driver_queries.locations(wanted, cursor=cursor, limit=limit - len(shown))
        for each in page.items:
            seen = _seen(FoundLocation(*each), known, now)
            if seen is not None and (query.dearest is None or seen.price.period.price <= query.dearest):
                shown.append(seen)
        cursor = page.cursor
        if cursor is None or len(shown) >= limit:
            break
    return Page(shown, cursor)


async def seen_place(
    dependencies: Dependencies, driver: Driver | None, found: FoundPlace | None, now: datetime
) -> SeenPlace | None:
    """A location as the driver sees it; ``None`` for one that is not there, or not for the driver."""
    if found is None:
        return None
    place = FoundLocation(*found)
    return _seen(place, await standings(dependencies, driver, place.location.company), now)


async def upcoming_booking(
    dependencies: Dependencies, seen: SeenPlace, plug: ConnectorRow, now: datetime
) -> NextBooking | None:
    """What a driver who may start at a plug now is told of its next booking, within a day."""
    bearers = () if seen.own is None else seen.own.bearers
    begun = DemandedSession(plug.charge_point, plug.connector, bearers, now)
    found = await dependencies.slot_offers.next_booking(seen.place.location.company, begun, now)
    return found if found is not None and found.since <= now + _UPCOMING else None


def _seen(place: FoundLocation, known: dict[int, DriverStanding], now: datetime) -> SeenPlace | None:
    own = known.get(place.location.company)
    return SeenPlace(place, own, price_now(place, own, now)) if sees(place, own, now) else None


def company_of(text: str) -> int:
    """The number of a company as an address has it. Raises a 404 ``Problem``."""
    number = company_number(text)
    if not number:
        raise not_found()
    return number


async def own_homes(dependencies: Dependencies, driver: Driver) -> Sequence[HomeChargerRow]:
    """The home chargers that the driver owns, at all companies."""
    return await dependencies.driver_queries.homes(await dependencies.drivers.customers(driver))


async def own_home(dependencies: Dependencies, driver: Driver, home: str) -> HomeChargerRow:
    """A home charger of the driver's. Raises a 404 ``Problem`` for one that is not."""
    for row in await own_homes(dependencies, driver):
        if row.location == home:
            return row
    raise not_found()


class Redemption(NamedTuple):
    """The company whose home charger a driver redeems a code for, and what is asked of it."""

    company: int
    wanted: DriverCode


async def redemption(
    gate: Gate, request: Request, dependencies: Dependencies, driver: Driver, code: str
) -> Redemption:
    """What it takes for the driver to become the owner of the home charger to which a code belongs.

    Raises a 404 ``Problem`` for a code that nobody was given, and 429 after too many of them.
    """
    gate.drivers.check_codes_of_homes(request)
    digest = code_digest(code)
    found = await dependencies.driver_queries.home_with_code(digest)
    if found is None:
        raise Problem(404, gettext("There is no such code."))
    wanted = DriverCode(
        email=driver.email,
        home=found.home,
        digest=digest,
        new_customer=str(uuid4()),
        name=driver.name,
        language=CompanyLanguage(driver.language),
    )
    return Redemption(found.company, wanted)
