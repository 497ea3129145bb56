"""The port to what drivers see, across the companies of the installation."""

from collections.abc import Sequence
from typing import Protocol

from eosvolt.application.drivers import DriverCustomer, HomeOfCode, PlaceFilter
from eosvolt.application.questions import Page
from eosvolt.projections.bookings import BookingRow
from eosvolt.projections.companies import CompanyRow
from eosvolt.projections.connector_status import ConnectorRow
from eosvolt.projections.home_chargers import HomeChargerRow
from eosvolt.projections.locations import LocationRow
from eosvolt.projections.payments import PaymentRow
from eosvolt.projections.session_row import SessionRow

# A location with whose it is, its plugs by charger and number, and the metres to it where a place was named.
FoundPlace = tuple[LocationRow, CompanyRow, Sequence[ConnectorRow], int | None]


class DriverQueries(Protocol):
    """Questions of drivers. Homes are no places; hidden locations are in no list."""

    async def locations(self, wanted: PlaceFilter, *, cursor: str | None, limit: int) -> Page[FoundPlace]:
        """A page of locations; raises ``Unanswerable`` for a cursor of another order."""
        ...

    async def location(self, company: int, location: str) -> FoundPlace | None:
        """One location, also a hidden one; ``None`` for one that is removed or not there."""
        ...

    async def location_of(self, company: int, charge_box_id: str) -> FoundPlace | None:
        """The location of a charger, also a hidden one or a home."""
        ...

    async def sessions(
        self, customers: Sequence[DriverCustomer], driver: str, *, cursor: str | None, limit: int
    ) -> Page[SessionRow]:
        """A page of the sessions of these customers and of those that the driver pays for, newest first."""
        ...

    async def payment(self, driver: str, wanted: str) -> PaymentRow | None:
        """The driver's payment with this id, or for the session with this id."""
        ...

    async def bookings(
        self, customers: Sequence[DriverCustomer], *, over: bool, cursor: str | None, limit: int
    ) -> Page[BookingRow]:
        """A page of the bookings of these customers that are ``over``, the latest first, or of the others."""
        ...

    async def booking(self, customers: Sequence[DriverCustomer], booking: str) -> BookingRow | None:
        """The booking with this id, or the slots held under it, of one of these customers."""
        ...

    async def homes(self, customers: Sequence[DriverCustomer]) -> Sequence[HomeChargerRow]:
        """The home chargers that these customers own."""
        ...

    async def home_with_code(self, digest: str) -> HomeOfCode | None:
        """The home charger for which a code with this SHA-256 was issued last."""
        ...
