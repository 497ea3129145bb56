"""Every page as of an earlier instant: it tells of then, leads to then and changes nothing, or it refuses."""

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx2
import pytest
from playwright.async_api import expect

from eosvolt.adapters.http.web.shell.looking_back import PARAMETER
from tests.e2e.running import OWNER_PASSWORD, RunningSystem
from tests.e2e.web.addresses import COMPANY
from tests.e2e.web.conftest import OpenWindow

POSTS = re.compile(r'<form\b[^>]*method="post"[^>]*action="([^"]*)"')
LINKS = re.compile(r'(<a\b[^>]*href="(/[^"]*)"[^>]*>)')
ABOUT_NO_COMPANY = ("/api/docs",)
NOW_ONLY = ("/settings", "/locations/new", "/chargers/new", "/tokens/import")


@pytest.fixture(scope="module")
def owner(system: RunningSystem) -> Iterator[httpx2.Client]:
    """The owner of the company that has something on each page."""
    system.api(COMPANY)
    with httpx2.Client(base_url=system.base_url, headers={"Origin": system.base_url}, timeout=60) as client:
        entry = {"email": system.owner(COMPANY), "password": OWNER_PASSWORD}
        assert client.post("/sign-in", data=entry).status_code == 303
        yield client


async def test_each_page_tells_of_then_or_refuses(owner: httpx2.Client, pages: list[str]) -> None:
    at = datetime.now(UTC).isoformat()
    # What is shown was made before that, the last of it a moment before.
    await asyncio.sleep(1)
    shown, refused = set(), set()
    for page in (each for each in pages if not each.startswith(ABOUT_NO_COMPANY)):
        answer = owner.get(page, params={**dict(httpx2.URL(page).params), PARAMETER: at})
        path = page.partition("?")[0]
        if answer.status_code == 422:
            refused.add(path)
            assert PARAMETER in answer.text, page
            continue
        assert answer.status_code == 200, page
        shown.add(path)
        assert "Viewed as of" in answer.text, page
        assert set(POSTS.findall(answer.text)) <= {"/sign-out"}, page
        assert "data-live=" not in answer.text, page
        for opening, href in LINKS.findall(answer.text):
            target = href.partition("?")[0].partition("#")[0]
            if "data-now" not in opening and target in shown:
                assert f"{PARAMETER}=" in href, f"{page} leads to {href} as it is now"
    assert shown & refused == set()
    assert {"/", "/sessions", "/locations", "/tokens", "/diagnostics", "/users", "/audit/events"} <= shown
    assert set(NOW_ONLY) & {page.partition("?")[0] for page in pages} <= refused


async def test_an_instant_is_chosen_in_the_bar_and_kept_until_the_way_back(
    system: RunningSystem, window: OpenWindow
) -> None:
    tab = await window(timezone_id="Europe/Berlin")
    await tab.sign_in()
    place = tab.system.api().location({"strategy": "perKwh", "price": "0.50"}, name="Yard of today")
    page = await tab.go("/locations")
    await expect(page.get_by_role("link", name="Yard of today")).to_be_visible()
    await page.locator(".as-of summary").click()
    await page.locator("#as-of").fill("2026-01-02T03:04:05")
    await page.get_by_role("button", name="View", exact=True).click()
    await expect(page.get_by_role("note")).to_contain_text("2 Jan 2026 03:04:05")
    await expect(page.get_by_text("Yard of today")).to_have_count(0)
    await expect(page.get_by_role("link", name="Add location")).to_have_count(0)
    await page.locator(".rail").get_by_role("link", name="Tokens").click()
    await expect(page.get_by_role("note")).to_contain_text("2 Jan 2026 03:04:05")
    await page.get_by_role("link", name="Back to now").click()
    await expect(page.get_by_role("note")).to_have_count(0)
    tab.expects("422")
    await tab.go(f"/locations/{place}/edit?{PARAMETER}=2026-01-02T03:04:05")
    await expect(page.get_by_text("This page shows the present only.")).to_be_visible()
