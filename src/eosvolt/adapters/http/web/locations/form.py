"""Adding a location with its tariff, changing both, and closing it."""

from uuid import uuid4

from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.ports.queries import SessionFilter
from eosvolt.adapters.http.web.locations.form_data import (
    LABELS,
    LocationFormData,
    blank,
    checked,
    kept,
    known,
    typed,
)
from eosvolt.adapters.http.web.locations.tariff_data import windows_text
from eosvolt.adapters.http.web.locations.tariff_example import (
    ExampleSession,
    example_of,
    fields_of,
    session_of,
)
from eosvolt.adapters.http.web.locations.view_models import LocationFormPage, TariffExample
from eosvolt.adapters.http.web.map_tiles import tiles_of
from eosvolt.adapters.http.web.shell.choices import CURRENCIES, time_zones
from eosvolt.adapters.http.web.shell.location_labels import CABLES
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate, form_version, lost_update, seen_version
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.shell.removal import Removal, ask_before
from eosvolt.application.geocoding import on_earth
from eosvolt.application.operations import locations
from eosvolt.application.operations.locations import (
    LocationChangeInput,
    LocationRemoval,
    LocationTerms,
    NewLocationInput,
)
from eosvolt.application.operations.operation import ChangedMeanwhile
from eosvolt.application.permissions import require_at
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.locations.homes import is_home
from eosvolt.domain.tariffs.tariff import BLOCKING_INTERVALS, Tariff
from eosvolt.projections.locations import LocationRow

OF_WINDOWS = frozenset({"from", "to", "windowPrice"})


def location_form_routes(pages: Pages) -> list[Route]:
    """``/locations/new``, its worked example, and ``edit`` and ``remove`` of one."""
    return [
        pages.form("/locations/new", new, add, needs=locations.VIEW, marks=True, operation=locations.add),
        pages.get("/locations/example", example, needs=locations.VIEW),
        pages.get("/locations/time-zone", time_zone, needs=locations.VIEW),
        pages.form(
            "/locations/{location}/edit",
            present,
            edit,
            needs=locations.VIEW,
            marks=True,
            operation=locations.change,
        ),
        pages.form(
            "/locations/{location}/remove", ask, remove, needs=locations.VIEW, operation=locations.remove
        ),
    ]


async def new(request: PageRequest) -> Response:
    """The form for a new location."""
    first = request.locations.rows[0].tariff if request.locations.rows else None
    return await _form(request, blank(first, request.company.preferences), {}, None)


async def add(request: PageRequest) -> Response:
    """Open the location."""
    form_data = typed(request.form)
    wrong, terms, tariff = checked(form_data)
    wrong |= _invisible_characters(request)
    if wrong or terms is None or request.form_value("check"):
        return await _form(request, form_data, wrong, None, tariff)
    key = await request.run(locations.add, NewLocationInput(location=str(uuid4()), terms=terms))
    return redirect(f"/locations/{key}", gettext("Location created."))


async def example(request: PageRequest) -> Response:
    """What the form's tariff would cost, while it is filled in; nothing is changed or kept."""
    _, _, tariff = checked(typed(request.raw.query_params))
    session = session_of(request.raw.query_params)
    worked = None if tariff is None or session is None else example_of(tariff, request.now, session)
    return await show(request, TariffExample(example=worked, tariff=tariff))


async def time_zone(request: PageRequest) -> Response:
    """The time zone at the pin, as a suggestion; empty where none is known or there is no such place."""
    try:
        latitude, longitude = (float(request.query(name)) for name in ("latitude", "longitude"))
    except ValueError:
        return PlainTextResponse("")
    if not on_earth(latitude, longitude):
        return PlainTextResponse("")
    found = await request.dependencies.time_zones.at(latitude, longitude)
    return PlainTextResponse(found if found in time_zones() else "")


async def present(request: PageRequest) -> Response:
    """The form, as the location is."""
    row = await location_row(request)
    return await _form(request, known(row), {}, row, row.tariff)


async def edit(request: PageRequest) -> Response:
    """Change the description for drivers and the tariff of future sessions; both or neither."""
    row = await location_row(request)
    form_data = typed(request.form)
    wrong, terms, tariff = checked(form_data)
    wrong |= _invisible_characters(request)
    if wrong or terms is None or request.form_value("check"):
        return await _form(request, form_data, wrong, row, tariff)
    wanted = LocationChangeInput(
        location=row.location, changed=lambda before: kept(before, terms), seen=seen_version(request)
    )
    try:
        await request.run(locations.change, wanted)
    except Rejected as refusal:
        return await _form(request, form_data, {"currency": translated(refusal)}, row, tariff)
    except ChangedMeanwhile as refusal:
        return await _lost(request, form_data, row, refusal)
    return redirect(f"/locations/{row.location}", gettext("Changes saved."))


async def _lost(
    request: PageRequest, form_data: LocationFormData, row: LocationRow, refusal: ChangedMeanwhile
) -> Response:
    """The form with what was typed and what others changed."""
    typed_values = form_data.values | {"windows": windows_text(form_data.windows)}
    lost = lost_update(request, refusal, _values, typed_values, LABELS)
    present = known(refusal.now)
    theirs = lost.values["windows"] == windows_text(present.windows)
    merged = LocationFormData(lost.values, present.windows if theirs else form_data.windows)
    return await _form(request, merged, {}, row, checked(merged)[2], lost)


def _values(terms: LocationTerms) -> dict[str, str]:
    form_data = known(terms)
    return form_data.values | {"windows": windows_text(form_data.windows)}


async def ask(request: PageRequest) -> Response:
    """Ask for the location's name."""
    return await ask_before(request, _removal(await location_row(request)))


async def remove(request: PageRequest) -> Response:
    """Close the location, where its name was typed."""
    row = await location_row(request)
    if request.form_value("name") != row.name:
        return await ask_before(request, _removal(row), gettext("This is not its name."))
    try:
        await request.run(locations.remove, LocationRemoval(location=row.location))
    except Rejected as refusal:
        return await ask_before(request, _removal(row), translated(refusal))
    return redirect("/locations", gettext("Location {name} removed. Its history stays.", name=row.name))


def _removal(row: LocationRow) -> Removal:
    return Removal(
        page="locations",
        name=row.name,
        what=gettext("location"),
        back=f"/locations/{row.location}",
        consequence=gettext("It is no longer shown or used. Its sessions and its history stay."),
    )


async def location_row(request: PageRequest) -> LocationRow:
    """The location that the path names. 404 where there is none."""
    require_at(request.actor.grants, (request.path_parameter("location"),))
    row = await request.queries.location(request.number, request.path_parameter("location"))
    if row is None or row.removed or is_home(row.location):
        raise not_found(gettext("There is no such location."))
    return row


def _invisible_characters(request: PageRequest) -> dict[str, str]:
    """Fields with characters that cannot be seen; those of windows are one."""
    return {
        "windows" if name in OF_WINDOWS else name: problem
        for name, problem in request.invisible_characters.items()
    }


async def _form(
    request: PageRequest,
    form_data: LocationFormData,
    wrong: dict[str, str],
    row: LocationRow | None,
    tariff: Tariff | None = None,
    lost: LostUpdate | None = None,
) -> Response:
    used = (
        row is not None
        and (
            await request.queries.sessions(request.number, SessionFilter(location=row.location), limit=1)
        ).items
    )
    session = session_of(request.form) or ExampleSession()
    return await show(
        request,
        LocationFormPage(
            lost=lost,
            version=form_version(request, lost, row.version if row else ""),
            form_data=form_data,
            problems=wrong,
            row=row,
            zones=time_zones(),
            currencies=CURRENCIES,
            intervals=BLOCKING_INTERVALS,
            currency_settled=bool(used),
            example_tariff=tariff,
            example=None if tariff is None else example_of(tariff, request.now, session),
            session_data=fields_of(session),
            cables={key: str(text) for key, text in CABLES.items()},
            tiles=tiles_of(request),
            geocoding=request.dependencies.geocoder is not None,
        ),
        status=422 if wrong else 409 if lost else 200,
    )
