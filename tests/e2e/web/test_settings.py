"""The company's settings and its logo, on the screen."""

import re

from playwright.async_api import expect

from tests.drawn_pictures import LOGO_FILE, drawn
from tests.e2e.running import OWNER_PASSWORD
from tests.e2e.web.browsing import BrowserTab


async def test_the_company_is_changed_and_all_errors_show_at_once(tab: BrowserTab) -> None:
    tab.expects("422")
    api = tab.system.api()
    name = api.get("/company")["name"]
    page = await tab.go("/settings")
    await page.get_by_label("Name shown to users").fill("")
    await page.get_by_label("Organization in chargers' certificates").fill("Volt\u202e")
    await page.get_by_role("button", name="Save").click()
    assert await tab.wrong_fields() == ["field-name", "field-organization"]
    await expect(page.get_by_label("Name shown to users")).to_be_focused()
    await expect(page.locator("#about-organization")).to_contain_text("U+202E")
    await page.get_by_label("Name shown to users").fill(name)
    await page.get_by_label("Organization in chargers' certificates").fill("Volt Harbour GmbH")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status").filter(has_text="Changes saved.")).to_be_visible()
    assert api.get("/company")["certificateOrganization"] == "Volt Harbour GmbH"
    await expect(page.get_by_label("Organization in chargers' certificates")).to_have_value(
        "Volt Harbour GmbH"
    )
    await page.get_by_label("Organization in chargers' certificates").fill("")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status").filter(has_text="Changes saved.")).to_be_visible()
    assert api.get("/company").get("certificateOrganization", "") == ""


async def test_a_logo_is_previewed_uploaded_refused_with_a_reason_and_removed(tab: BrowserTab) -> None:
    page = await tab.go("/")
    await expect(page.get_by_role("link", name="Add billing information")).to_be_visible()
    await page.get_by_role("link", name="Upload company logo").click()
    shown, rail = page.locator("#logo img"), page.locator(".rail-logo")
    await expect(shown).to_be_hidden()
    await page.get_by_label("Picture").set_input_files(
        {"name": "wide.png", "mimeType": "image/png", "buffer": drawn((800, 400))}
    )
    await expect(shown).to_have_attribute("src", re.compile("^blob:"))
    tab.expects("422")
    await page.get_by_role("button", name="Upload logo").click()
    await expect(page.locator("#about-logo")).to_contain_text("this one has 800 × 400 pixels")
    await expect(rail).to_have_count(0)
    await page.get_by_label("Picture").set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": LOGO_FILE}
    )
    await page.get_by_role("button", name="Upload logo").click()
    await expect(page.get_by_role("status").filter(has_text="Logo saved.")).to_be_visible()
    await expect(rail).to_be_visible()
    assert await rail.evaluate("picture => picture.naturalWidth") == 400
    await tab.go("/")
    await expect(page.get_by_role("link", name="Upload company logo")).to_have_count(0)
    await tab.go("/settings")
    await page.get_by_role("button", name="Remove").click()
    await expect(page.get_by_role("status").filter(has_text="Logo removed.")).to_be_visible()
    await expect(rail).to_have_count(0)


async def test_all_settings_are_saved_and_their_history_says_who_did_it(tab: BrowserTab) -> None:
    page = await tab.go("/settings")
    for label, text in (
        ("Legal name", "Volt & Söhne GmbH"),
        ("Street and number", "Am Hafen 1"),
        ("Postcode", "04105"),
        ("City", "Leipzig"),
        ("VAT id", "de 136 695 976"),
        ("IBAN", "de89370400440532013000"),
        ("Support e-mail", "hilfe@volt.example"),
        ("VAT in %", "19"),
        ("Your password", OWNER_PASSWORD),
    ):
        await page.get_by_label(label, exact=True).fill(text)
    await page.get_by_label("Country", exact=True).select_option(label="Germany")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status").filter(has_text="Changes saved.")).to_be_visible()
    await expect(page.get_by_label("IBAN", exact=True)).to_have_value("DE89 3704 0044 0532 0130 00")
    assert tab.system.api().get("/settings")["billing"]["vatId"] == "DE136695976"
    await page.get_by_role("link", name="History").click()
    await expect(page.locator("tbody tr").first).to_contain_text("IBAN: – → DE •••• 3000")
    await expect(page.locator("tbody tr").first).to_contain_text("City: – → Leipzig")
