"""An operator refunds a session in parts, and everybody reads the same of it."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect

from tests.e2e.api.charger import charge_once, eventually
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.conftest import OpenWindow
from tests.e2e.web.people import joined

PRICE = {"strategy": "perKwh", "price": "0.50"}


async def _paid(tab: BrowserTab) -> dict[str, Any]:
    """A session of 10 kWh for 5.00 that is over."""
    box, token = f"REF-{secrets.token_hex(3).upper()}", secrets.token_hex(4).upper()
    api = tab.system.api()
    api.charger(api.location(PRICE, name=f"Yard {box}"), box)
    api.token(token)
    await asyncio.to_thread(charge_once, tab.system, box, token)
    return dict(eventually(lambda: api.get("/sessions", charger=box, status="completed")["items"])[0])


def _read(path: Path) -> bytes:
    return path.read_bytes()


def _minor(amount: dict[str, str]) -> int:
    return int(Decimal(amount["amount"]) * 100)


async def _refunded(page: Page, amount: str, reason: str) -> None:
    await page.get_by_label("Amount in EUR").fill(amount)
    await page.get_by_label("Reason").fill(reason)
    await page.get_by_role("button", name="Refund", exact=True).click()


async def test_a_session_is_refunded_in_parts_from_its_menu_and_its_page(tab: BrowserTab) -> None:
    session = await _paid(tab)
    page = await tab.go(f"/sessions?search={session['number']}")
    await page.locator(f"#session-{session['id']} .dots").click()
    await page.get_by_role("link", name="Refund…").click()
    await expect(page.get_by_label("Amount in EUR")).to_have_value("5.00")
    tab.expects("422")
    await _refunded(page, "5.01", "Plug 1 was faulty")
    await expect(page.get_by_role("alert")).to_contain_text("At most 5.00 EUR can be refunded")
    await _refunded(page, "1.67", "Plug 1 was faulty")
    await expect(page).to_have_url(f"{tab.system.base_url}/sessions/{session['id']}")
    await expect(page.locator("#refunds tbody tr")).to_have_count(1)
    await expect(page.locator("#kept")).to_have_text("€3.33")
    await page.get_by_role("link", name="Refund…").click()
    await expect(page.locator("#left")).to_have_text("€3.33")
    await _refunded(page, "", "The rest")
    await expect(page.locator("#refunds tbody tr")).to_have_count(2)
    await expect(page.locator("#kept")).to_have_text("€0.00")
    await expect(page.get_by_role("link", name="Refund…")).to_have_count(0)
    await expect(page.locator("#story")).to_contain_text("refunded with credit note")

    refunds = tab.system.api().get(f"/sessions/{session['id']}/refunds")["items"]
    assert sum(_minor(each["amount"]) for each in refunds) == _minor(session["total"])
    assert sum(_minor(each["net"]) for each in refunds) == _minor(session["net"])
    assert sum(_minor(each["vat"]) for each in refunds) == _minor(session["vat"])


async def test_the_credit_note_is_a_file_that_stays_as_it_is(tab: BrowserTab) -> None:
    session = await _paid(tab)
    api = tab.system.api()
    refund = api.post(f"/sessions/{session['id']}/refunds", {"reason": "A fault", "amount": "2.00"}, 201)
    page = await tab.go(f"/sessions/{session['id']}")
    async with page.expect_download() as coming:
        await page.get_by_role("link", name=refund["creditNote"]).click()
    file = await coming.value
    assert file.suggested_filename == f"credit-note-{session['number']}-1.pdf"
    content = _read(await file.path())
    assert content.startswith(b"%PDF")
    api.client.patch("/settings", json={"legalName": f"Another {secrets.token_hex(3)} Ltd"})
    api.client.patch(f"/locations/{session['locationId']}", json={"name": "Another place"})
    again = api.client.get(f"/sessions/{session['id']}/refunds/{refund['id']}/credit-note")
    assert again.content == content


async def test_finance_shows_a_refund_and_leads_to_its_session(tab: BrowserTab) -> None:
    session = await _paid(tab)
    api = tab.system.api()
    refund = api.post(f"/sessions/{session['id']}/refunds", {"reason": "A fault", "amount": "2.00"}, 201)
    (entry,) = api.get("/finance/transactions", kind="refund", session=session["number"])["items"]
    assert (entry["gross"]["amount"], entry["reference"]) == ("-2.00", refund["creditNote"])
    page = await tab.go(f"/finance?kind=refund&session={session['number']}")
    await expect(page.locator("#list tbody tr")).to_contain_text(refund["creditNote"])
    await expect(page.locator("#list tbody tr")).to_contain_text("-€2.00")
    await page.get_by_role("link", name=str(session["number"])).click()
    await expect(page.locator("#kept")).to_have_text("€3.00")


async def test_an_open_page_shows_the_refund_of_somebody_else_at_once(tab: BrowserTab) -> None:
    session = await _paid(tab)
    page = await tab.go(f"/sessions/{session['id']}")
    await tab.live()
    tab.system.api().post(f"/sessions/{session['id']}/refunds", {"reason": "A fault", "amount": "2.00"}, 201)
    await expect(page.locator("#refunds tbody tr")).to_have_count(1)


async def test_parallel_requests_refund_no_more_than_was_paid(tab: BrowserTab) -> None:
    session = await _paid(tab)
    api = tab.system.api()

    def once(number: int) -> int:
        wanted = {"reason": f"Part {number}", "amount": "1.00"}
        return api.client.post(f"/sessions/{session['id']}/refunds", json=wanted).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(once, range(12)))
    assert sorted(answers) == [201] * 5 + [409] * 7
    again = {"Idempotency-Key": secrets.token_hex(8)}
    other = await _paid(tab)
    path, wanted = f"/sessions/{other['id']}/refunds", {"reason": "Once", "amount": "1.00"}
    first = api.client.post(path, json=wanted, headers=again)
    assert api.client.post(path, json=wanted, headers=again).json() == first.json()
    assert len(api.get(path)["items"]) == 1


async def test_who_may_look_but_not_refund_is_offered_nothing(window: OpenWindow, tab: BrowserTab) -> None:
    session = await _paid(tab)
    views = [{"page": each, "actions": ["view"]} for each in ("dashboard", "sessions")]
    email = f"{secrets.token_hex(4)}@cpo.example"
    body = {"firstName": "Nina", "lastName": "Holm", "email": email, "permissions": views}
    nina = await window()
    page = await joined(nina, tab.system.api().post("/admins", body)["link"])
    await nina.go(f"/sessions/{session['id']}")
    await expect(page.locator("#total")).to_be_visible()
    await expect(page.get_by_role("link", name="Refund…")).to_have_count(0)
    nina.expects("403")
    await nina.go(f"/sessions/{session['id']}/refund")
    await expect(page.get_by_label("Reason")).to_have_count(0)
