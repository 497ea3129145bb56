"""A driver whom nobody knows pays by card: confirms at the provider, charges, and gets the receipt."""

from playwright.async_api import Browser, expect

from tests.e2e.running import RunningSystem
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.cars import plugged
from tests.e2e.web.pay_page import paying
from tests.e2e.web.test_driving import TARIFF, CarOfADriver, _looks_well, _sign_in
from tests.eventually import until


async def test_a_driver_who_is_no_customer_pays_charges_and_is_given_a_refund(
    browser: Browser, own_system: RunningSystem
) -> None:
    with paying(own_system) as provider:
        own_system.start()
        own_system.create_company(own_system.company, "Volt Harbour")
        api = own_system.api()
        api.charger(api.location(TARIFF, name="Quay"), "PAY-1")
        context = await browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
        phone = BrowserTab(own_system, context, await context.new_page())
        phone.expects("outside request: http://localhost:")
        async with plugged(own_system, "PAY-1", CarOfADriver) as car:
            await car.boot()
            await car.status("Preparing")
            page = await phone.go("/drive/sign-in")
            await _sign_in(phone, "eva@home.example")
            await phone.go(f"/drive/{own_system.company}/PAY-1/1")
            await expect(page.get_by_text("at most €60.00 are held")).to_be_visible()
            await _looks_well(phone)
            await page.get_by_role("button", name="Pay and start").click()
            await expect(page.get_by_role("heading", name="Payment")).to_be_visible()
            await _looks_well(phone)
            await page.get_by_role("link", name="Go to the payment").click()
            await page.get_by_role("button", name="Pay now").click()
            await expect(page.get_by_role("heading", name="Charging")).to_be_visible()
            await page.get_by_role("button", name="Stop charging").click()
            await expect(page.get_by_role("heading", name="Charged")).to_be_visible()
            await car.status("Available")
            await expect(page.get_by_role("heading", name="Finished")).to_be_visible()
            await expect(page.get_by_text("Paid")).to_be_visible()
            await expect(page.locator("[data-total]")).to_have_text("€1.50")
            await _looks_well(phone)
        (payment,) = (each.stem for each in (own_system.folder / "payments").glob("*.json"))
        assert provider.balance(payment) == 150
        session = api.get("/sessions")["items"][0]
        api.post(f"/sessions/{session['id']}/refunds", {"amount": "0.50", "reason": "A fault"})
        await until(lambda: provider.balance(payment) == 100, 30)
        moved = api.get("/finance/transactions", paymentMethod="card")["items"]
        assert {each["sessionId"] for each in moved if "sessionId" in each} == {session["id"]}
        await phone.sign_in()
        await phone.go(f"/sessions/{session['id']}")
        story = page.locator("#story")
        await expect(story.get_by_text("The amount is held at the provider.")).to_be_visible()
        await expect(story.get_by_text("€0.50 went back to the driver.")).to_be_visible()
        await _looks_well(phone)
        await context.close()
        assert phone.complaints == []
