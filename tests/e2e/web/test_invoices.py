"""Invoices on the screen and over the API: issued once for each session, as files that stay as they are."""

import asyncio
import io
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from facturx import get_xml_from_pdf
from playwright.async_api import expect
from pypdf import PdfReader

from tests.e2e.api.charger import charge_now, eventually
from tests.e2e.one_of_each import BILLING
from tests.e2e.running import Api
from tests.e2e.web.browsing import BrowserTab
from tests.en16931 import broken_rules

PRICE = {"strategy": "perKwh", "price": "10.00"}
EVER = {"first": "2020-01-01", "last": "2099-12-31"}


def _charged(tab: BrowserTab) -> dict[str, Any]:
    """A customer with two sessions of 0.40 that are over; the company has complete billing data."""
    api, stem = tab.system.api(), secrets.token_hex(4)
    api.client.patch("/settings", json={"legalName": "Pier Ltd", "billing": BILLING}).raise_for_status()
    token = f"IV{stem}".upper()
    location = api.location(PRICE, name=f"Yard {token}")
    person = {"name": f"Ana {stem}", "tokens": [token], "billing": {"country": "CZ", "city": "Praha"}}
    customer: dict[str, Any] = api.post("/customers", person)
    for number in range(2):
        # A charger each: on one a second start within the same second is the first one again.
        api.charger(location, f"{token}-{number}")
        charge_now(tab.system, f"{token}-{number}", token)
    eventually(lambda: len(api.get("/sessions", customer=customer["id"], status="completed")["items"]) == 2)
    return customer


async def test_an_invoice_is_issued_from_the_customer_s_page(tab: BrowserTab) -> None:
    customer = await asyncio.to_thread(_charged, tab)
    api = tab.system.api()
    page = await tab.go(f"/customers/{customer['id']}")
    await page.get_by_role("link", name="Issue an invoice").click()
    await expect(page.get_by_label("Invoice to")).to_have_value(customer["id"])
    tab.expects("422")
    await page.get_by_label("From").fill("2020-01-01")
    await page.get_by_label("To", exact=True).fill("2020-01-31")
    await page.get_by_role("button", name="Issue the invoice").click()
    await expect(page.locator("#about-customer")).to_contain_text("nothing to invoice")
    await page.get_by_label("To", exact=True).fill("2099-12-31")
    await page.get_by_role("button", name="Issue the invoice").click()
    await expect(page.locator("#total")).to_have_text("€0.80")
    (invoice,) = api.get("/invoices", customer=customer["id"])["items"]
    await expect(page.get_by_role("heading", level=1)).to_have_text(f"Invoice {invoice['number']}")
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="Download as PDF").click()
    file = await coming.value
    assert file.suggested_filename == f"invoice-{invoice['number']}.pdf"
    content = api.client.get(f"/invoices/{invoice['id']}").content
    assert content.startswith(b"%PDF")
    api.client.patch("/settings", json={"legalName": f"Another {secrets.token_hex(3)} Ltd"})
    assert api.client.delete(f"/customers/{customer['id']}").status_code == 204
    assert api.client.get(f"/invoices/{invoice['number']}").content == content
    xml = api.client.get(f"/invoices/{invoice['id']}", headers={"Accept": "application/xml"})
    assert xml.headers["content-type"] == "application/xml"
    assert b"<ram:Name>Pier Ltd</ram:Name>" in xml.content
    await page.get_by_role("link", name="Invoices").click()
    await expect(page.locator(f"#invoice-{invoice['id']}")).to_contain_text(invoice["number"])
    await tab.go(f"/sessions/{invoice['sessionIds'][0]}")
    await page.locator("#invoiced").get_by_role("link", name=invoice["number"]).click()
    await expect(page.locator("#total")).to_have_text("€0.80")
    credits_it(api, invoice)


def credits_it(api: Api, invoice: dict[str, Any]) -> None:
    """A refund of a session on the invoice has a credit note that names the invoice, for programs as well."""
    refunds = f"/sessions/{invoice['sessionIds'][0]}/refunds"
    refund = api.post(refunds, {"reason": "The cable was stuck", "amount": "0.10"})
    content = api.client.get(f"{refunds}/{refund['id']}/credit-note").content
    _, xml = get_xml_from_pdf(content, check_xsd=False, check_schematron=False)
    assert broken_rules(xml) == []
    assert f">{invoice['number']}<".encode() in xml
    assert f">{refund['creditNote']}<".encode() in xml
    (text,) = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    assert invoice["number"] in text
    assert "Praha" in text


async def test_of_invoices_at_once_one_has_the_sessions_and_no_number_is_lost(tab: BrowserTab) -> None:
    customers = [await asyncio.to_thread(_charged, tab) for _ in range(2)]
    api = tab.system.api()

    def once(number: int) -> int:
        wanted = {"customerId": customers[number % 2]["id"], **EVER}
        return api.client.post("/invoices", json=wanted).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(once, range(12)))
    assert sorted(answers) == [201] * 2 + [409] * 10
    numbers = sorted(each["number"] for each in api.get("/invoices")["items"])
    year = numbers[0].rpartition("-")[0]
    assert numbers == [f"{year}-{count:05d}" for count in range(1, len(numbers) + 1)]
