"""Sessions as rows of a table: with their price so far, where they are still running."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from eosvolt.adapters.http.pricing import Priced, average_price, priced
from eosvolt.adapters.http.web.visit import Visit
from eosvolt.adapters.http.web.words import ACTIVE_STATES
from eosvolt.domain.money import Money
from eosvolt.projections.session_row import SessionRow


class SessionLine(NamedTuple):
    """A session and what follows from it at the instant the page is about."""

    row: SessionRow
    price: Priced
    average: Money | None
    place: str
    duration: timedelta
    active: bool


def session_lines(visit: Visit, rows: Iterable[SessionRow]) -> list[SessionLine]:
    """The rows, priced."""
    return [session_line(visit, row) for row in rows]


def session_line(visit: Visit, row: SessionRow) -> SessionLine:
    """One row, priced."""
    price = priced(row, visit.then)
    return SessionLine(
        row=row,
        price=price,
        average=average_price(price, row.energy_wh),
        place=visit.places.name(row.location),
        duration=(row.ended_at or visit.then) - row.started_at,
        active=row.status in ACTIVE_STATES and visit.as_of is None,
    )
