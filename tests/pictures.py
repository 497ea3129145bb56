"""Pictures of every page of the demo, in each look: light, dark, on a phone, in German.

    make pictures [INTO=test-results/pictures]

Starts the demo in a folder of its own, finds the pages by following links, and writes a picture of each
into a folder for each look, with an ``index.html`` that shows them side by side.
"""

import argparse
import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any

import httpx2
from playwright.async_api import Browser, Page, async_playwright

from tests.crawl import pages, path_shape, sign_in
from tests.e2e.running import COMMAND, free_port

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB"},
    "dark": {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "locale": "en-GB"},
    "german": {"viewport": {"width": 1440, "height": 900}, "locale": "de-DE"},
}
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
START_SECONDS = 180
# Charts and parts of pages are drawn after the page was loaded.
DRAWN_AFTER_MS = 700
TALLEST = 6_000
LOGIN = re.compile(r"sign in with\s+(\S+)\s+/\s+(\S+)")


def main() -> None:
    """Start the demo and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=Path("test-results/pictures"))
    into: Path = parser.parse_args().into
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as (base, email, password):
        with httpx2.Client(base_url=base, headers={"Origin": base}, timeout=60) as client:
            sign_in(client, email, password)
            # Sorted and filtered lists are the same pages.
            found = list(
                {path_shape(each.partition("?")[0]): each for each in reversed(pages(client))}.values()
            )
        taken = asyncio.run(take(base, (email, password), sorted(found), into))
    (into / "index.html").write_text(overview(taken), encoding="utf-8")
    print(f"{len(taken)} pages in {len(LOOKS)} looks: {into / 'index.html'}")


@contextmanager
def demo(folder: Path) -> Iterator[tuple[str, str, str]]:
    """A demo that runs: its address, and the e-mail and password of its owner."""
    port = free_port()
    settings = {"EOSVOLT_PORT": str(port), "EOSVOLT_DATA_DIR": str(folder / "data"), "EOSVOLT_LOG": "error"}
    output = folder / "output"
    with output.open("w") as out:
        process = subprocess.Popen([*COMMAND, "demo"], env={**os.environ, **settings}, stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + START_SECONDS
        while (login := LOGIN.search(output.read_text())) is None:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"The demo does not start:\n{output.read_text()}")
            time.sleep(0.5)
        yield f"http://127.0.0.1:{port}", login[1], login[2]
    finally:
        process.terminate()
        process.wait(60)


async def take(base: str, login: tuple[str, str], found: list[str], into: Path) -> list[tuple[str, str]]:
    """Take the pictures; returns the address and the file name of each page."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        for look in LOOKS:
            (into / look).mkdir(parents=True, exist_ok=True)
            await one_look(browser, look, base, login, found, into / look)
            print(f"{look}: {len(found)} pictures", file=sys.stderr)
        await browser.close()
    return [(address, file_name(address)) for address in found]


def browser_path() -> str | None:
    """The browser of this machine, as the tests find it."""
    return os.environ.get("EOSVOLT_TEST_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), None)


async def one_look(
    browser: Browser, look: str, base: str, login: tuple[str, str], found: list[str], into: Path
) -> None:
    """Pictures of all pages in one look, the whole height of each."""
    context = await browser.new_context(**LOOKS[look])
    page = await context.new_page()
    await page.goto(f"{base}/sign-in")
    await page.screenshot(path=into / "sign-in.png")
    email, password = login
    await page.locator("input[name=email]").fill(email)
    await page.locator("input[name=password]").fill(password)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("h1")
    for address in found:
        await page.goto(f"{base}{address}")
        await page.wait_for_timeout(DRAWN_AFTER_MS)
        await page.screenshot(path=into / file_name(address), clip=await whole(page), full_page=True)
    await context.close()


async def whole(page: Page) -> Any:
    """The page from top to bottom, but no taller than anybody looks at."""
    width, height = await page.evaluate("[innerWidth, document.documentElement.scrollHeight]")
    return {"x": 0, "y": 0, "width": width, "height": min(height, TALLEST)}


def file_name(address: str) -> str:
    """The name of the page's picture: its path with what is one of many left out."""
    shape = path_shape(address.partition("?")[0]).strip("/").replace("*", "one")
    return f"{shape.replace('/', '-') or 'dashboard'}.png"


def overview(taken: list[tuple[str, str]]) -> str:
    """A page that shows all looks of a page side by side."""
    rows = "".join(
        f"<h2><code>{escape(address)}</code></h2><p>"
        + "".join(f'<a href="{look}/{name}"><img src="{look}/{name}" alt="{look}"></a>' for look in LOOKS)
        + "</p>"
        for address, name in taken
    )
    style = "body{font:14px sans-serif}img{width:24%;vertical-align:top;border:1px solid #ccc}"
    return f"<!doctype html><meta charset=utf-8><title>Pages</title><style>{style}</style>{rows}"


if __name__ == "__main__":
    main()
