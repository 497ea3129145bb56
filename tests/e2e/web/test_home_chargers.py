"""Home chargers on the screen: price profiles, codes, who may charge there, and sessions."""

import asyncio
import re
import secrets
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import FilePayload, expect

from tests.e2e.api.charger import connected
from tests.e2e.one_of_each import a_statement
from tests.e2e.web.browsing import BrowserTab

CODE = re.compile(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}")


def _mark() -> str:
    return f"HOME-{secrets.token_hex(4).upper()}"


def _profile(tab: BrowserTab, name: str, price: str = "0.30") -> str:
    tariff = {"strategy": "perKwh", "price": price}
    wanted = {"name": name, "currency": "EUR", "vatRate": "0.19", "tariff": tariff}
    made: str = tab.system.api().post("/price-profiles", wanted)["id"]
    return made


def _home(tab: BrowserTab, box: str, profile: str) -> str:
    owner = {"offline": True}
    wanted = {"chargeBoxId": box, "plugs": [{"number": 1}], "priceProfileId": profile, "owner": owner}
    made: str = tab.system.api().post("/home-chargers", wanted)["id"]
    return made


async def test_a_home_charger_is_added_offline_and_its_code_is_shown_once(tab: BrowserTab) -> None:
    name, box = f"Night {_mark()}", _mark()
    page = await tab.go("/home-chargers/profiles/new")
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Price, VAT included").fill("0.35")
    await page.get_by_role("button", name="Add a window").click()
    await page.locator("[name=from]").fill("22:00")
    await page.locator("[name=to]").fill("06:00")
    await page.locator("[name=windowPrice]").fill("0.25")
    await page.get_by_role("button", name="Create a price profile").click()
    await expect(page.get_by_role("row").filter(has_text=name)).to_contain_text("€0.35 per kWh +1")

    await tab.go("/home-chargers/new")
    await page.get_by_label("Charge box id").fill(box)
    await page.get_by_label("Price profile").select_option(label=name)
    await page.get_by_label("Offline: it is shown here once").check()
    await page.get_by_role("button", name="Add home charger").click()
    await expect(page.get_by_role("heading", name=box)).to_be_visible()
    await expect(page.locator("#issued-code")).to_have_text(CODE)
    await page.reload()
    await expect(page.locator("#issued-code")).to_have_count(0)
    await expect(page.locator("#state")).to_contain_text("Code not redeemed")

    await page.get_by_role("button", name="Issue another code").click()
    await expect(page.locator("#issued-code")).to_have_text(CODE)
    await tab.go("/home-chargers")
    await expect(page.get_by_role("row").filter(has_text=box)).to_contain_text(name)


async def test_what_is_missing_is_said_at_its_field(tab: BrowserTab) -> None:
    tab.expects("422")
    _profile(tab, _mark())
    page = await tab.go("/home-chargers/new")
    await page.get_by_role("button", name="Add home charger").click()
    assert set(await tab.wrong_fields()) == {"field-chargeBoxId", "field-profile", "field-email"}
    await page.get_by_label("Charge box id").fill(_mark())
    await page.get_by_label("E-mail of the owner").fill("nowhere")
    await page.get_by_label("Price profile").select_option(index=1)
    await page.get_by_role("button", name="Add home charger").click()
    await expect(page.locator("#about-email")).to_have_text("This is not an e-mail address.")


async def test_only_who_is_allowed_charges_and_the_owner_owes_what_the_profile_says(tab: BrowserTab) -> None:
    box, uid = _mark(), _mark()
    home = _home(tab, box, _profile(tab, _mark()))
    api = tab.system.api()
    api.token(uid)
    page = await tab.go(f"/home-chargers/{home}")
    await page.get_by_label("Token").fill(uid)
    await page.get_by_label("Whose").select_option(label="Family")
    await page.get_by_role("button", name="Let it charge here").click()
    await expect(page.get_by_role("cell", name=uid, exact=True)).to_be_visible()
    await tab.live()
    async with connected(tab.system, box) as charger:
        await charger.status("Preparing")
        transaction = await charger.starts(uid)
        await charger.stops(transaction, 10_000)
        await charger.status("Available")
        await expect(page.locator("#state")).to_contain_text("€3.00")
        await expect(page.locator("#recent")).to_contain_text(str(transaction))
    found = api.get("/sessions", type="home", charger=box)["items"]
    assert [each["locationId"] for each in found] == [home]
    await tab.go("/home-chargers")
    row = page.get_by_role("row").filter(has_text=box)
    await expect(row).to_contain_text("10.000")
    await expect(row).to_contain_text("€3.00")
    # It is no commercial equipment.
    assert box not in {each["chargeBoxId"] for each in api.get("/dashboard/plug-status")["plugs"]}
    assert home not in {each["id"] for each in api.every("/locations")}
    await tab.go(f"/locations/{home}")
    await expect(page.get_by_role("heading", name=box)).to_be_visible()


async def test_a_profile_with_home_chargers_is_changed_but_not_removed(tab: BrowserTab) -> None:
    tab.expects("422")
    name = f"Flat {_mark()}"
    profile = _profile(tab, name)
    home = _home(tab, _mark(), profile)
    page = await tab.go(f"/home-chargers/profiles/{profile}/edit")
    await page.get_by_label("Price, VAT included").fill("0.40")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("row").filter(has_text=name)).to_contain_text("€0.40")
    await tab.go(f"/home-chargers/profiles/{profile}/remove")
    await page.locator("[name=name]").fill(name)
    await page.get_by_role("button", name=f"Remove {name}").click()
    await expect(page.locator("#about-name")).to_contain_text("another one first")

    await tab.go(f"/home-chargers/{home}")
    await page.get_by_role("link", name="Remove").click()
    box = tab.system.api().get(f"/home-chargers/{home}")["chargeBoxId"]
    await page.locator("[name=name]").fill(box)
    await page.get_by_role("button", name=f"Remove {box}").click()
    await expect(page.get_by_role("status").filter(has_text="removed")).to_be_visible()
    await tab.go(f"/home-chargers/profiles/{profile}/remove")
    await page.locator("[name=name]").fill(name)
    await page.get_by_role("button", name=f"Remove {name}").click()
    await expect(page.get_by_role("status").filter(has_text="removed")).to_be_visible()


async def test_business_charging_at_home_is_owed_to_the_owner(tab: BrowserTab) -> None:
    tab.expects("422")
    name, box, uid = f"Company cars {_mark()}", _mark(), _mark()
    api = tab.system.api()
    api.token(uid)
    page = await tab.go("/home-chargers/profiles/new-reimbursing")
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Business tokens").fill(uid)
    await page.get_by_role("button", name="Add a price").click()
    # The session that follows began an hour ago.
    year = (datetime.now(ZoneInfo("Europe/Berlin")) - timedelta(hours=1)).year
    await page.get_by_label("First day").fill(f"{year}-01-01")
    await page.get_by_label("Last day").fill(f"{year}-12-31")
    await page.get_by_label("Price per kWh", exact=True).fill("0.31")
    await page.get_by_label("Base price per kWh").fill("0.0174")
    await page.get_by_role("button", name="Create a price profile").click()
    await expect(page.locator("#field-sources")).to_have_class(re.compile("is-invalid"))
    await page.get_by_label("Evidence", exact=True).fill("Contract 4711")
    await page.get_by_role("button", name="Create a price profile").click()
    await expect(page.get_by_role("row").filter(has_text=name)).to_contain_text("Reimburses the owner")

    profiles = api.every("/price-profiles")
    profile = next(each["id"] for each in profiles if each["name"] == name)
    home = _home(tab, box, profile)
    api.client.put(f"/home-chargers/{home}/tokens/{uid}", json={"kind": "owner"}).raise_for_status()
    await tab.go(f"/home-chargers/{home}")
    await tab.live()
    async with connected(tab.system, box) as charger:
        await charger.status("Preparing")
        transaction = await charger.starts(uid)
        await charger.stops(transaction, 10_000)
        await charger.status("Available")
        await expect(page.locator("#state")).to_contain_text("10.000 · 0.000")
        await expect(page.locator("#state")).to_contain_text("€3.27")
    await tab.go(f"/home-chargers/profiles/{profile}/reimbursement")
    await page.get_by_label("Evidence", exact=True).fill("Contract 4712")
    await page.get_by_role("button", name="Save").click()
    found = api.get(f"/price-profiles/{profile}")["reimbursement"]
    assert found["priceSources"][0]["evidence"] == "Contract 4712"
    assert api.get(f"/home-chargers/{home}")["owedToOwner"] == {"currency": "EUR", "amount": "3.27"}
    await tab.go(f"/home-chargers/{home}")
    await page.get_by_role("link", name="Statements").click()
    row = page.get_by_role("row").filter(has_text=box)
    await expect(row).to_contain_text("Month goes on")
    await row.get_by_role("link").click()
    await expect(page.locator("#facts")).to_contain_text("10.000 · 0.000")
    await expect(page.locator(f"#line-{transaction}")).to_contain_text("Contract 4712")
    await expect(page.get_by_role("button", name="Approve")).to_have_count(0)


async def test_the_evidence_of_a_price_is_uploaded_and_stands_at_its_sessions(tab: BrowserTab) -> None:
    tab.expects("422")
    bill = b"%PDF-1.7 a bill"
    statement = await asyncio.to_thread(a_statement, tab.system, tab.system.company, _mark())
    profile = statement.rpartition(".")[2]
    page = await tab.go(f"/home-chargers/profiles/{profile}/reimbursement")
    file, button = (
        page.get_by_label("File", exact=True),
        page.get_by_role("button", name="Upload the evidence"),
    )
    await file.set_input_files(FilePayload(name="bill.pdf", mimeType="application/pdf", buffer=b"<html>"))
    await button.click()
    assert await tab.wrong_fields() == ["field-file"]
    prices = page.locator("[name=since]")
    for price in range(await prices.locator("option").count()):
        await file.set_input_files(FilePayload(name="bill.pdf", mimeType="application/pdf", buffer=bill))
        await prices.select_option(index=price)
        await button.click()
        await expect(page.locator("#evidence").get_by_role("link", name="Download")).to_have_count(price + 1)
    async with page.expect_download() as known:
        await page.locator("#evidence").get_by_role("link", name="Download").first.click()
    assert (await known.value).suggested_filename.endswith(".pdf")
    assert await tab.violations() == []
    await tab.go(f"/finance/reimbursements/{statement}")
    assert await tab.violations() == []
    async with page.expect_download() as proof:
        await page.get_by_role("link", name="Evidence").click()
    assert (await (await proof.value).path()).read_bytes() == bill


async def test_a_month_that_is_over_is_approved_once_the_home_charger_has_an_owner(tab: BrowserTab) -> None:
    tab.expects("422")
    company = tab.system.company
    statement = await asyncio.to_thread(a_statement, tab.system, company, _mark())
    page = await tab.go(f"/finance/reimbursements/{statement}")
    await expect(page.locator("#facts")).to_contain_text("€3.27")
    await page.get_by_role("button", name="Approve").click()
    await expect(page.locator("#about-approve")).to_contain_text("no owner yet")
    await tab.go("/finance/reimbursements?state=open")
    await expect(page.locator(f'[id="reimbursement-{statement}"]')).to_contain_text("To be approved")


async def test_a_charger_is_replaced_and_the_home_stays_with_who_may_charge_there(tab: BrowserTab) -> None:
    box, other, uid = _mark(), _mark(), _mark()
    api = tab.system.api()
    home = _home(tab, box, _profile(tab, _mark()))
    api.client.put(f"/home-chargers/{home}/tokens/{uid}", json={"kind": "family"}).raise_for_status()
    api.token(uid)
    page = await tab.go(f"/home-chargers/{home}")
    await page.get_by_role("link", name="Replace").click()
    await page.get_by_label("Charge box id").fill(other)
    await page.get_by_role("button", name="Replace the charger").click()
    await expect(page.get_by_role("heading", name=other)).to_be_visible()
    await expect(page.get_by_role("cell", name=uid, exact=True)).to_be_visible()
    async with connected(tab.system, other) as charger:
        await charger.status("Preparing")
        transaction = await charger.starts(uid)
        await charger.stops(transaction, 4_000)
        await charger.status("Available")
    await expect(page.locator("#recent")).to_contain_text(str(transaction))
    assert api.client.get(f"/chargers/{box}").status_code == 404
