"""Sessions as rows of a table: with their price so far, where they are still running."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from eosvolt.adapters.http.presentation.pricing import Priced, average_rate, priced
from eosvolt.adapters.http.web.shell.labels import ACTIVE_STATES
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.application.payment_methods import payment_method
from eosvolt.projections.session_row import SessionRow

# What a list of sessions beside other things shows; the page of all sessions has every column.
SHORT_COLUMNS = ("number", "status", "startedAt", "duration", "location", "plug", "token", "energy", "total")


class SessionLine(NamedTuple):
    """A session and what follows from it at the instant the page is about.

    ``average`` is the price per kWh, ``None`` where nothing was drawn.
    """

    row: SessionRow
    price: Priced
    average: Decimal | None
    place: str
    duration: timedelta
    active: bool
    payment_method: str


class SessionTable(NamedTuple):
    """What the table of sessions is drawn from.

    ``sort`` is the order it is in, one of ``sorts`` or that after a ``-``; empty where it cannot be chosen.
    ``zones_mix``: there are times of several zones, so each shows its own. ``chosen``: somebody chose
    the columns, so all of them show, however narrow the window. ``people`` are customers' names by id.
    """

    lines: Sequence[SessionLine]
    columns: Sequence[str] = SHORT_COLUMNS
    sort: str = ""
    sorts: Sequence[str] = ()
    zones_mix: bool = False
    chosen: bool = False
    people: Mapping[str, str] = {}


def session_table(
    request: PageRequest,
    rows: Iterable[SessionRow],
    *,
    columns: Sequence[str] = SHORT_COLUMNS,
    sort: str = "",
    sorts: Sequence[str] = (),
    chosen: bool = False,
    people: Mapping[str, str] = {},
) -> SessionTable:
    """The rows, priced, in a table."""
    lines = [session_line(request, row) for row in rows]
    return SessionTable(lines, columns, sort, sorts, zones_mix(request), chosen, people)


def session_line(request: PageRequest, row: SessionRow) -> SessionLine:
    """One row, priced."""
    price = priced(row, request.then)
    return SessionLine(
        row=row,
        price=price,
        average=average_rate(price, row.energy_wh),
        place=request.locations.name(row.location),
        duration=(row.ended_at or request.then) - row.started_at,
        active=row.status in ACTIVE_STATES and request.as_of is None,
        payment_method=payment_method(row.customer, row.payment).value,
    )


def zones_mix(request: PageRequest) -> bool:
    """Whether the company's locations have clocks that differ."""
    zones = {row.tariff.time_zone for row in request.locations.rows}
    return len({request.then.astimezone(ZoneInfo(zone)).utcoffset() for zone in zones}) > 1
