"""Finance says what the API says, from the balance down to the session that an entry is about."""

import asyncio
import csv
import io
import secrets
from decimal import Decimal
from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect

from tests.e2e.api.charger import charge_now, charge_once, eventually
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.conftest import OpenWindow
from tests.e2e.web.people import joined

PRICE = {"strategy": "perKwh", "price": "0.50"}


async def _charged(tab: BrowserTab) -> tuple[str, dict[str, Any]]:
    """A location, and a session there of 10 kWh for 5.00 that is over."""
    box, token = f"FIN-{secrets.token_hex(3).upper()}", secrets.token_hex(4).upper()
    api = tab.system.api()
    place = api.location(PRICE, name=f"Yard {box}")
    api.charger(place, box)
    api.token(token)
    await asyncio.to_thread(charge_once, tab.system, box, token)
    return place, eventually(lambda: api.get("/sessions", location=place, status="completed")["items"])[0]


def _entries(tab: BrowserTab, **filters: Any) -> list[dict[str, Any]]:
    return list(tab.system.api().get("/finance/transactions", **filters)["items"])


def _available(tab: BrowserTab) -> Decimal:
    items = tab.system.api().get("/finance/balance")["items"]
    return sum((Decimal(each["available"]["amount"]) for each in items), Decimal())


def _lines(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))


async def _rows(page: Page) -> list[str]:
    return await page.locator("#list tbody tr").all_inner_texts()


async def test_what_a_session_brought_is_available_and_each_entry_leads_to_it(tab: BrowserTab) -> None:
    before = _available(tab)
    place, session = await _charged(tab)
    (entry,) = _entries(tab, location=place)
    assert (entry["kind"], entry["sessionId"]) == ("charging", session["id"])
    assert entry["gross"] == session["total"]
    assert Decimal(entry["net"]["amount"]) + Decimal(entry["vat"]["amount"]) == Decimal("5.00")
    assert _available(tab) == before + Decimal("5.00")

    page = await tab.go("/")
    await page.get_by_role("link", name="Finance").click()
    await expect(page.get_by_role("heading", name="Finance", exact=True)).to_be_visible()
    await expect(page.locator(".figure").first).to_contain_text(f"€{_available(tab):,}")
    await expect(page.locator("#balances [data-chart] svg").first).to_be_visible()
    await page.get_by_label("Location").select_option(place)
    await page.get_by_role("button", name="Show", exact=True).click()
    await expect(page.locator("#list tbody tr")).to_have_count(1)
    await expect(page.locator("#list tbody tr")).to_contain_text("€5.00")
    await page.get_by_label("Kind").select_option(label="Correction")
    await page.get_by_role("button", name="Show", exact=True).click()
    await expect(page.get_by_text("No transaction matches")).to_be_visible()
    await page.get_by_role("link", name="Show all").click()
    await page.get_by_role("link", name=str(session["number"])).click()
    await expect(page).to_have_url(f"{tab.system.base_url}/sessions/{session['id']}")


async def test_a_session_that_ends_is_on_the_open_page_at_once(tab: BrowserTab) -> None:
    page = await tab.go("/finance")
    await tab.live()
    shown = len(await _rows(page))
    _, session = await _charged(tab)
    await expect(page.locator("#list tbody tr")).to_have_count(shown + 1)
    await expect(page.locator("#list tbody tr").first).to_contain_text(str(session["number"]))


async def test_the_file_has_the_entries_of_the_filter_and_says_why_there_is_none(tab: BrowserTab) -> None:
    place, session = await _charged(tab)
    day = _entries(tab, location=place)[0]["day"]
    page = await tab.go(f"/finance?location={place}&from={day}&to={day}")
    await page.locator("#export summary").click()
    await page.get_by_label("File").select_option("csv")
    async with page.expect_download() as coming:
        await page.get_by_role("button", name="Export transactions").click()
    (line,) = _lines(Path(await (await coming.value).path()))
    assert (line["kind"], line["session"]) == ("charging", str(session["number"]))
    assert (line["gross"], line["currency"], line["VAT rate"]) == ("5.00", "EUR", "0.19")
    assert line["balance"] != ""
    tab.expects("422")
    page = await tab.go(f"/finance/export?from=2026-01-01&to=2026-02-01&location={place}")
    await expect(page.get_by_role("alert")).to_contain_text("at most 30 days")


async def test_transactions_of_a_customer_are_found_by_the_e_mail_address_and_exported(
    tab: BrowserTab,
) -> None:
    api, mark = tab.system.api(), secrets.token_hex(4)
    box, token, email = f"FIN-{mark.upper()}", mark.upper(), f"ana-{mark}@x.example"
    place = api.location(PRICE, name=f"Yard {box}")
    api.charger(place, box)
    api.token(token)
    customer = api.post("/customers", {"name": f"Ana {mark}", "email": email, "tokens": [token]}, 201)["id"]
    session = await asyncio.to_thread(charge_now, tab.system, box, token)
    other, _ = await _charged(tab)
    (entry,) = eventually(lambda: _entries(tab, customer=customer))
    assert (entry["sessionId"], entry["customerId"]) == (session, customer)
    assert entry["paymentMethod"] == "invoice"
    assert _entries(tab, customer=customer, paymentMethod="none") == []
    (theirs,) = _entries(tab, location=other)
    assert (theirs["paymentMethod"], "customerId" in theirs) == ("none", False)

    (listed,) = api.get("/sessions", customer=customer, paymentMethod="invoice")["items"]
    assert (listed["id"], listed["paymentMethod"]) == (session, "invoice")
    assert api.get("/sessions", customer=customer, paymentMethod="none")["items"] == []
    page = await tab.go(f"/sessions?customer={customer}&paymentMethod=invoice")
    await expect(page.locator("#list tbody tr")).to_contain_text("By invoice")
    await page.locator("details.filter summary").click()
    await page.locator("details.filter").get_by_label("Payment method").select_option("none")
    await page.get_by_role("button", name="Show", exact=True).click()
    await expect(page.locator("tbody tr", has_text="By invoice")).to_have_count(0)
    await expect(page.locator(".chips")).to_contain_text("Without a customer")

    page = await tab.go(f"/customers/{customer}")
    await page.get_by_role("link", name="In the books").click()
    await expect(page.get_by_label("E-mail of a customer")).to_have_value(email)
    await expect(page.locator("#list tbody tr")).to_have_count(1)
    page = await tab.go("/finance")
    await page.get_by_label("E-mail of a customer").fill(email.upper())
    await page.get_by_label("Payment method").select_option("invoice")
    await page.get_by_role("button", name="Show", exact=True).click()
    await expect(page.locator("#list tbody tr")).to_have_count(1)
    await expect(page.locator("#list tbody tr")).to_contain_text(str(entry["sessionNumber"]))
    await page.goto(page.url + f"&from={entry['day']}&to={entry['day']}")
    await page.locator("#export summary").click()
    await page.get_by_label("File").select_option("csv")
    async with page.expect_download() as coming:
        await page.get_by_role("button", name="Export transactions").click()
    (line,) = _lines(Path(await (await coming.value).path()))
    assert (line["customer id"], line["payment method"]) == (customer, "invoice")
    assert line["gross"] == entry["gross"]["amount"]
    await page.get_by_label("E-mail of a customer").fill("nobody@x.example")
    await page.get_by_role("button", name="Show", exact=True).click()
    await expect(page.get_by_text("No transaction matches")).to_be_visible()


async def test_the_vat_report_is_the_dashboard_s_year(tab: BrowserTab) -> None:
    await _charged(tab)
    api = tab.system.api()
    year = int(_entries(tab)[0]["day"][:4])
    (line,) = api.get("/finance/vat", year=year, by="year")["items"]
    told = api.get("/dashboard/summary", period="year", date=f"{year}-06-01")
    assert (line["gross"], line["net"], line["vat"]) == (
        *told["revenue"],
        *told["net"],
        *told["vat"],
    )
    months = api.get("/finance/vat", year=year)["items"]
    assert sum(Decimal(each["vat"]["amount"]) for each in months) == Decimal(line["vat"]["amount"])
    page = await tab.go("/finance")
    await page.get_by_role("link", name="VAT report").click()
    await page.get_by_role("link", name="Year").click()
    row = page.locator("tbody tr")
    await expect(row).to_contain_text("19 %")
    await expect(row).to_contain_text(f"€{Decimal(line['gross']['amount']):,}")
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="Download as CSV").click()
    (told_line,) = _lines(Path(await (await coming.value).path()))
    assert (told_line["period"], told_line["gross"]) == (str(year), line["gross"]["amount"])


async def test_who_works_at_some_locations_sees_what_these_brought_and_no_balance(
    tab: BrowserTab, window: OpenWindow
) -> None:
    hers, _ = await _charged(tab)
    others, theirs = await _charged(tab)
    views = [{"page": each, "actions": ["view", "export"]} for each in ("dashboard", "finance")]
    body = {"firstName": "Nina", "lastName": "Holm", "email": f"{hers}@cpo.example", "permissions": views}
    invited = tab.system.api().post("/admins", {**body, "locations": [hers]})
    nina = await window()
    page = await joined(nina, invited["link"])
    await nina.go("/finance")
    await expect(page.locator(".figure")).to_contain_text("€5.00")
    await expect(page.get_by_text("The figures are those of your locations.")).to_be_visible()
    await expect(page.locator("#list tbody tr")).to_have_count(1)
    await expect(page.get_by_text(str(theirs["number"]))).to_have_count(0)
    await expect(page.locator("#list th", has_text="Balance")).to_have_count(0)
    await nina.go("/finance/vat?by=year")
    await expect(page.locator("tbody tr")).to_contain_text("€5.00")
    await nina.go(f"/finance?location={others}")
    await expect(page.get_by_text("No transaction matches")).to_be_visible()


async def test_without_income_the_pages_say_what_will_be_there(window: OpenWindow) -> None:
    tab = await window()
    system = tab.system
    before, system.company = system.company, 940
    try:
        system.api()
        page = await tab.sign_in()
        await tab.go("/finance")
        await expect(page.get_by_text("No income yet")).to_be_visible()
        await expect(page.get_by_text("No transactions yet")).to_be_visible()
        await tab.go("/finance/vat?year=2020")
        await expect(page.get_by_text("No income in 2020")).to_be_visible()
    finally:
        system.company = before
