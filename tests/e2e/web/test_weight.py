"""What a browser has to load, in bytes on the wire: pages are opened at the roadside too."""

import asyncio
from typing import Any

import httpx2
import pytest
from playwright.async_api import expect

from eosvolt.adapters.http.web.shell.assets import asset
from tests.e2e.api.charger import charge_once
from tests.e2e.running import OWNER_PASSWORD, RunningSystem
from tests.e2e.web.conftest import OpenWindow

FIRST_LOAD = 250_000


async def test_the_dashboard_loads_with_250_kb_on_the_wire_at_first(window: OpenWindow) -> None:
    tab = await window()
    api = tab.system.api()
    api.charger(api.location({"strategy": "perKwh", "price": "0.50"}), "WEIGHT-1")
    api.token("WEIGHT1")
    await asyncio.to_thread(charge_once, tab.system, "WEIGHT-1", "WEIGHT1")
    page = await tab.sign_in()
    wire = await tab.context.new_cdp_session(page)
    loaded: dict[str, int] = {}
    addresses: dict[str, str] = {}

    def asked(event: dict[str, Any]) -> None:
        addresses[event["requestId"]] = event["request"]["url"]

    def finished(event: dict[str, Any]) -> None:
        # What is not known was asked for by the page before.
        if address := addresses.get(event["requestId"]):
            loaded[address] = int(event["encodedDataLength"])

    wire.on("Network.requestWillBeSent", asked)
    wire.on("Network.loadingFinished", finished)
    await wire.send("Network.enable")
    await wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await page.goto(tab.system.base_url + "/")
    await expect(page.locator("[data-chart] svg").first).to_be_visible()
    # What was loaded is told a moment after it is shown.
    async with asyncio.timeout(30):
        while sum("/static/" in address for address in loaded) < 6 or not any("chunk-" in a for a in loaded):
            await asyncio.sleep(0.05)
    assert sum(loaded.values()) <= FIRST_LOAD, loaded


@pytest.mark.parametrize("name", ["vendor.css", "main.js", "icons.svg"])
@pytest.mark.parametrize(
    ("takes", "gets"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("identity", ""),
        ("br;q=0.000", ""),
    ],
)
def test_assets_come_as_the_browser_takes_them_and_are_kept_for_ever(
    system: RunningSystem, name: str, takes: str, gets: str
) -> None:
    plain = httpx2.get(system.base_url + asset(name), headers={"Accept-Encoding": "identity"})
    answer = httpx2.get(system.base_url + asset(name), headers={"Accept-Encoding": takes})
    assert answer.headers.get("content-encoding", "") == gets
    assert "accept-encoding" in answer.headers["vary"].casefold()
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == plain.headers["content-type"]
    # What browsers make of Brotli they show on every page.
    if gets != "br":
        assert answer.text == plain.text


def test_pages_are_compressed_but_not_what_answers_a_change(system: RunningSystem) -> None:
    with httpx2.Client(base_url=system.base_url, headers={"Origin": system.base_url}) as browser:
        browser.post("/sign-in", data={"email": system.owner(), "password": OWNER_PASSWORD})
        for path in ("/", "/api/openapi.json"):
            answer = browser.get(path, headers={"Accept-Encoding": "gzip"})
            assert answer.headers["content-encoding"] == "gzip", path
            assert "accept-encoding" in answer.headers["vary"].casefold()
            assert (
                "content-encoding" not in browser.get(path, headers={"Accept-Encoding": "gzip;q=0"}).headers
            )
        issued = browser.post(
            "/settings/api-keys", data={"label": "x" * 100}, headers={"Accept-Encoding": "gzip"}
        )
        assert issued.status_code == 303
        assert "content-encoding" not in issued.headers
        refused = browser.post("/settings/api-keys", data={"label": ""}, headers={"Accept-Encoding": "gzip"})
        assert refused.status_code == 422
        assert "content-encoding" not in refused.headers, "what was typed comes back in it"
        assert "content-encoding" not in browser.get("/healthz").headers, "tiny"
        with browser.stream("GET", "/live") as stream:
            assert "content-encoding" not in stream.headers
