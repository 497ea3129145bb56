"""Pages in the language that the browser asks for."""

import re

from playwright.async_api import expect

from eosvolt.adapters.http.framework.texts import language
from tests.e2e.web.addresses import COMPANY
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.conftest import OpenWindow
from tests.texts.extraction import messages

GERMAN = {"Accept-Language": "de-DE,de;q=0.9,en;q=0.5"}
# Words that nearly every English sentence has one of and no German one.
ENGLISH = re.compile(
    r"\b(the|of|to|and|is|are|it|its|not|no|with|from|for|by|been|has|have|until|when|this|that|there|since|"
    r"yet|your|you|last|all(?!-)|any|on|at|or|be)\b",
    re.IGNORECASE,
)
# Names that are the same in German.
SAME = {"Isle of Man"}
# Everything that a page says, but for code, keys and what people and chargers wrote themselves.
SAID = """() => {
  const left = "code, pre, kbd, script, style, svg, template, noscript, textarea, [translate=no],"
    + " .print-head, .initials";
  const shownNames = ["title", "aria-label", "placeholder", "alt"];
  const said = [];
  const shown = NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT;
  const walker = document.createTreeWalker(document.documentElement, shown);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    if (element.closest(left)) continue;
    if (node.nodeType === Node.TEXT_NODE) said.push(node.data);
    else for (const name of shownNames) said.push(node.getAttribute(name) ?? "");
  }
  return said.map((each) => each.trim()).filter((each) => /[A-Za-z]/.test(each));
}"""


async def test_a_german_browser_gets_german_pages_and_another_one_english_ones(tab: BrowserTab) -> None:
    page = await tab.go("/")
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await tab.context.set_extra_http_headers(GERMAN)
    await tab.go("/chargers")
    await expect(page.locator("html")).to_have_attribute("lang", "de")
    await expect(page.get_by_role("heading", name="Ladestationen", exact=True)).to_be_visible()
    await expect(page.locator("[data-live-word]")).to_have_text("Live")
    await tab.context.set_extra_http_headers({"Accept-Language": "fr"})
    await tab.go("/chargers")
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.get_by_role("heading", name="Chargers", exact=True)).to_be_visible()


async def test_a_refusal_is_said_in_german(tab: BrowserTab) -> None:
    tab.expects("404", "422")
    await tab.context.set_extra_http_headers(GERMAN)
    await tab.go("/locations/999999")
    await expect(tab.page.get_by_text("Diesen Standort gibt es nicht.")).to_be_visible()
    await tab.go("/locations/new")
    await tab.page.get_by_role("button", name="Standort anlegen").click()
    await expect(tab.page.get_by_role("alert")).to_contain_text("Ein Standort braucht einen Namen.")


async def test_in_german_no_page_says_anything_in_english(window: OpenWindow, pages: list[str]) -> None:
    german = language("de").messages
    everything = {each: german.gettext(each) for each in messages() if isinstance(each, str)}
    # "Filter" is "Filters" in German as well as a button in English.
    untranslated = {each for each, said in everything.items() if said != each} - set(everything.values())
    tab = await window()
    # What a verification finds is shown as the command printed it.
    tab.system.run("verify", "--expect", "0" * 64)
    await tab.sign_in(COMPANY)
    await tab.context.set_extra_http_headers(GERMAN)
    english = {}
    # The API is described in its own language.
    for path in (path for path in pages if not path.startswith("/api/docs")):
        await tab.go(path)
        said = set(await tab.page.evaluate(SAID)) - SAME
        if found := {each for each in said if each in untranslated or ENGLISH.search(each)}:
            english[path] = found
    assert [f"{path}: {sorted(found)}" for path, found in english.items()] == []
