"""One location: its figures, chargers and newest sessions, its tariff with a bill as an example."""

from collections.abc import Sequence
from datetime import datetime

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.ports.queries import Figures, SessionFilter
from eosvolt.adapters.http.web.chargers.page import MEASURED
from eosvolt.adapters.http.web.locations.form import location_row
from eosvolt.adapters.http.web.locations.one.changes import changes_of
from eosvolt.adapters.http.web.locations.one.view_models import (
    LocationChanges,
    LocationChargers,
    LocationFigures,
    LocationPage,
    LocationRecent,
    LocationRefused,
    Opening,
)
from eosvolt.adapters.http.web.locations.pins import pins
from eosvolt.adapters.http.web.locations.rules.access_data import days_text
from eosvolt.adapters.http.web.locations.rules.holders import holders_of
from eosvolt.adapters.http.web.locations.rules.hours_data import ranges_text
from eosvolt.adapters.http.web.locations.rules.listed_customers import listed_customers
from eosvolt.adapters.http.web.locations.tariff_example import example_of
from eosvolt.adapters.http.web.map_tiles import tiles_of
from eosvolt.adapters.http.web.sessions.table import session_table
from eosvolt.adapters.http.web.shell.addresses import picture_address, segment
from eosvolt.adapters.http.web.shell.formats import count, energy, lasting, minor, period_name, power, rate
from eosvolt.adapters.http.web.shell.location_labels import CABLES, REFUSALS, WEEKDAYS, WHO
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.application.operations.locations import VIEW
from eosvolt.domain.calendar import local_date
from eosvolt.domain.locations.homes import is_home
from eosvolt.domain.locations.opening_hours import ALWAYS_OPEN
from eosvolt.projections.locations import LocationRow
from eosvolt.projections.uptime_share import lives, share

SESSIONS = 10
_COLUMNS = ("number", "status", "startedAt", "duration", "plug", "token", "energy", "total")


def location_routes(pages: Pages) -> list[Route]:
    """``/locations/{location}``."""
    return [pages.get("/locations/{location}", location_page, needs=VIEW, past=True)]


async def location_page(request: PageRequest) -> Response:
    """The page, or one of its parts. A home has the page of its home charger."""
    if is_home(request.path_parameter("location")):
        return redirect(f"/home-chargers/{segment(request.path_parameter('location'))}")
    row = await location_row(request)
    parts = {"figures": _figures, "chargers": _chargers, "refused": _refused, "changes": _changes}
    if request.may("view", "sessions"):
        parts["recent"] = _recent
    groups = await request.queries.customer_groups(request.number)
    return await show(
        request,
        LocationPage(
            row=row,
            example=example_of(row.tariff, request.then),
            opening=opening_of(row, request.then),
            listed=await holders_of(request, row.details.authorized_tokens),
            let_in=[each.name for each in groups if each.group in row.access.customer_groups],
            customers=await listed_customers(request, row.access.customers),
            schedule=[
                (days_text(each.weekdays), ranges_text((each.range,)), str(WHO[each.who.value]))
                for each in row.access.schedule
            ],
            cables={key: str(text) for key, text in CABLES.items()},
            image=picture_address(row.info.image),
            pins=pins([row], lambda _: ""),
            tiles=tiles_of(request),
        ),
        parts,
    )


def opening_of(row: LocationRow, at: datetime) -> Opening:
    """The opening hours in words, as they are at an instant."""
    hours, zone = row.access.opening_hours, row.tariff.time_zone
    is_open = hours.is_open(at, zone)
    coming = local_date(at, zone)
    return Opening(
        open=is_open,
        opens_at=None if is_open else hours.next_opening(at, zone),
        always=hours.week == ALWAYS_OPEN,
        week=[(str(name), ranges_text(ranges)) for name, ranges in zip(WEEKDAYS, hours.week, strict=True)],
        exceptions=[(each.day, ranges_text(each.ranges)) for each in hours.exceptions if each.day >= coming],
    )


async def _refused(request: PageRequest) -> LocationRefused:
    row = await location_row(request)
    refused = await request.queries.refused_starts(request.number, location=row.location, limit=SESSIONS)
    return LocationRefused(
        row=row, refused=refused, refusals={key: str(text) for key, text in REFUSALS.items()}
    )


async def _changes(request: PageRequest) -> LocationChanges:
    row = await location_row(request)
    facts = await request.queries.location_facts(request.number, row.location)
    return LocationChanges(row=row, changes=changes_of(facts))


async def _chargers(request: PageRequest) -> LocationChargers:
    row = await location_row(request)
    chargers = await request.queries.charge_points(request.number, location=row.location)
    plugs = await request.queries.connectors(request.number, location=row.location)
    return LocationChargers(
        row=row, chargers=chargers, plugs=sorted(plugs, key=lambda plug: (plug.charge_point, plug.connector))
    )


async def _recent(request: PageRequest) -> LocationRecent:
    row = await location_row(request)
    found = await request.queries.sessions(
        request.number, SessionFilter(location=row.location), limit=SESSIONS
    )
    return LocationRecent(row=row, recent=session_table(request, found.items, columns=_COLUMNS))


async def _figures(request: PageRequest) -> LocationFigures:
    """Title, value and what it is compared with, or consists of, for each figure."""
    row = await location_row(request)
    currency, zone = row.tariff.currency, row.tariff.time_zone
    today = local_date(request.then, zone)
    figures: list[tuple[str, str, str]] = []
    for period, title in (("day", gettext("today")), ("month", gettext("this month"))):
        found = await request.queries.summary(
            request.number, period, today, now=request.then, time_zone=zone, location=row.location
        )
        name = period_name(period, found.compared.since, found.compared.until, found.since)
        sums, before = _in(found.figures, currency), _in(found.compared.figures, currency)
        figures += [
            (
                gettext("Revenue {period}", period=title),
                minor(sums.gross, currency),
                f"{name}: {minor(before.gross, currency)}",
            ),
            (
                gettext("Energy {period}", period=title),
                energy(sums.energy_wh),
                f"{name}: {energy(before.energy_wh)}",
            ),
        ]
        if period == "month":
            figures.append(
                (gettext("Sessions this month"), count(sums.sessions), f"{name}: {count(before.sessions)}")
            )
    plugs = await request.queries.connectors(request.number, location=row.location)
    free = sum(1 for plug in plugs if plug.shown == "Available")
    drawn = power(sum(plug.power_w or 0 for plug in plugs if plug.shown != "Offline"))
    figures.append((gettext("Plugs available"), f"{free} / {len(plugs)}", drawn))
    if request.as_of is None:
        figures.append(await _uptime(request, row))
    return LocationFigures(row=row, figures=figures)


async def _uptime(request: PageRequest, row: LocationRow) -> tuple[str, str, str]:
    up = share(
        lives(await request.queries.uptimes(request.number, location=row.location)),
        request.now - MEASURED,
        request.now,
        request.now,
    )
    down = "" if up.uptime is None else gettext("{down} of plug time down", down=lasting(up.down))
    return gettext("Uptime, 30 days"), rate(up.uptime), down


def _in(figures: Sequence[Figures], currency: str) -> Figures:
    none = Figures(currency=currency, gross=0, net=0, vat=0, energy_wh=0, sessions=0)
    return next((each for each in figures if each.currency == currency), none)
