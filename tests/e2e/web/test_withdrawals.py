"""A company withdraws, staff review and pay, and both see what became of it; on the screen."""

import asyncio
import re
import secrets
from decimal import Decimal

from playwright.async_api import expect

from tests.e2e.api.charger import charge_once, eventually
from tests.e2e.api.test_withdrawals import BILLING, OTHER_IBAN, balance
from tests.e2e.running import OWNER_PASSWORD
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.conftest import OpenWindow
from tests.e2e.web.people import staff_signed_in

PRICE = {"strategy": "perKwh", "price": "0.50"}


async def _earned(tab: BrowserTab) -> None:
    """The tab's company has billing data, a bank account and 5.00 EUR."""
    api = tab.system.api()
    settings = {"legalName": "Kai & Söhne GmbH", "billing": BILLING, "fiscalTimeZone": "Europe/Berlin"}
    api.client.patch("/settings", json=settings).raise_for_status()
    box, token = f"WDW-{secrets.token_hex(3).upper()}", secrets.token_hex(4).upper()
    api.charger(api.location(PRICE, name=f"Kai {box}"), box)
    api.token(token)
    before = Decimal(balance(api).get("available", "0"))
    await asyncio.to_thread(charge_once, tab.system, box, token)
    eventually(lambda: Decimal(balance(api)["available"]) == before + 5)


async def test_the_operator_withdraws_and_staff_confirm_pay_and_record_a_return(
    tab: BrowserTab, window: OpenWindow
) -> None:
    tab.expects("422")
    await _earned(tab)
    page = await tab.go("/finance")
    await page.get_by_role("link", name="Withdraw…").click()
    await page.get_by_label("Amount").fill("1,23")
    await page.get_by_label("Your password").fill("not the password")
    await page.get_by_role("button", name="Request the withdrawal").click()
    await expect(page.locator("#about-password")).to_have_text("This is not your present password.")
    assert await tab.wrong_fields() == ["field-password"]
    await expect(page.get_by_label("Amount")).to_have_value("1,23")
    await page.get_by_label("Your password").fill(OWNER_PASSWORD)
    await page.get_by_role("button", name="Request the withdrawal").click()
    await expect(page.get_by_role("status").filter(has_text="The withdrawal was requested.")).to_be_visible()
    await expect(page.get_by_role("heading", name="Withdrawal of €1.23")).to_be_visible()
    await expect(page.locator("#facts")).to_contain_text("In review")
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="Statement as PDF").click()
    assert (await coming.value).suggested_filename.endswith(".pdf")
    await page.get_by_role("link", name="Withdrawals").click()
    await tab.live()
    row = page.locator("#withdrawal_list tbody tr").first
    await expect(row).to_contain_text("€1.23")

    # Somebody changes the bank account: staff are told before they pay.
    tab.system.api().client.patch("/settings", json={"billing": {"iban": OTHER_IBAN}}).raise_for_status()
    staff = await window()
    reviewing = await staff_signed_in(staff, tab.system.create_staff())
    await reviewing.get_by_role("link", name="Withdrawals").click()
    await expect(reviewing.get_by_role("row").filter(has_text="€1.23")).to_contain_text("held")
    await reviewing.get_by_role("link", name="Kai & Söhne GmbH").first.click()
    await expect(reviewing.get_by_role("button", name="Record the payment")).to_have_count(0)
    await reviewing.get_by_role("button", name="Pay to the new account").click()
    await reviewing.get_by_label("Reference of the bank").fill("SEPA-77")
    await reviewing.get_by_role("button", name="Record the payment").click()
    await expect(reviewing.get_by_text("The payment was recorded.")).to_be_visible()
    await expect(row).to_contain_text("Paid")
    await expect(row).to_contain_text("SEPA-77")
    await reviewing.get_by_label("Reason, for the company to read").fill("Account closed")
    await reviewing.get_by_role("button", name="Record the return").click()
    await expect(row).to_contain_text("Returned by the bank")
    await page.get_by_role("link", name="Finance").first.click()
    await expect(page.locator("#list tbody tr").first).to_contain_text("Returned withdrawal")
    await expect(page.locator("#list tbody tr").first).to_contain_text("€1.23")


async def test_staff_set_a_platform_fee(window: OpenWindow) -> None:
    tab = await window()
    tab.expects("422")
    tab.system.create_company(311, "Fee payers")
    page = await staff_signed_in(tab, tab.system.create_staff())
    await page.get_by_role("link", name="Platform fee of company 311").click()
    await expect(page.get_by_text("No platform fee")).to_be_visible()
    await page.get_by_label("Share (percent)").fill("a lot")
    await page.get_by_role("button", name="Set the fee").click()
    assert await tab.wrong_fields() == ["field-percent"]
    await page.get_by_label("Share (percent)").fill("2,5")
    await page.get_by_label("First day").fill("2100-01-01")
    await page.get_by_label("Amount for each session").fill("0.05")
    await page.get_by_role("button", name="Set the fee").click()
    await expect(page.get_by_text("The platform fee was set.")).to_be_visible()
    await expect(page.locator("tbody tr")).to_contain_text(re.compile(r"2\.5.%"))
    await expect(page.locator("tbody tr")).to_contain_text(["€0.05"])
