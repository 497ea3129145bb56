"""Drivers and what they see, kept in memory and answered from the in-memory read models."""

from collections.abc import Sequence

from eosvolt.adapters.memory.read_models import MemoryReadModels
from eosvolt.application.drivers import Driver, DriverCustomer, HomeOfCode, PlaceFilter
from eosvolt.application.questions import Page
from eosvolt.projections.bookings import BookingRow, bookings
from eosvolt.projections.charge_points import charge_points
from eosvolt.projections.companies import CompanyRow, companies
from eosvolt.projections.connector_status import ConnectorRow, connector_status
from eosvolt.projections.home_chargers import HomeChargerRow, home_chargers
from eosvolt.projections.locations import LocationRow, locations
from eosvolt.projections.payments import PaymentRow, payments
from eosvolt.projections.session_history import session_history
from eosvolt.projections.session_row import SessionRow
from tests.ports_in_memory import MemoryCustomerRecords

DRIVER = Driver("d1", "ana@home.example", "Ana", "en")
DRIVER_SECRET = "the-secret-of-ana"
CODE = "12345678"

Found = tuple[LocationRow, CompanyRow, Sequence[ConnectorRow], int | None]


class MemoryDrivers:
    """One driver, who is signed in with ``DRIVER_SECRET``; every code that is mailed is ``CODE``."""

    def __init__(self, records: MemoryCustomerRecords) -> None:
        self._records = records
        self.mailed: list[tuple[str, str]] = []
        self.known: dict[str, Driver] = {DRIVER_SECRET: DRIVER}

    async def mail_code(self, email: str, language: str) -> None:
        self.mailed.append((email, language))

    async def sign_in(self, email: str, code: str, language: str) -> str | None:
        if code != CODE or all(address != email for address, _ in self.mailed):
            return None
        self.mailed = [each for each in self.mailed if each[0] != email]
        self.known[f"secret of {email}"] = Driver(f"id of {email}", email, "", language)
        return f"secret of {email}"

    async def by_secret(self, secret: str) -> Driver | None:
        return self.known.get(secret)

    async def sign_out(self, secret: str) -> None:
        self.known.pop(secret, None)

    async def change(self, driver: Driver) -> None:
        self.known = {key: driver if each.id == driver.id else each for key, each in self.known.items()}

    async def erase(self, driver: Driver) -> None:
        self.known = {key: each for key, each in self.known.items() if each.id != driver.id}

    async def customers(self, driver: Driver) -> Sequence[DriverCustomer]:
        return [
            DriverCustomer(each.company, each.customer)
            for each in self._records.stored.values()
            if each.email.casefold() == driver.email.casefold()
        ]


class MemoryDriverQueries:
    """What drivers see, on one page each."""

    def __init__(self, models: MemoryReadModels) -> None:
        self._models = models

    async def locations(self, wanted: PlaceFilter, *, cursor: str | None, limit: int) -> Page[Found]:
        rows = self._models.rows(
            locations,
            lambda row: (
                row.details.visible
                and not row.removed
                and not row.location.startswith("home-")
                and (row.details.type == "public" or row.company in wanted.companies)
                and wanted.search.casefold() in row.name.casefold()
            ),
        )
        assert cursor is None
        assert len(rows) <= limit
        return Page([self._whole(row) for row in rows], None)

    async def location(self, company: int, location: str) -> Found | None:
        row = self._models.row(locations, location)
        there = row is not None and row.company == company and not row.removed
        return self._whole(row) if row is not None and there else None

    async def location_of(self, company: int, charge_box_id: str) -> Found | None:
        charger = self._models.row(charge_points, f"{company}/{charge_box_id}")
        if charger is None or charger.removed:
            return None
        row = self._models.row(locations, charger.location)
        return None if row is None else self._whole(row)

    async def sessions(
        self, customers: Sequence[DriverCustomer], driver: str, *, cursor: str | None, limit: int
    ) -> Page[SessionRow]:
        own = {each.customer for each in customers}
        paid = {row.session for row in self._models.rows(payments, lambda row: row.driver == driver)}
        assert cursor is None
        rows = self._models.rows(session_history, lambda row: row.customer in own or row.id in paid)
        return Page(rows[:limit], None)

    async def payment(self, driver: str, wanted: str) -> PaymentRow | None:
        rows = self._models.rows(
            payments, lambda row: row.driver == driver and wanted in {row.id, row.session}
        )
        return rows[0] if rows else None

    async def bookings(
        self, customers: Sequence[DriverCustomer], *, over: bool, cursor: str | None, limit: int
    ) -> Page[BookingRow]:
        assert cursor is None
        states = {"completed", "cancelled", "noShow"} if over else {"booked", "active"}
        own = {(each.company, each.customer) for each in customers}
        rows = self._models.rows(
            bookings, lambda row: (row.company, row.customer) in own and row.state in states
        )
        rows = sorted(rows, key=lambda row: (row.since, row.id), reverse=over)
        return Page(rows[:limit], None)

    async def booking(self, customers: Sequence[DriverCustomer], booking: str) -> BookingRow | None:
        row = self._models.row(bookings, booking)
        own = {(each.company, each.customer) for each in customers}
        return row if row is not None and (row.company, row.customer) in own else None

    async def homes(self, customers: Sequence[DriverCustomer]) -> Sequence[HomeChargerRow]:
        own = {each.customer for each in customers}
        return self._models.rows(home_chargers, lambda row: row.owner in own and not row.removed)

    async def home_with_code(self, digest: str) -> HomeOfCode | None:
        rows = self._models.rows(home_chargers, lambda row: row.code_digest == digest and not row.removed)
        return HomeOfCode(rows[0].company, rows[0].location) if rows else None

    def _whole(self, row: LocationRow) -> Found:
        company = self._models.row(companies, str(row.company))
        assert company is not None
        plugs = self._models.rows(connector_status, lambda plug: plug.location == row.location)
        return row, company, plugs, None
