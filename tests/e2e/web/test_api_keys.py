"""API keys: shown once, used, revoked."""

import re
import secrets

from playwright.async_api import expect

from tests.e2e.running import RunningSystem
from tests.e2e.web.browsing import BrowserTab


async def test_a_key_is_shown_once_works_and_is_gone_after_its_revocation(tab: BrowserTab) -> None:
    page, base = await tab.go("/settings/api-keys"), tab.system.base_url
    label = f"Billing {secrets.token_hex(3)}"
    await page.get_by_label("What is the new key for?").fill(label)
    await page.get_by_role("button", name="Issue an API key").click()
    key = await page.locator("#issued-key").inner_text()
    row = page.get_by_role("row").filter(has_text=label)
    last_used = row.get_by_role("cell").nth(5)
    await expect(last_used).to_have_text("never")
    ask = tab.system.api().client
    headers = {"Authorization": f"Bearer {key}"}
    assert ask.get("/company", headers=headers).status_code == 200
    assert ask.get("/company", headers=headers).status_code == 200
    # Whoever reloads issues no other key, and sees this one no more.
    await page.reload()
    await expect(page).to_have_url(re.compile(f"{base}/settings/api-keys$"))
    await expect(page.locator("#issued-key")).to_have_count(0)
    await expect(row).to_have_count(1)
    await expect(last_used).to_have_text(re.compile("just now|ago"))
    (found,) = [each for each in ask.get("/api-keys").json()["items"] if each["label"] == label]
    assert found["lastUsedAt"] >= found["issuedAt"]
    for path in ("/settings/api-keys", "/settings/api-keys/issued"):
        await tab.go(path)
        await expect(page.get_by_role("heading", name="API keys")).to_be_visible()
        await expect(page.locator("#issued-key")).to_have_count(0)
    assert not [each for each in await tab.context.cookies() if key in str(each.get("value"))]
    await page.get_by_role("link", name=f"Revoke {label}").click()
    await page.get_by_role("button", name=f"Revoke “{label}”").click()
    await expect(page.get_by_role("status").filter(has_text="revoked.")).to_be_visible()
    assert ask.get("/company", headers=headers).status_code == 401


async def test_whoever_is_new_is_named_at_once(tab: BrowserTab) -> None:
    box, label = f"NAMED-{secrets.token_hex(3).upper()}", f"Robot {secrets.token_hex(3)}"
    api = tab.system.api()
    api.charger(api.location({"strategy": "perKwh", "price": "0.50"}), box, plugs=1)
    page = await tab.go(f"/chargers/{box}")
    key = api.post("/api-keys", {"label": label})["key"]
    asked = api.client.post(
        f"/chargers/{box}/commands",
        json={"type": "reset", "kind": "soft"},
        headers={"Authorization": f"Bearer {key}"},
    )
    assert asked.status_code == 202
    await page.reload()
    await expect(page.get_by_text(f"API key “{label}”").first).to_be_visible()


def test_the_use_of_a_key_is_no_event(system: RunningSystem) -> None:
    api = system.api(844)
    before = api.every("/events")
    for _ in range(3):
        api.get("/company")
    assert "lastUsedAt" in api.get("/api-keys")["items"][0]
    assert api.every("/events") == before
