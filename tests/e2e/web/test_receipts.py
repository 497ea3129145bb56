"""Numbered receipts: on the session's page, the customer's, and as files that stay as they are."""

import asyncio
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.async_api import expect

from tests.e2e.api.charger import connected
from tests.e2e.web.browsing import BrowserTab

PRICE = {"strategy": "perKwh", "price": "0.50"}


def _read(path: Path) -> bytes:
    return path.read_bytes()


async def _receipted(tab: BrowserTab, token: str) -> dict[str, Any]:
    """A session of 40 Wh for 0.02 that is over and has its receipt."""
    box, api = f"RCP-{secrets.token_hex(3).upper()}", tab.system.api()
    api.charger(api.location(PRICE, name=f"Yard {box}"), box)
    async with connected(tab.system, box) as charger:
        await charger.status("Charging")
        transaction = await charger.starts(token, timedelta())
        await charger.stops(transaction, 40)
        await charger.status("Available")

    while not (items := api.get("/sessions", charger=box, status="completed")["items"]) or (
        "receiptNumber" not in items[0]
    ):
        await asyncio.sleep(0.05)
    return dict(items[0])


async def test_a_session_that_is_over_has_a_numbered_receipt_that_stays_as_it_is(tab: BrowserTab) -> None:
    api, token = tab.system.api(), secrets.token_hex(4).upper()
    api.token(token)
    session = await _receipted(tab, token)
    (receipt,) = api.get(f"/sessions/{session['id']}/receipts")["items"]
    assert (receipt["number"], receipt["total"]) == (session["receiptNumber"], session["total"])
    page = await tab.go(f"/sessions/{session['id']}")
    await expect(page.locator("#story")).to_contain_text(f"Receipt {receipt['number']} over €0.02 issued.")
    async with page.expect_download() as coming:
        await page.get_by_role("link", name=f"Receipt {receipt['number']}").click()
    file = await coming.value
    assert file.suggested_filename == f"receipt-{receipt['number']}.pdf"
    content = _read(await file.path())
    assert content.startswith(b"%PDF")
    api.client.patch("/settings", json={"legalName": f"Another {secrets.token_hex(3)} Ltd"})
    api.client.patch(f"/locations/{session['locationId']}", json={"name": "Another place"})
    path = f"/sessions/{session['id']}/receipt"
    assert api.client.get(path).content == content
    assert api.client.get(path, params={"number": receipt["number"]}).content == content
    assert api.client.get(path, params={"number": "R-1999-00001"}).status_code == 404


async def test_a_customer_s_receipts_are_listed_by_number(tab: BrowserTab) -> None:
    stem = secrets.token_hex(4)
    api, token = tab.system.api(), f"RC{stem}".upper()
    person = api.post("/customers", {"name": f"Ana {stem}", "tokens": [token]})
    sessions = [await _receipted(tab, token) for _ in range(2)]
    assert {each["customerId"] for each in sessions} == {person["id"]}
    page = await tab.go(f"/customers/{person['id']}")
    rows = page.locator("#receipts tbody tr")
    await expect(rows).to_have_count(2)
    for row, session in zip((rows.first, rows.last), reversed(sessions), strict=True):
        await expect(row).to_contain_text(session["receiptNumber"])
        await expect(row).to_contain_text("€0.02")
    await rows.first.get_by_role("link", name=str(sessions[-1]["number"]), exact=True).click()
    await expect(page).to_have_url(f"{tab.system.base_url}/sessions/{sessions[-1]['id']}")
