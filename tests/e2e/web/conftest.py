"""A real browser for the tests of the pages: one for all of them, a profile of its own for each window."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.e2e.running import RunningSystem
from tests.e2e.web.addresses import everywhere
from tests.e2e.web.browsing import BrowserTab

OpenWindow = Callable[..., Awaitable[BrowserTab]]


HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Have the tests of this folder live on the loop that the browser lives on."""
    for item in items:
        if HERE in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


# Downwards: a company that is invited gets the number after the highest.
_NUMBERS = itertools.count(999, -1)


@pytest.fixture(scope="module", autouse=True)
def company(system: RunningSystem) -> Iterator[int]:
    """The company of a file's tests, so that its pages show nothing that another file added."""
    before, system.company = system.company, next(_NUMBERS)
    system.api()
    yield system.company
    system.company = before


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(browser_path: Path) -> AsyncIterator[Browser]:
    """A browser that asks nobody for anything by itself."""
    quiet = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=browser_path, args=quiet)
        yield chromium
        await chromium.close()


@asynccontextmanager
async def windows(browser: Browser, system: RunningSystem) -> AsyncIterator[OpenWindow]:
    """Windows of a system; each is closed at the end, when nothing may have been wrong in any."""
    opened: list[BrowserTab] = []

    async def make(**options: Any) -> BrowserTab:
        context = await browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        tab = BrowserTab(system, context, await context.new_page())
        opened.append(tab)
        return tab

    yield make
    for tab in opened:
        await tab.context.close()
        assert tab.complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def window(browser: Browser, system: RunningSystem) -> AsyncIterator[OpenWindow]:
    """Open a window; options are those of a Playwright context, such as ``color_scheme``."""
    async with windows(browser, system) as open_window:
        yield open_window


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def open_window(browser: Browser, system: RunningSystem) -> AsyncIterator[OpenWindow]:
    """Open a window that stays open for the tests of a file, as ``window`` does for one of them."""
    async with windows(browser, system) as open_window:
        yield open_window


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def pages(system: RunningSystem) -> list[str]:
    """The addresses of all pages, with something to show on each, for the owner of company 300."""
    return await everywhere(system)


@pytest_asyncio.fixture(loop_scope="session")
async def tab(window: OpenWindow) -> BrowserTab:
    """The owner of the file's company, signed in."""
    tab: BrowserTab = await window()
    await tab.sign_in()
    return tab
