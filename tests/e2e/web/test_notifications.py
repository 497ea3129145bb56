"""Setting up of which faults one is told, on the screen."""

import secrets

from playwright.async_api import expect

from tests.e2e.web.browsing import BrowserTab


async def test_a_webhook_is_set_up_tried_changed_and_removed(tab: BrowserTab) -> None:
    name = f"Hook {secrets.token_hex(3)}"
    page = await tab.go("/settings")
    await page.get_by_role("link", name="Notification rules").click()
    await page.get_by_role("link", name="Add rule").click()
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Channel").select_option("webhook")
    await page.get_by_label("Webhook address").fill("gopher://hooks.example")
    await page.get_by_label("Only if open longer than (minutes)").fill("5")
    await page.get_by_label("Power").check()
    tab.expects("422")
    await page.get_by_role("button", name="Add rule").click()
    await expect(page.locator("#about-url")).to_contain_text("A webhook's address begins with https://")
    await expect(page.get_by_label("Power")).to_be_checked()
    await page.get_by_label("Webhook address").fill("http://127.0.0.1:9/hook")
    await page.get_by_role("button", name="Add rule").click()
    secret = page.locator("#signing-secret")
    await expect(secret).to_contain_text("whsec_")
    shown = await secret.inner_text()
    # Shown once: whoever reloads is on the rule's page.
    await page.reload()
    await expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    await expect(secret).to_have_count(0)

    await page.get_by_role("button", name="Send a test").click()
    await expect(page.get_by_role("status").filter(has_text="on its way")).to_be_visible()
    row = page.locator("#messages tbody tr")
    # A message whose delivery fails unexpectedly rests for half a minute before it is looked after again.
    await expect(row).to_contain_text("Given up", timeout=60_000)
    await expect(row).to_contain_text("is not on the public internet")
    assert await tab.violations() == []
    await row.get_by_role("button").click()
    await expect(page.get_by_role("status").filter(has_text="once more")).to_be_visible()

    await page.get_by_role("button", name="Make a new signing secret").click()
    await expect(page.locator("#signing-secret")).not_to_have_text(shown)
    await page.get_by_role("link", name="I have kept it").click()
    await page.get_by_role("link", name="Change").click()
    await page.get_by_label("Also notify on recovery").check()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("and on recovery")).to_be_visible()
    (made,) = [each for each in tab.system.api().get("/notification-rules")["items"] if each["name"] == name]
    assert (made["afterMinutes"], made["kinds"], made["onRecovery"]) == (5, ["power"], True)
    assert "secret" not in made

    await page.get_by_role("link", name="Remove").click()
    await page.get_by_label("Type its name to confirm").fill(name)
    await page.get_by_role("button", name=f"Remove {name}").click()
    await expect(page.get_by_role("status").filter(has_text="is removed")).to_be_visible()
    await expect(page.get_by_role("link", name=name)).to_have_count(0)


async def test_a_rule_about_the_head_of_the_history_is_set_up_and_changed(tab: BrowserTab) -> None:
    name = f"Auditor {secrets.token_hex(3)}"
    page = await tab.go("/settings/notifications/new")
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("E-mail addresses").fill("audit@auditor.example")
    await page.get_by_label("What it is about").select_option("historyHead")
    await page.get_by_label("How often the head is sent").select_option("day")
    await page.get_by_label("Power").check()
    await page.get_by_label("Also notify on recovery").check()
    tab.expects("422")
    await page.get_by_role("button", name="Add rule").click()
    assert await tab.wrong_fields() == ["field-kinds", "field-onRecovery"]
    await expect(page.get_by_role("alert")).to_contain_text("Only rules about faults have this.")
    await page.get_by_label("Power").uncheck()
    await page.get_by_label("Also notify on recovery").uncheck()
    await page.get_by_role("button", name="Add rule").click()
    await expect(page.get_by_text("Every day, alarms at once")).to_be_visible()
    # No SMTP server is set: the first head waits.
    await expect(page.locator("#messages tbody tr")).to_contain_text("Head of the history", timeout=20_000)
    await page.get_by_role("link", name="Change").click()
    await expect(page.get_by_label("Power")).to_have_count(0)
    await page.get_by_label("How often the head is sent").select_option("hour")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Every hour, alarms at once")).to_be_visible()
    assert await tab.violations() == []
    (made,) = [each for each in tab.system.api().get("/notification-rules")["items"] if each["name"] == name]
    assert (made["trigger"], made["headEvery"]) == ("historyHead", "hour")


async def test_a_mail_rule_says_that_it_waits_for_a_server(tab: BrowserTab) -> None:
    name = f"Mail {secrets.token_hex(3)}"
    page = await tab.go("/settings/notifications/new")
    await expect(page.get_by_role("note")).to_contain_text("No SMTP server is set")
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("E-mail addresses").fill("ops@cpo.example; night@cpo.example")
    await page.get_by_role("button", name="Add rule").click()
    await page.get_by_role("button", name="Send a test").click()
    said = page.get_by_role("status").filter(has_text="the message waits until there is one")
    await expect(said).to_be_visible()
    await expect(page.get_by_text("on its way")).to_have_count(0)
    await expect(page.locator("#messages tbody tr")).to_contain_text("Waiting")
    await expect(page.get_by_text("ops@cpo.example, night@cpo.example")).to_be_visible()


async def test_all_errors_of_a_rule_show_at_once_and_the_first_has_the_focus(tab: BrowserTab) -> None:
    tab.expects("422")
    page = await tab.go("/settings/notifications/new")
    await page.get_by_label("Name").fill("Night\u202e")
    await page.get_by_label("E-mail addresses").fill("nobody")
    await page.get_by_label("Only if open longer than (minutes)").fill("soon")
    await page.get_by_label("Messages per hour at most").fill("0")
    await page.get_by_role("button", name="Add rule").click()
    names = ("name", "addresses", "afterMinutes", "mostPerHour")
    assert await tab.wrong_fields() == [f"field-{name}" for name in names]
    await expect(page.get_by_label("Name")).to_be_focused()
    await expect(page.locator("#about-name")).to_contain_text("U+202E")
