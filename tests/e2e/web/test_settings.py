"""The company's name and certificates."""

from playwright.async_api import expect

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
