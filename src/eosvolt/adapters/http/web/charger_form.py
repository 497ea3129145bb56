"""Adding a charger, changing it and taking it away."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from msgspec import UNSET, UnsetType
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.problems import not_found
from eosvolt.adapters.http.web.addresses import segment
from eosvolt.adapters.http.web.plug_form import PlugLine, specs, typed_plugs, wrong_plugs
from eosvolt.adapters.http.web.removal import Removal, ask_before
from eosvolt.adapters.http.web.visit import Pages, Visit, gone_to, show
from eosvolt.adapters.http.web.words import SECURITY_PROFILES
from eosvolt.application.charger_changes import ChargerWish as ChargerChange
from eosvolt.domain.charge_points.commands import AddChargePoint
from eosvolt.domain.charge_points.events import Conformance
from eosvolt.domain.kernel import Rejected
from eosvolt.projections.charge_points import ChargePointRow

SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 40
NEEDED = "Please type the new one."
WHICH = "Please choose one."

_ID = re.compile(r"[^\s:\x00-\x1f\x7f]([^:\x00-\x1f\x7f]{0,46}[^\s:\x00-\x1f\x7f])?")
_OF_PLUGS = frozenset({"number", "type", "kilowatts"})
# What is to become of the password, from what was typed.
_PASSWORDS: dict[str, Callable[[str], str | UnsetType | None]] = {
    "keep": lambda _: UNSET,
    "set": lambda typed: typed,
    "none": lambda _: None,
}


class ChargerWish(NamedTuple):
    """What was typed, and what is wrong with it by field; of the plugs also by line (from 0) and field."""

    charge_box_id: str
    location: str
    password: str
    plugs: tuple[PlugLine, ...]
    problems: dict[str, str]
    held: bool = False
    wrong_plugs: Mapping[tuple[int, str], str] = {}


def charger_form_routes(pages: Pages) -> list[Route]:
    """``/chargers/new``, and ``edit``, ``release`` and ``remove`` of one."""
    return [
        pages.form("/chargers/new", blank, add, marks=True),
        pages.form("/chargers/{charger}/edit", known, edit, marks=True),
        pages.post("/chargers/{charger}/release", release),
        pages.form("/chargers/{charger}/remove", ask, remove),
    ]


async def blank(visit: Visit) -> Response:
    """The form for a new charger."""
    location = visit.ask("location") or (visit.places.rows[0].location if visit.places.rows else "")
    # The list of unknown chargers sends here with the id of one that knocked.
    empty = ChargerWish(visit.ask("chargeBoxId"), location, "", (PlugLine("1", "iec62196T2", "22"),), {})
    return await _new(visit, empty)


async def add(visit: Visit) -> Response:
    """Make the charger known."""
    wish = _typed(visit)
    if problem := await _id_problem(visit, wish.charge_box_id):
        # What stands first on the page is said first.
        wish = wish._replace(problems={"chargeBoxId": problem} | wish.problems)
    if not wish.problems:
        command = AddChargePoint(
            company=visit.number,
            charge_box_id=wish.charge_box_id,
            location=wish.location,
            connectors=specs(wish.plugs),
            at=visit.now,
            has_password=bool(wish.password),
            held=wish.held,
        )
        try:
            await visit.dependencies.chargers.add(command, wish.password or None, visit.why)
        except Rejected as refusal:
            wish.problems["chargeBoxId"] = str(refusal)
        else:
            await visit.dependencies.strangers.forget(visit.number, wish.charge_box_id)
            await visit.queries.settled()
            return gone_to(f"/chargers/{segment(wish.charge_box_id)}")
    return await _new(visit, wish, 422)


async def _id_problem(visit: Visit, charge_box_id: str) -> str:
    if not _ID.fullmatch(charge_box_id):
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
        links=links,
        speaks_tls=speaks_tls,
    )


async def known(visit: Visit) -> Response:
    """The form, as the charger is."""
    row = await charger_row(visit)
    plugs = tuple(
        PlugLine(str(each.number), each.type, f"{each.max_power_w / 1000:g}") for each in row.connectors
    )
    wish = ChargerWish(row.charge_box_id, row.location, "", plugs, {}, row.held)
    return await show(visit, "chargers/form.html", page="chargers", wish=wish, row=row)


async def edit(visit: Visit) -> Response:
    """Change the charger."""
    row = await charger_row(visit)
    wish = _typed(visit)._replace(charge_box_id=row.charge_box_id)
    wants = visit.filled("access", "keep")
    if wants not in _PASSWORDS:
        wish.problems["password"] = WHICH
    if wants == "set" and not wish.password:
        wish.problems["password"] = NEEDED
    if not wish.problems:
        change = ChargerChange(
            location=wish.location,
            connectors=specs(wish.plugs),
            password=_PASSWORDS[wants](wish.password),
            disabled=bool(visit.filled("disabled")),
            conformance=_conformance(visit, row),
            assume_protocol=bool(visit.filled("assumeProtocol")),
            security_profile=_profile(visit, row),
            held=wish.held,
        )
        try:
            await visit.dependencies.chargers.change(row.charge_point, change, visit.now, visit.why)
        except Rejected as refusal:
            wish.problems["plugs"] = str(refusal)
        else:
            await visit.queries.settled()
            return gone_to(f"/chargers/{segment(row.charge_box_id)}", "Changes saved.")
    return await show(visit, "chargers/form.html", status=422, page="chargers", wish=wish, row=row)


async def release(visit: Visit) -> Response:
    """The charger is told to wait no longer, and asked to boot where it waits."""
    row = await charger_row(visit)
    release = ChargerChange(held=False)
    await visit.dependencies.chargers.change(row.charge_point, release, visit.now, visit.why)
    await visit.queries.settled()
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
        await visit.dependencies.chargers.remove(row.charge_point, visit.now, visit.why)
    except Rejected as refusal:
        return await ask_before(visit, _removal(row), str(refusal))
    await visit.queries.settled()
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


def _typed(visit: Visit) -> ChargerWish:
    plugs = typed_plugs(visit.form)
    wrong = wrong_plugs(plugs)
    problems = {"plugs" if name in _OF_PLUGS else name: said for name, said in visit.unseen.items()}
    if visit.filled("location") not in visit.places:
        problems["location"] = "Please choose a location."
    if wrong:
        problems["plugs"] = " ".join(dict.fromkeys(wrong.values()))
    password = str(visit.form.get("password", ""))
    if password and not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        problems["password"] = f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."
    held = bool(visit.filled("held"))
    box, location = visit.filled("chargeBoxId"), visit.filled("location")
    return ChargerWish(box, location, password, plugs, problems, held, wrong)
