"""What holds for every page: nothing from outside, no complaint, accessible, at home on a phone."""

from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.e2e.web.addresses import COMPANY
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.conftest import OpenWindow

# The first test waits until every page was looked at, which takes minutes on a busy machine.
pytestmark = pytest.mark.timeout(900)

# A page that needs no sign-in looks the same with one, but for these.
WITHOUT_SIGN_IN = (
    "/sign-in",
    "/forgotten-password",
    "/api/docs?q=POST+tokens",
    "/drive",
    "/drive?map=1",
    "/drive/sign-in",
    "/drive/sign-in/code?email=ida@home.example",
)


@dataclass(frozen=True, slots=True)
class Look:
    """What is wrong with one page.

    Violations of accessibility, what may be cut off, and by how many pixels the page is too wide.
    """

    violations: list[str]
    violations_when_dark: list[str]
    crowded: list[str]
    too_wide: dict[int, int]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def looks(open_window: OpenWindow, pages: list[str]) -> dict[str, Look]:
    """Every page, opened once and looked at in all ways: opening it takes longer than a look."""
    tab = await open_window(color_scheme="light", reduced_motion="reduce")
    found = {path: await _look(tab, path) for path in WITHOUT_SIGN_IN}
    await tab.sign_in(COMPANY)
    return found | {path: await _look(tab, path) for path in pages}


async def _look(tab: BrowserTab, path: str) -> Look:
    page = tab.page
    await tab.go(path)
    violations, crowded = await tab.violations(), await tab.crowded()
    # Only contrast depends on the colours.
    await page.emulate_media(color_scheme="dark")
    when_dark = await tab.violations("color-contrast")
    await page.emulate_media(color_scheme="light")
    too_wide = {}
    for width in (360, 2560):
        await page.set_viewport_size({"width": width, "height": 800})
        too_wide[width] = await tab.too_wide()
    await page.set_viewport_size({"width": 1440, "height": 900})
    return Look(violations, when_dark, crowded, too_wide)


def test_no_page_violates_the_rules_of_accessibility(looks: dict[str, Look]) -> None:
    assert {path: each.violations for path, each in looks.items() if each.violations} == {}


def test_no_dark_page_lacks_contrast(looks: dict[str, Look]) -> None:
    found = {path: each.violations_when_dark for path, each in looks.items()}
    assert {path: violations for path, violations in found.items() if violations} == {}


def test_no_page_is_wider_than_the_window(looks: dict[str, Look]) -> None:
    assert {path: each.too_wide for path, each in looks.items() if any(each.too_wide.values())} == {}


def test_nothing_to_press_is_cut_off(looks: dict[str, Look]) -> None:
    assert {path: each.crowded for path, each in looks.items() if each.crowded} == {}


async def test_everything_is_within_reach_of_the_keyboard(window: OpenWindow) -> None:
    tab = await window()
    await tab.sign_in()
    page = await tab.go("/")
    await page.keyboard.press("/")
    await expect(page.get_by_role("combobox", name="Search everything")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("g")
    await page.keyboard.press("c")
    await expect(page.get_by_role("heading", name="Chargers")).to_be_visible()
    await page.wait_for_load_state()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()


async def test_the_theme_that_was_chosen_is_there_before_anything_is_painted(window: OpenWindow) -> None:
    tab = await window(color_scheme="light")
    await tab.sign_in()
    page = await tab.go("/")
    await page.get_by_label("Account and appearance").click()
    await page.get_by_role("button", name="Dark").click()
    await page.reload(wait_until="commit")
    await expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


async def test_pages_work_without_a_script(window: OpenWindow, pages: list[str]) -> None:
    tab = await window(java_script_enabled=False)
    page = await tab.sign_in(COMPANY)
    for path in pages:
        await tab.go(path)
        await expect(page.locator("h1").first).to_be_visible()


async def test_a_key_is_issued_without_a_script(window: OpenWindow) -> None:
    tab = await window(java_script_enabled=False)
    page = await tab.sign_in()
    await tab.go("/settings/api-keys")
    await page.get_by_label("What is the new key for?").fill("No script")
    await page.get_by_role("button", name="Issue an API key").click()
    await expect(page.locator("#issued-key")).to_contain_text("eosvolt_live_")
