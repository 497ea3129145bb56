"""A charger's upkeep: its settings, its firmware and files, what it holds, and what keeps it safe."""

from datetime import timedelta

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.chargers.form import charger_row
from eosvolt.adapters.http.web.chargers.one.page import show_charger
from eosvolt.adapters.http.web.chargers.one.view_models import (
    ChargerConfigurationPage,
    ChargerDeviceResources,
    ChargerFilesPage,
    ChargerLimitsPage,
    ChargerSafety,
    ChargerSecurityPage,
    ChargerSettingsPart,
    ChargerUploads,
    RevokeCertificatesPage,
)
from eosvolt.adapters.http.web.shell.addresses import segment
from eosvolt.adapters.http.web.shell.device_labels import connector_label, upload_kind
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.query_parameters import one_of
from eosvolt.application.operations import chargers
from eosvolt.application.operations.chargers import ChargerById
from eosvolt.projections.charger_commands import GIVEN_UP
from eosvolt.projections.charger_upkeep import UpkeepRow
from eosvolt.projections.device_resources import DeviceResourcesRow

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


async def configuration(request: PageRequest) -> Response:
    """All keys that the charger reported, with a form for each."""
    row = await charger_row(request)
    return await show_charger(
        request, row, "configuration", ChargerConfigurationPage(), {"settings": _settings}
    )


async def files(request: PageRequest) -> Response:
    """How firmware got on, and the files that the charger was asked for."""
    row = await charger_row(request)
    return await show_charger(request, row, "files", ChargerFilesPage(), {"uploads": _uploads})


async def limits(request: PageRequest) -> Response:
    """Charging profiles, schedules, reservations and the local authorization list."""
    row = await charger_row(request)
    return await show_charger(
        request, row, "limits", ChargerLimitsPage(), {"device_resources": _device_resources}
    )


async def security(request: PageRequest) -> Response:
    """Password, certificates, security events, and messages that broke their schema."""
    row = await charger_row(request)
    return await show_charger(request, row, "security", ChargerSecurityPage(), {"safety": _safety})


async def ask(request: PageRequest) -> Response:
    """Ask whether the charger's certificates are to end."""
    row = await charger_row(request)
    held = await _held(request, row.charge_box_id)
    return await show(request, RevokeCertificatesPage(row=row, valid=_valid(held, request)))


async def revoke(request: PageRequest) -> Response:
    """End all certificates that were signed for the charger."""
    row = await charger_row(request)
    await request.run(chargers.revoke_certificates, ChargerById(charger=row.charge_box_id))
    return redirect(
        f"/chargers/{segment(row.charge_box_id)}/security",
        gettext("Certificates of {charge_box_id} revoked.", charge_box_id=row.charge_box_id),
    )


def _valid(held: DeviceResourcesRow, request: PageRequest) -> int:
    """How many of the charger's certificates are accepted, or would be if it installed them."""
    return sum(1 for each in held.certificates if each.revoked_at is None and request.now < each.not_after)


async def known_upkeep(request: PageRequest, charge_box_id: str) -> UpkeepRow:
    """The charger's upkeep; an empty one if it never reported any."""
    found = await request.queries.upkeep(request.number, charge_box_id)
    return found or UpkeepRow(charge_point=f"{request.number}/{charge_box_id}", company=request.number)


async def _settings(request: PageRequest) -> ChargerSettingsPart:
    row = await charger_row(request)
    known = await request.queries.settings(request.number, row.charge_box_id)
    wanted, only = request.query("search").casefold(), request.query("only")
    shown = [
        each
        for each in (known.settings if known else ())
        if wanted in f"{each.key} {each.value or ''}".casefold()
        and (only != "writable" or not each.readonly)
        and (only != "changed" or each.by)
    ]
    return ChargerSettingsPart(row=row, known=known, settings=shown)


async def _uploads(request: PageRequest) -> ChargerUploads:
    row = await charger_row(request)
    upkeep = await known_upkeep(request, row.charge_box_id)
    found = await request.queries.files(request.number, row.charge_box_id, FILES)
    commands = await request.queries.commands(request.number, row.charge_box_id, COMMANDS)
    refused = {each.command: each for each in commands if each.state in GIVEN_UP or each.state == "rejected"}
    return ChargerUploads(row=row, upkeep=upkeep, uploads=found, refused=refused, upload_kind=upload_kind)


async def _device_resources(request: PageRequest) -> ChargerDeviceResources:
    row = await charger_row(request)
    return ChargerDeviceResources(
        row=row,
        upkeep=await known_upkeep(request, row.charge_box_id),
        held=await _held(request, row.charge_box_id),
        connector_label=connector_label,
    )


async def _safety(request: PageRequest) -> ChargerSafety:
    row = await charger_row(request)
    held = await _held(request, row.charge_box_id)
    return ChargerSafety(
        row=row,
        upkeep=await known_upkeep(request, row.charge_box_id),
        held=held,
        soon=request.now + ENDS_SOON,
        valid=_valid(held, request),
    )


async def _held(request: PageRequest, charge_box_id: str) -> DeviceResourcesRow:
    found = await request.queries.device_resources(request.number, charge_box_id)
    return found or DeviceResourcesRow(
        charge_point=f"{request.number}/{charge_box_id}", company=request.number
    )
