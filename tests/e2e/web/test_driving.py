"""A driver with a phone: signs in, scans the code of a plug, charges, sees the cost, stops."""

import asyncio
import secrets
from typing import Any

import pytest_asyncio
from ocpp.routing import after, on
from ocpp.v16 import call_result
from playwright.async_api import Page, expect

from tests.e2e.one_of_each import a_statement
from tests.e2e.running import Api
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.cars import Car, plugged
from tests.e2e.web.conftest import OpenWindow

# Dear, so that the little that a plug delivers during a test costs something.
TARIFF = {
    "strategy": "perKwh",
    "price": "50.00",
    "blockingFee": {"amount": "1.00", "intervalMinutes": 15},
}


class CarOfADriver(Car):
    """A charge point that starts and stops when it is asked to."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.transaction = 0
        self.wh = 1000

    @on("RemoteStartTransaction")  # type: ignore[untyped-decorator]  # the package ships without types
    def remote_start(self, **_: Any) -> Any:
        return call_result.RemoteStartTransaction(status="Accepted")

    @after("RemoteStartTransaction")  # type: ignore[untyped-decorator]  # as above
    async def started(self, id_tag: str, **_: Any) -> None:
        await self.status("Charging")
        self.transaction = await self.begin(id_tag)
        await self.charged(30)

    @after("RemoteStopTransaction")  # type: ignore[untyped-decorator]  # as above
    async def stopped(self, **_: Any) -> None:
        await self.end(self.transaction, self.wh)
        await self.status("Finishing")

    async def charged(self, wh: int) -> None:
        """So much more on the register."""
        self.wh += wh
        await self.meter(self.transaction, self.wh)


@pytest_asyncio.fixture(loop_scope="session")
async def phone(window: OpenWindow) -> BrowserTab:
    """Nobody yet, on a phone."""
    return await window(viewport={"width": 390, "height": 844})


def _mark() -> str:
    return secrets.token_hex(4).upper()


def _customer(api: Api) -> str:
    """The address of a new customer."""
    email = f"ana.{_mark().lower()}@home.example"
    api.post("/customers", {"name": "Ana Blum", "email": email})
    return email


async def _sign_in(tab: BrowserTab, email: str) -> None:
    """From the page that asks for the address to the page of before."""
    page = tab.page
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_role("button", name="Mail me a code").click()
    await expect(page.get_by_role("heading", name="Type the code")).to_be_visible()
    made = await asyncio.to_thread(tab.system.run, "driver-code", email)
    code = made.stdout.strip().splitlines()[-1]
    await page.get_by_label("Code").fill(f"{code[:4]} {code[4:]}")
    await page.get_by_role("button", name="Sign in").click()


async def _looks_well(tab: BrowserTab) -> None:
    assert await tab.too_wide() <= 0
    assert await tab.violations() == []


async def test_a_driver_charges_by_the_code_of_a_plug_and_pays_what_was_shown(phone: BrowserTab) -> None:
    api, box = phone.system.api(), f"DRIVE-{_mark()}"
    api.charger(api.location(TARIFF, name=f"Quay {box}"), box)
    email = _customer(api)
    company = phone.system.company
    async with plugged(phone.system, box, CarOfADriver) as car:
        await car.boot()
        await car.status("Preparing")
        page = await phone.go(f"/drive/{company}/{box}/1")
        await expect(page.get_by_text("€50.00 / kWh").first).to_be_visible()
        await expect(page.get_by_text("a blocking fee of €1.00 is added")).to_be_visible()
        await _looks_well(phone)
        await page.get_by_role("main").get_by_role("link", name="Sign in").click()
        await _sign_in(phone, email)

        await page.get_by_role("button", name="Start charging").click()
        await expect(page.get_by_role("heading", name="Charging")).to_be_visible()
        await expect(page.locator("[data-total]")).to_have_text("€1.50")
        await car.charged(25)
        await expect(page.locator("[data-total]")).to_have_text("€2.75")
        await _looks_well(phone)

        await page.get_by_role("button", name="Stop charging").click()
        await expect(page.get_by_role("heading", name="Charged")).to_be_visible()
        await expect(page.get_by_text("or a blocking fee is added")).to_be_visible()
        await _looks_well(phone)
        await car.status("Available")
        await expect(page.get_by_role("heading", name="Finished")).to_be_visible()
        await expect(page.locator("[data-total]")).to_have_text("€2.75")
        await _looks_well(phone)
        async with page.expect_download() as download:
            await page.get_by_role("link", name="Receipt").click()
        assert (await download.value).suggested_filename.endswith(".pdf")

        await page.get_by_role("link", name="Sessions").last.click()
        await expect(page.get_by_role("listitem").filter(has_text=f"Quay {box}")).to_contain_text("€2.75")
        await _looks_well(phone)
    bill = api.get("/sessions", charger=box)["items"][0]
    assert (bill["total"], bill["energyWh"]) == ({"currency": "EUR", "amount": "2.75"}, 55)
    assert bill["customerId"]


async def test_a_driver_redeems_a_home_charger_and_lets_a_guest_charge(phone: BrowserTab) -> None:
    api, box = phone.system.api(), f"OWN-{_mark()}"
    profile = api.post(
        "/price-profiles",
        {
            "name": box,
            "currency": "EUR",
            "vatRate": "0.19",
            "tariff": {"strategy": "perKwh", "price": "30.00"},
        },
    )["id"]
    wanted = {"chargeBoxId": box, "plugs": [{"number": 1}], "priceProfileId": profile}
    made = api.post("/home-chargers", {**wanted, "owner": {"offline": True}})
    # Nobody knows the driver yet.
    email = f"ben.{_mark().lower()}@home.example"
    page = await phone.go("/drive/home")
    await _sign_in(phone, email)
    phone.expects("422")
    await page.get_by_role("textbox", name="Code").fill("0000-0000")
    await page.get_by_role("button", name="Redeem").click()
    assert await phone.wrong_fields() == ["field-code"]
    await page.get_by_role("textbox", name="Code").fill(made["code"].lower())
    await page.get_by_role("button", name="Redeem").click()
    await expect(page.get_by_role("heading", name=box)).to_be_visible()
    await _looks_well(phone)

    await page.get_by_text("Add a guest").click()
    await page.get_by_label("Number of the guest's token").fill("guest-1")
    await page.get_by_label("Until the end of").fill("2999-12-31")
    await page.get_by_role("button", name="Add the guest").click()
    await expect(page.get_by_role("listitem").filter(has_text="GUEST-1")).to_contain_text("guest until")
    await _looks_well(phone)
    await page.get_by_role("button", name="End for GUEST-1").click()
    await expect(page.get_by_text("GUEST-1")).to_have_count(0)

    # The owner is the company's customer now, and charges with the app.
    async with plugged(phone.system, box, CarOfADriver) as car:
        await car.boot()
        await car.status("Preparing")
        await page.get_by_role("link", name="Charge", exact=True).click()
        await page.get_by_role("button", name="Start charging").click()
        await expect(page.locator("[data-total]")).to_have_text("€0.90")
        await page.get_by_role("button", name="Stop charging").click()
        await expect(page.get_by_role("heading", name="Charged")).to_be_visible()
        await car.status("Available")
        await expect(page.get_by_role("heading", name="Finished")).to_be_visible()


async def test_an_owner_sees_that_a_month_is_approved_and_paid(phone: BrowserTab, tab: BrowserTab) -> None:
    api, mark, company = tab.system.api(), _mark(), tab.system.company
    api.client.patch("/settings", json={"billing": {"iban": "NL91ABNA0417164300"}}).raise_for_status()
    statement = await asyncio.to_thread(a_statement, tab.system, company, mark)
    home = statement.partition(".")[0]
    code = api.post(f"/home-chargers/{home}/reissue", {"owner": {"offline": True}}, 200)["code"]
    own = await phone.go("/drive/home")
    await _sign_in(phone, f"ana.{mark.lower()}@home.example")
    await own.get_by_role("textbox", name="Code").fill(code)
    await own.get_by_role("button", name="Redeem").click()
    month = own.get_by_role("listitem").filter(has_text="€3.27")
    await expect(month).to_contain_text("not approved yet")
    await expect(month.get_by_role("link", name="PDF")).to_have_count(0)
    await own.get_by_role("link", name="Add a bank account for").click()
    await _looks_well(phone)
    await own.get_by_label("IBAN").fill("DE89 3704 0044 0532 0130 00")
    await own.get_by_role("button", name="Save").click()
    await expect(own.get_by_text("DE •••• 3000")).to_be_visible()
    await _looks_well(phone)

    page = await tab.go(f"/finance/reimbursements/{statement}")
    await page.get_by_role("button", name="Approve").click()
    await expect(page.locator("#facts")).to_contain_text("Owed")
    await own.reload()
    await expect(month).to_contain_text("approved")
    async with own.expect_download() as document:
        await month.get_by_role("link", name="PDF").click()
    assert (await document.value).suggested_filename.endswith(".pdf")

    await tab.go("/finance/reimbursements?state=approved")
    await expect(page.locator("#payments")).to_contain_text("can be paid by file")
    assert await tab.violations() == []
    async with page.expect_download() as payments:
        await page.get_by_role("link", name="Payment file (SEPA)").click()
    content = (await (await payments.value).path()).read_text()
    assert f"HOME-{mark}" in content
    await page.locator(f'[id="reimbursement-{statement}"]').get_by_role("link").click()
    await page.get_by_label("Reference of the payment").fill(f"SEPA-{mark}")
    await page.get_by_role("button", name="Record the payment").click()
    await expect(page.locator("#facts")).to_contain_text(f"SEPA-{mark}")
    await own.reload()
    await expect(month).to_contain_text(f"paid · SEPA-{mark}")
    await _looks_well(phone)


async def test_a_start_that_leads_to_nothing_says_why(phone: BrowserTab) -> None:
    api, box = phone.system.api(), f"AWAY-{_mark()}"
    api.charger(api.location(TARIFF, name=f"Quay {box}"), box)
    page = await phone.go("/drive/profile")
    await _sign_in(phone, _customer(api))
    await phone.go(f"/drive/{phone.system.company}/{box}/1")
    await page.get_by_role("button", name="Start charging").click()
    await expect(page.get_by_role("heading", name="Not started")).to_be_visible()
    await expect(page.get_by_role("alert")).to_contain_text("not connected")
    await _looks_well(phone)


async def test_a_driver_finds_a_location_and_leaves_for_good(phone: BrowserTab) -> None:
    api, box = phone.system.api(), f"FIND-{_mark()}"
    name = f"Quay {box}"
    api.charger(api.location(TARIFF, name=name), box)
    page: Page = await phone.go("/drive")
    await _looks_well(phone)
    await page.get_by_label("Name or address").fill(name.lower())
    await page.get_by_label("Name or address").press("Enter")
    await expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(1)
    await page.get_by_role("link", name=name).click()
    await expect(page.get_by_role("heading", name=name)).to_be_visible()
    await _looks_well(phone)
    await page.get_by_role("link", name=f"{box} · 2").click()
    await expect(page.get_by_role("heading", name=f"{box} · 2")).to_be_visible()

    email = _customer(api)
    await page.get_by_role("main").get_by_role("link", name="Sign in").click()
    await _sign_in(phone, email)
    await page.get_by_role("link", name="Profile").click()
    await page.get_by_label("Your name").fill("Ana")
    await page.get_by_label("Language").select_option("de")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name="Profil")).to_be_visible()
    await _looks_well(phone)
    await page.get_by_role("link", name="Meine Daten löschen").click()
    await page.get_by_role("button", name="Alles löschen").click()
    await expect(page.get_by_role("status")).to_be_visible()
    assert api.get("/customers", search=email)["items"] == []
    await phone.go("/drive/sessions")
    await expect(page.get_by_label("E-mail")).to_be_visible()
