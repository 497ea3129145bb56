"""Adding a location with its tariff, changing both, and closing it."""

from functools import cache
from uuid import uuid4
from zoneinfo import available_timezones

from msgspec.structs import replace
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.ports import SessionFilter
from eosvolt.adapters.http.problems import not_found
from eosvolt.adapters.http.web.location_wish import LocationWish, blank, checked, kept, known, typed
from eosvolt.adapters.http.web.removal import Removal, ask_before
from eosvolt.adapters.http.web.tariff_example import example_of
from eosvolt.adapters.http.web.visit import Pages, Visit, gone_to, show
from eosvolt.application.executor import Plan
from eosvolt.domain.kernel import Order, Rejected
from eosvolt.domain.locations.commands import AddLocation, ChangeLocation, ChangeTariff, RemoveLocation
from eosvolt.domain.locations.decider import locations
from eosvolt.domain.tariffs.tariff import BLOCKING_INTERVALS, Tariff
from eosvolt.projections.locations import LocationRow

CURRENCIES = ("EUR", "CHF", "CZK", "DKK", "GBP", "HUF", "JPY", "KWD", "NOK", "PLN", "RON", "SEK", "USD")

_OF_WINDOWS = frozenset({"from", "to", "windowPrice"})


def location_form_routes(pages: Pages) -> list[Route]:
    """``/locations/new``, its worked example, and ``edit`` and ``remove`` of one."""
    return [
        pages.form("/locations/new", new, add, marks=True),
        pages.get("/locations/example", example),
        pages.form("/locations/{location}/edit", present, edit, marks=True),
        pages.form("/locations/{location}/remove", ask, remove),
    ]


async def new(visit: Visit) -> Response:
    """The form for a new location."""
    return await _form(visit, blank(visit.places.rows[0].tariff if visit.places.rows else None), {}, None)


async def add(visit: Visit) -> Response:
    """Open the location."""
    wish = typed(visit.form)
    wrong, details, tariff = checked(wish)
    wrong |= _unseen(visit)
    if wrong or details is None or tariff is None or visit.filled("check"):
        return await _form(visit, wish, wrong, None, tariff)
    key = str(uuid4())
    command = AddLocation(location=key, company=visit.number, at=visit.now, details=details, tariff=tariff)
    await visit.dependencies.application.execute(locations, key, command, visit.why)
    await visit.queries.settled()
    return gone_to(f"/locations/{key}", "Location created.")


async def example(visit: Visit) -> Response:
    """What the form's tariff would cost, while it is filled in; nothing is changed or kept."""
    wish = typed(visit.request.query_params)
    wrong, _, tariff = checked(wish._replace(values=wish.values | {"name": "example"}))
    worked = None if tariff is None else example_of(tariff, visit.now)
    return await show(visit, "locations/example_page.html", example=worked, tariff=tariff, wrong=wrong)


async def present(visit: Visit) -> Response:
    """The form, as the location is."""
    row = await location_row(visit)
    return await _form(visit, known(row), {}, row, row.tariff)


async def edit(visit: Visit) -> Response:
    """Change what drivers are told and what sessions to come cost; both or neither."""
    row = await location_row(visit)
    wish = typed(visit.form)
    wrong, details, tariff = checked(wish)
    wrong |= _unseen(visit)
    if wrong or details is None or tariff is None or visit.filled("check"):
        return await _form(visit, wish, wrong, row, tariff)
    if _in_order(tariff) == _in_order(row.tariff):
        tariff = row.tariff  # in whatever order its windows were once written
    orders = (
        Order(locations, row.location, ChangeLocation(at=visit.now, details=kept(row, details))),
        Order(locations, row.location, ChangeTariff(at=visit.now, tariff=tariff)),
    )

    async def plan() -> Plan[None]:
        return Plan(orders, None)

    try:
        await visit.dependencies.application.perform(plan, visit.why)
    except Rejected as refusal:
        return await _form(visit, wish, {"currency": str(refusal)}, row, tariff)
    await visit.queries.settled()
    return gone_to(f"/locations/{row.location}", "Changes saved.")


async def ask(visit: Visit) -> Response:
    """Ask for the location's name."""
    return await ask_before(visit, _removal(await location_row(visit)))


async def remove(visit: Visit) -> Response:
    """Close the location, where its name was typed."""
    row = await location_row(visit)
    if visit.filled("name") != row.name:
        return await ask_before(visit, _removal(row), "This is not its name.")
    chargers = await visit.queries.charge_points(visit.number, location=row.location)
    command = RemoveLocation(
        at=visit.now, charge_points=sum(1 for charger in chargers if not charger.removed)
    )
    try:
        await visit.dependencies.application.execute(locations, row.location, command, visit.why)
    except Rejected as refusal:
        return await ask_before(visit, _removal(row), str(refusal))
    await visit.queries.settled()
    return gone_to("/locations", f"Location {row.name} removed. Its history stays.")


def _removal(row: LocationRow) -> Removal:
    return Removal(
        page="locations",
        name=row.name,
        what="location",
        back=f"/locations/{row.location}",
        consequence="It is no longer shown or used. Its sessions and its history stay.",
    )


async def location_row(visit: Visit) -> LocationRow:
    """The location that the path names. 404 where there is none."""
    row = await visit.queries.location(visit.number, visit.place("location"))
    if row is None or row.removed:
        raise not_found("There is no such location.")
    return row


def _unseen(visit: Visit) -> dict[str, str]:
    """Fields with characters that cannot be seen; those of windows are one."""
    return {"windows" if name in _OF_WINDOWS else name: said for name, said in visit.unseen.items()}


def _in_order(tariff: Tariff) -> Tariff:
    return replace(tariff, windows=tuple(sorted(tariff.windows, key=lambda window: window.starts)))


async def _form(
    visit: Visit,
    wish: LocationWish,
    wrong: dict[str, str],
    row: LocationRow | None,
    tariff: Tariff | None = None,
) -> Response:
    used = (
        row is not None
        and (await visit.queries.sessions(visit.number, SessionFilter(location=row.location), limit=1)).items
    )
    return await show(
        visit,
        "locations/form.html",
        status=422 if wrong else 200,
        page="locations",
        wish=wish,
        problems=wrong,
        row=row,
        zones=_zones(),
        currencies=CURRENCIES,
        intervals=BLOCKING_INTERVALS,
        currency_settled=bool(used),
        example_tariff=tariff,
        example=example_of(tariff, visit.now) if tariff is not None and not wrong else None,
    )


@cache
def _zones() -> tuple[str, ...]:
    """Time zones that are places; the database has many more names for them."""
    return (
        "UTC",
        *(name for name in sorted(available_timezones()) if "/" in name and not name.startswith("Etc/")),
    )
