"""The QR codes of a charger's plugs, to print and stick on: each leads a driver to the plug's page."""

from urllib.parse import quote

import segno
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.web.chargers.form import charger_row
from eosvolt.adapters.http.web.chargers.one.page import show_charger
from eosvolt.adapters.http.web.chargers.one.view_models import PlugCode, QrCodesPage
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages
from eosvolt.application.operations.chargers import VIEW


def qr_code_routes(pages: Pages) -> list[Route]:
    """``/chargers/{charger}/qr-codes``."""
    return [pages.get("/chargers/{charger}/qr-codes", qr_codes, needs=VIEW)]


async def qr_codes(request: PageRequest) -> Response:
    """A code for each plug that is configured."""
    row = await charger_row(request)
    base = f"{request.dependencies.public_url}/drive/{request.number}/{quote(row.charge_box_id, safe='')}"
    codes = [
        PlugCode(each.number, each.type, f"{base}/{each.number}", _drawn(f"{base}/{each.number}"))
        for each in row.connectors
    ]
    return await show_charger(request, row, "qr-codes", QrCodesPage(codes=codes))


def _drawn(address: str) -> str:
    """The code as SVG (ISO/IEC 18004), dark on light also in the dark, so that cameras read it."""
    return segno.make(address, micro=False).svg_inline(omitsize=True, light="#fff", dark="#000")
