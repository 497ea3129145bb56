"""An owner of a home charger sees each month's statement, and has it as a document once it is approved."""

from msgspec.structs import replace

from eosvolt.application.operations import home_statements as operations
from tests.drivers_in_memory import DRIVER, DRIVER_SECRET
from tests.unit.operations.charging import OWNER
from tests.unit.operations.driving import a_known_driver
from tests.unit.operations.statements import APPROVAL, STATEMENT, an_owed_month
from tests.web_in_memory import Site

PATH = f"/driver/statements/{STATEMENT}/pdf"


async def test_the_owner_gets_the_month_s_statement_and_nobody_else_does() -> None:
    site = await Site().opened()
    await a_known_driver(site)
    await an_owed_month(site)
    (open_one,) = (await site.api("GET", "/driver/statements", key=DRIVER_SECRET)).json()["items"]
    assert (open_one["id"], open_one["state"], open_one["amount"]["amount"]) == (STATEMENT, "open", "3.27")
    assert (await site.api("GET", PATH, key=DRIVER_SECRET)).status_code == 409
    await site.operations.run(operations.approve, OWNER, APPROVAL)
    (approved,) = (await site.api("GET", "/driver/statements", key=DRIVER_SECRET)).json()["items"]
    assert approved["state"] == "approved"
    shown = await site.page("/drive/home", by=DRIVER_SECRET)
    assert "October 2026" in shown.text
    assert f"/drive/home/statements/{STATEMENT}" in shown.text

    site.drivers.known["ben"] = replace(DRIVER, id="d2", email="ben@home.example")
    assert (await site.api("GET", "/driver/statements", key="ben")).json() == {"items": []}
    assert (await site.api("GET", PATH, key="ben")).status_code == 404
    assert (await site.page(f"/drive/home/statements/{STATEMENT}")).status_code == 303
