"""Adding a charger, changing it and taking it away."""

from collections.abc import Callable

from msgspec import UNSET, UnsetType
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.web.chargers.form_data import (
    LABELS,
    VALUES,
    ChargerWish,
    in_words,
    lines_of,
    shown,
    typed,
    values_of,
)
from eosvolt.adapters.http.web.chargers.plug_form import PlugLine, plugs_text, specs
from eosvolt.adapters.http.web.shell.addresses import segment
from eosvolt.adapters.http.web.shell.labels import SECURITY_PROFILES
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate, lost_update, seen_version
from eosvolt.adapters.http.web.shell.page_request import Pages, Visit, gone_to, show
from eosvolt.adapters.http.web.shell.removal import Removal, ask_before
from eosvolt.application.charger_changes import ChargerTerms
from eosvolt.application.operations import chargers
from eosvolt.application.operations.chargers import ChargerById, ChargerChange, NewCharger
from eosvolt.application.operations.operation import ChangedMeanwhile
from eosvolt.domain.charge_points.events import Conformance
from eosvolt.domain.kernel import Rejected
from eosvolt.projections.charge_points import ChargePointRow

NEEDED = "Please type the new one."
WHICH = "Please choose one."

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


async def blank(visit: Visit) -> Response:
    """The form for a new charger."""
    location = visit.ask("location") or (visit.places.rows[0].location if visit.places.rows else "")
    # The list of unknown chargers sends here with the id of one that knocked.
    values = {**dict.fromkeys(VALUES, ""), "location": location}
    empty = ChargerWish(visit.ask("chargeBoxId"), values, "", (PlugLine("1", "iec62196T2", "22"),), {})
    return await _new(visit, empty)


async def add(visit: Visit) -> Response:
    """Make the charger known."""
    wish = typed(visit)
    if problem := await _id_problem(visit, wish.charge_box_id):
        # What stands first on the page is said first.
        wish = wish._replace(problems={"chargeBoxId": problem} | wish.problems)
    if not wish.problems:
        wanted = NewCharger(
            charger=wish.charge_box_id,
            location=wish.values["location"],
            connectors=specs(wish.plugs),
            password=wish.password or None,
            held=bool(wish.values["held"]),
        )
        try:
            await visit.run(chargers.add, wanted)
        except Rejected as refusal:
            wish.problems["chargeBoxId"] = str(refusal)
        else:
            return gone_to(f"/chargers/{segment(wish.charge_box_id)}")
    return await _new(visit, wish, 422)


async def _id_problem(visit: Visit, charge_box_id: str) -> str:
    if not chargers.CHARGE_BOX_ID.fullmatch(charge_box_id):
        return "1 to 48 characters, without a colon and without a blank at either end."
    known = await visit.queries.charge_point(visit.number, charge_box_id)
    return "" if known is None or known.removed else f"There is already a charger {charge_box_id}."


async def _new(visit: Visit, wish: ChargerWish, status: int = 200) -> Response:
    links, speaks_tls = visit.dependencies.charger_links(visit.number), visit.dependencies.speaks_tls
    return await show(
        visit,
        "chargers/form.html",
        status=status,
        page="chargers",
        wish=wish,
        row=None,
        lost=None,
        links=links,
        speaks_tls=speaks_tls,
    )


async def present(visit: Visit) -> Response:
    """The form, as the charger is."""
    row = await charger_row(visit)
    return await _form(visit, row, ChargerWish(row.charge_box_id, values_of(row), "", lines_of(row), {}))


async def edit(visit: Visit) -> Response:
    """Change the charger."""
    row = await charger_row(visit)
    wish = typed(visit)._replace(charge_box_id=row.charge_box_id)
    wants = visit.filled("access", "keep")
    if wants not in _PASSWORDS:
        wish.problems["password"] = WHICH
    if wants == "set" and not wish.password:
        wish.problems["password"] = NEEDED
    if wish.problems:
        return await _form(visit, row, wish)
    seen, values = seen_version(visit), wish.values
    terms = ChargerTerms(
        location=values["location"],
        connectors=specs(wish.plugs),
        password=_PASSWORDS[wants](wish.password),
        disabled=bool(values["disabled"]),
        conformance=_conformance(visit, row),
        assume_protocol=bool(values["assumeProtocol"]),
        security_profile=_profile(visit, row),
        held=bool(values["held"]),
    )
    since = None if seen is None else max(seen, default=0)
    try:
        await visit.run(chargers.change, ChargerChange(charger=row.charge_box_id, terms=terms, since=since))
    except Rejected as refusal:
        wish.problems["plugs"] = str(refusal)
        return await _form(visit, row, wish)
    except ChangedMeanwhile as refusal:
        return await _lost(visit, row, wish, refusal)
    return gone_to(f"/chargers/{segment(row.charge_box_id)}", "Changes saved.")


async def _lost(visit: Visit, row: ChargePointRow, wish: ChargerWish, refusal: ChangedMeanwhile) -> Response:
    """The form with what was typed and what others changed."""
    mine = {**wish.values, "plugs": plugs_text(wish.plugs)}
    lost = lost_update(visit, refusal, shown, mine, LABELS)
    theirs = lost.values["plugs"] == plugs_text(lines_of(refusal.now))
    merged = wish._replace(values=lost.values, plugs=lines_of(refusal.now) if theirs else wish.plugs)
    said = (in_words(visit, each) for each in lost.differences)
    return await _form(visit, row, merged, lost._replace(differences=tuple(said)))


async def _form(
    visit: Visit, row: ChargePointRow, wish: ChargerWish, lost: LostUpdate | None = None
) -> Response:
    return await show(
        visit,
        "chargers/form.html",
        status=422 if wish.problems else 409 if lost else 200,
        page="chargers",
        wish=wish,
        row=row,
        lost=lost,
        version=lost.version if lost else visit.filled("version") or row.version,
    )


async def release(visit: Visit) -> Response:
    """The charger is told to wait no longer, and asked to boot where it waits."""
    row = await charger_row(visit)
    released = ChargerChange(charger=row.charge_box_id, terms=ChargerTerms(held=False))
    await visit.run(chargers.change, released)
    return gone_to(f"/chargers/{segment(row.charge_box_id)}", f"{row.charge_box_id} is released.")


async def ask(visit: Visit) -> Response:
    """Ask for the charger's name."""
    return await ask_before(visit, _removal(await charger_row(visit)))


async def remove(visit: Visit) -> Response:
    """Forget the charger, where its name was typed."""
    row = await charger_row(visit)
    if visit.filled("name") != row.charge_box_id:
        return await ask_before(visit, _removal(row), "This is not the charge box id.")
    try:
        await visit.run(chargers.remove, ChargerById(charger=row.charge_box_id))
    except Rejected as refusal:
        return await ask_before(visit, _removal(row), str(refusal))
    return gone_to("/chargers", f"{row.charge_box_id} is removed. Its history stays.")


def _removal(row: ChargePointRow) -> Removal:
    return Removal(
        page="chargers",
        name=row.charge_box_id,
        what="charger",
        back=f"/chargers/{segment(row.charge_box_id)}",
        consequence="It may not connect any more. Its sessions and its history stay.",
    )


async def charger_row(visit: Visit) -> ChargePointRow:
    """The charger that the path names. 404 where there is none."""
    row = await visit.queries.charge_point(visit.number, visit.place("charger"))
    if row is None or row.removed:
        raise not_found("There is no such charger.")
    return row


def _conformance(visit: Visit, row: ChargePointRow) -> Conformance:
    wanted = visit.filled("conformance")
    return Conformance(wanted) if wanted in set(Conformance) else row.conformance


def _profile(visit: Visit, row: ChargePointRow) -> int:
    wanted = visit.filled("securityProfile")
    return int(wanted) if wanted in SECURITY_PROFILES else row.security_profile
