"""Adding a charger, changing it and taking it away."""

from collections.abc import Callable

from msgspec import UNSET, UnsetType
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.web.chargers.form_data import (
    LABELS,
    VALUES,
    ChargerFormData,
    in_words,
    lines_of,
    shown,
    typed,
    values_of,
)
from eosvolt.adapters.http.web.chargers.view_models import ChargerFormPage
from eosvolt.adapters.http.web.shell.addresses import segment
from eosvolt.adapters.http.web.shell.labels import SECURITY_PROFILES
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate, form_version, lost_update, seen_version
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.plug_form import PlugInput, plugs_text, specs
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.shell.removal import Removal, ask_before
from eosvolt.application.charger_changes import ChargerTerms
from eosvolt.application.operations import chargers
from eosvolt.application.operations.chargers import ChargerById, ChargerChangeInput, NewChargerInput
from eosvolt.application.operations.operation import ChangedMeanwhile
from eosvolt.domain.charge_points.events import Conformance
from eosvolt.domain.kernel import Rejected
from eosvolt.projections.charge_points import ChargePointRow

NEEDED = Text("Please type the new one.")
WHICH = Text("Please choose one.")

# What is to become of the password, from what was typed.
_PASSWORDS: dict[str, Callable[[str], str | UnsetType | None]] = {
    "keep": lambda _: UNSET,
    "set": lambda typed: typed,
    "none": lambda _: None,
}


def charger_form_routes(pages: Pages) -> list[Route]:
    """``/chargers/new``, and ``edit``, ``release`` and ``remove`` of one."""
    return [
        pages.form("/chargers/new", blank, add, needs=chargers.VIEW, marks=True, operation=chargers.add),
        pages.form(
            "/chargers/{charger}/edit",
            present,
            edit,
            needs=chargers.VIEW,
            marks=True,
            operation=chargers.change,
        ),
        pages.post("/chargers/{charger}/release", release, operation=chargers.change),
        pages.form("/chargers/{charger}/remove", ask, remove, needs=chargers.VIEW, operation=chargers.remove),
    ]


async def blank(request: PageRequest) -> Response:
    """The form for a new charger."""
    location = request.query("location") or (
        request.locations.rows[0].location if request.locations.rows else ""
    )
    # The list of unknown chargers sends here with the id of one that attempted.
    values = {**dict.fromkeys(VALUES, ""), "location": location}
    empty = ChargerFormData(
        request.query("chargeBoxId"), values, "", (PlugInput("1", "iec62196T2", "22"),), {}
    )
    return await _new(request, empty)


async def add(request: PageRequest) -> Response:
    """Make the charger known."""
    form_data = typed(request)
    if problem := await _id_problem(request, form_data.charge_box_id):
        # Findings in the order of the fields.
        form_data = form_data._replace(problems={"chargeBoxId": problem} | form_data.problems)
    if not form_data.problems:
        wanted = NewChargerInput(
            charger=form_data.charge_box_id,
            location=form_data.values["location"],
            connectors=specs(form_data.plugs),
            password=form_data.password or None,
            held=bool(form_data.values["held"]),
        )
        try:
            await request.run(chargers.add, wanted)
        except Rejected as refusal:
            form_data.problems["chargeBoxId"] = translated(refusal)
        else:
            return redirect(f"/chargers/{segment(form_data.charge_box_id)}")
    return await _new(request, form_data, 422)


async def _id_problem(request: PageRequest, charge_box_id: str) -> str:
    if not chargers.CHARGE_BOX_ID.fullmatch(charge_box_id):
        return gettext("1 to 48 characters, without a colon and without a blank at either end.")
    known = await request.queries.charge_point(request.number, charge_box_id)
    return (
        ""
        if known is None or known.removed
        else gettext("There is already a charger {charge_box_id}.", charge_box_id=charge_box_id)
    )


async def _new(request: PageRequest, form_data: ChargerFormData, status: int = 200) -> Response:
    links, speaks_tls = request.dependencies.charger_links(request.number), request.dependencies.speaks_tls
    return await show(
        request,
        ChargerFormPage(form_data=form_data, row=None, lost=None, links=links, speaks_tls=speaks_tls),
        status=status,
    )


async def present(request: PageRequest) -> Response:
    """The form, as the charger is."""
    row = await charger_row(request)
    return await _form(
        request, row, ChargerFormData(row.charge_box_id, values_of(row), "", lines_of(row), {})
    )


async def edit(request: PageRequest) -> Response:
    """Change the charger."""
    row = await charger_row(request)
    form_data = typed(request)._replace(charge_box_id=row.charge_box_id)
    wants = request.form_value("access", "keep")
    if wants not in _PASSWORDS:
        form_data.problems["password"] = WHICH
    if wants == "set" and not form_data.password:
        form_data.problems["password"] = NEEDED
    if form_data.problems:
        return await _form(request, row, form_data)
    seen, values = seen_version(request), form_data.values
    terms = ChargerTerms(
        location=values["location"],
        connectors=specs(form_data.plugs),
        password=_PASSWORDS[wants](form_data.password),
        disabled=bool(values["disabled"]),
        conformance=_conformance(request, row),
        assume_protocol=bool(values["assumeProtocol"]),
        security_profile=_profile(request, row),
        held=bool(values["held"]),
    )
    since = None if seen is None else max(seen, default=0)
    try:
        await request.run(
            chargers.change, ChargerChangeInput(charger=row.charge_box_id, terms=terms, since=since)
        )
    except Rejected as refusal:
        form_data.problems["plugs"] = translated(refusal)
        return await _form(request, row, form_data)
    except ChangedMeanwhile as refusal:
        return await _lost(request, row, form_data, refusal)
    return redirect(f"/chargers/{segment(row.charge_box_id)}", gettext("Changes saved."))


async def _lost(
    request: PageRequest, row: ChargePointRow, form_data: ChargerFormData, refusal: ChangedMeanwhile
) -> Response:
    """The form with what was typed and what others changed."""
    mine = {**form_data.values, "plugs": plugs_text(form_data.plugs)}
    lost = lost_update(request, refusal, shown, mine, LABELS)
    theirs = lost.values["plugs"] == plugs_text(lines_of(refusal.now))
    merged = form_data._replace(
        values=lost.values, plugs=lines_of(refusal.now) if theirs else form_data.plugs
    )
    sentences = (in_words(request, each) for each in lost.differences)
    return await _form(request, row, merged, lost._replace(differences=tuple(sentences)))


async def _form(
    request: PageRequest, row: ChargePointRow, form_data: ChargerFormData, lost: LostUpdate | None = None
) -> Response:
    return await show(
        request,
        ChargerFormPage(
            form_data=form_data,
            row=row,
            lost=lost,
            version=form_version(request, lost, row.version),
        ),
        status=422 if form_data.problems else 409 if lost else 200,
    )


async def release(request: PageRequest) -> Response:
    """Release a held charger: it is accepted and asked to boot again."""
    row = await charger_row(request)
    released = ChargerChangeInput(charger=row.charge_box_id, terms=ChargerTerms(held=False))
    await request.run(chargers.change, released)
    return redirect(
        f"/chargers/{segment(row.charge_box_id)}",
        gettext("{charge_box_id} is released.", charge_box_id=row.charge_box_id),
    )


async def ask(request: PageRequest) -> Response:
    """Ask for the charger's name."""
    return await ask_before(request, _removal(await charger_row(request)))


async def remove(request: PageRequest) -> Response:
    """Forget the charger, where its name was typed."""
    row = await charger_row(request)
    if request.form_value("name") != row.charge_box_id:
        return await ask_before(request, _removal(row), gettext("This is not the charge box id."))
    try:
        await request.run(chargers.remove, ChargerById(charger=row.charge_box_id))
    except Rejected as refusal:
        return await ask_before(request, _removal(row), translated(refusal))
    return redirect(
        "/chargers",
        gettext("{charge_box_id} is removed. Its history stays.", charge_box_id=row.charge_box_id),
    )


def _removal(row: ChargePointRow) -> Removal:
    return Removal(
        page="chargers",
        name=row.charge_box_id,
        what=gettext("charger"),
        back=f"/chargers/{segment(row.charge_box_id)}",
        consequence=gettext("It may not connect any more. Its sessions and its history stay."),
    )


async def charger_row(request: PageRequest) -> ChargePointRow:
    """The charger that the path names. 404 where there is none."""
    row = await request.queries.charge_point(request.number, request.path_parameter("charger"))
    if row is None or row.removed:
        raise not_found(gettext("There is no such charger."))
    return row


def _conformance(request: PageRequest, row: ChargePointRow) -> Conformance:
    wanted = request.form_value("conformance")
    return Conformance(wanted) if wanted in set(Conformance) else row.conformance


def _profile(request: PageRequest, row: ChargePointRow) -> int:
    wanted = request.form_value("securityProfile")
    return int(wanted) if wanted in SECURITY_PROFILES else row.security_profile
