"""A charger's upkeep: its settings, its firmware and files, what it holds, and what keeps it safe."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.web.chargers.form import charger_row
from eosvolt.adapters.http.web.chargers.one.page import show_charger
from eosvolt.adapters.http.web.shell.addresses import segment
from eosvolt.adapters.http.web.shell.device_labels import plug_words, upload_kind
from eosvolt.adapters.http.web.shell.page_request import Pages, Visit, gone_to, show
from eosvolt.adapters.http.web.shell.query_parameters import one_of
from eosvolt.application.operations import chargers
from eosvolt.application.operations.chargers import ChargerById
from eosvolt.projections.charger_commands import GIVEN_UP
from eosvolt.projections.charger_promises import PromisesRow
from eosvolt.projections.charger_upkeep import UpkeepRow

FILES, COMMANDS = 50, 100
# A certificate of the charger's own that ends so soon is worth a warning.
ENDS_SOON = timedelta(days=14)


def charger_upkeep_routes(pages: Pages) -> list[Route]:
    """``/chargers/{charger}/configuration``, ``files``, ``limits`` and ``security``.

    And ending its certificates.
    """
    return [
        pages.get(
            "/chargers/{charger}/configuration",
            configuration,
            {"only": one_of(("writable", "changed"))},
            needs=chargers.VIEW,
        ),
        pages.get("/chargers/{charger}/files", files, needs=chargers.VIEW),
        pages.get("/chargers/{charger}/limits", limits, needs=chargers.VIEW),
        pages.get("/chargers/{charger}/security", security, needs=chargers.VIEW),
        pages.form(
            "/chargers/{charger}/certificates/revoke",
            ask,
            revoke,
            operation=chargers.revoke_certificates,
            needs=chargers.VIEW,
        ),
    ]


async def configuration(visit: Visit) -> Response:
    """All keys that the charger told, to be changed in place."""
    row = await charger_row(visit)
    return await show_charger(
        visit, row, "configuration", "chargers/one/configuration.html", {"settings": _settings}
    )


async def files(visit: Visit) -> Response:
    """How firmware got on, and the files that the charger was asked for."""
    row = await charger_row(visit)
    return await show_charger(visit, row, "files", "chargers/one/files.html", {"uploads": _uploads})


async def limits(visit: Visit) -> Response:
    """Charging profiles, schedules, reservations and the local authorization list."""
    row = await charger_row(visit)
    return await show_charger(
        visit, row, "limits", "chargers/one/limits.html", {"device_resources": _device_resources}
    )


async def security(visit: Visit) -> Response:
    """Password, certificates, security events, and messages that broke their schema."""
    row = await charger_row(visit)
    return await show_charger(visit, row, "security", "chargers/one/security.html", {"safety": _safety})


async def ask(visit: Visit) -> Response:
    """Ask whether the charger's certificates are to end."""
    row = await charger_row(visit)
    held = await _held(visit, row.charge_box_id)
    return await show(visit, "chargers/one/revoke.html", page="chargers", row=row, valid=_valid(held, visit))


async def revoke(visit: Visit) -> Response:
    """End all certificates that were signed for the charger."""
    row = await charger_row(visit)
    await visit.run(chargers.revoke_certificates, ChargerById(charger=row.charge_box_id))
    return gone_to(
        f"/chargers/{segment(row.charge_box_id)}/security", f"Certificates of {row.charge_box_id} revoked."
    )


def _valid(held: PromisesRow, visit: Visit) -> int:
    """How many of the charger's certificates open the door, or would if it took them."""
    return sum(1 for each in held.certificates if each.revoked_at is None and visit.now < each.not_after)


async def known_upkeep(visit: Visit, charge_box_id: str) -> UpkeepRow:
    """The charger's upkeep; an empty one where it never told anything."""
    found = await visit.queries.upkeep(visit.number, charge_box_id)
    return found or UpkeepRow(charge_point=f"{visit.number}/{charge_box_id}", company=visit.number)


async def _settings(visit: Visit) -> Mapping[str, Any]:
    row = await charger_row(visit)
    known = await visit.queries.settings(visit.number, row.charge_box_id)
    wanted, only = visit.ask("search").casefold(), visit.ask("only")
    shown = [
        each
        for each in (known.settings if known else ())
        if wanted in f"{each.key} {each.value or ''}".casefold()
        and (only != "writable" or not each.readonly)
        and (only != "changed" or each.by)
    ]
    return {"row": row, "known": known, "settings": shown}


async def _uploads(visit: Visit) -> Mapping[str, Any]:
    row = await charger_row(visit)
    upkeep = await known_upkeep(visit, row.charge_box_id)
    found = await visit.queries.files(visit.number, row.charge_box_id, FILES)
    commands = await visit.queries.commands(visit.number, row.charge_box_id, COMMANDS)
    refused = {each.command: each for each in commands if each.state in GIVEN_UP or each.state == "rejected"}
    return {
        "row": row,
        "upkeep": upkeep,
        "uploads": found,
        "refused": refused,
        "upload_kind": upload_kind,
    }


async def _device_resources(visit: Visit) -> Mapping[str, Any]:
    row = await charger_row(visit)
    return {
        "row": row,
        "upkeep": await known_upkeep(visit, row.charge_box_id),
        "held": await _held(visit, row.charge_box_id),
        "plug_words": plug_words,
    }


async def _safety(visit: Visit) -> Mapping[str, Any]:
    row = await charger_row(visit)
    held = await _held(visit, row.charge_box_id)
    return {
        "row": row,
        "upkeep": await known_upkeep(visit, row.charge_box_id),
        "held": held,
        "soon": visit.now + ENDS_SOON,
        "valid": _valid(held, visit),
    }


async def _held(visit: Visit, charge_box_id: str) -> PromisesRow:
    found = await visit.queries.promises(visit.number, charge_box_id)
    return found or PromisesRow(charge_point=f"{visit.number}/{charge_box_id}", company=visit.number)
