"""A real browser for the tests of the pages."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, async_playwright

from tests.e2e.running import RunningSystem
from tests.e2e.web.browsing import Visitor

OpenWindow = Callable[..., Awaitable[Visitor]]


@pytest.fixture
async def browser(browser_path: Path) -> AsyncIterator[Browser]:
    """A browser that asks nobody for anything by itself."""
    quiet = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=browser_path, args=quiet)
        yield chromium
        await chromium.close()


@pytest.fixture
async def window(browser: Browser, system: RunningSystem) -> AsyncIterator[OpenWindow]:
    """Open a window; options are those of a Playwright context, such as ``color_scheme``."""
    opened: list[Visitor] = []

    async def make(**options: Any) -> Visitor:
        context = await browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        visitor = Visitor(system, context, await context.new_page())
        opened.append(visitor)
        return visitor

    yield make
    for visitor in opened:
        await visitor.context.close()
        assert visitor.complaints == []


@pytest.fixture
async def visitor(window: OpenWindow) -> Visitor:
    """Somebody of company 242 who is signed in."""
    visitor: Visitor = await window()
    await visitor.sign_in()
    return visitor
