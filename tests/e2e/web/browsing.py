"""A browser tab: signed in, and strict about what a page may do."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request, expect

from tests.e2e.running import OWNER_PASSWORD, RunningSystem

PATIENCE_MS = 30_000
SERIOUS = frozenset(("serious", "critical"))
# These are not among axe's own choice, or not serious to it.
RULES = {
    "rules": {
        "target-size": {"enabled": True},
        "landmark-unique": {"enabled": True},
        "label-content-name-mismatch": {"enabled": True},
    }
}

expect.set_options(timeout=PATIENCE_MS)


class BrowserTab:
    """A tab with a page of the running system. Collects everything that a page must not do."""

    def __init__(self, system: RunningSystem, context: BrowserContext, page: Page) -> None:
        self.system = system
        self.context = context
        self.page = page
        self._heard_of: list[str] = []
        self._expected: tuple[str, ...] = ()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self._heard_of.append(f"error: {error}"))
        page.on("request", self._asked)

    @property
    def complaints(self) -> list[str]:
        """What was wrong, without what the test meant to happen."""
        return [each for each in self._heard_of if not any(word in each for word in self._expected)]

    def expects(self, *words: str) -> None:
        """Browsers complain about answers such as 404; these are meant."""
        self._expected = words

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._heard_of.append(f"{message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.system.base_url, "data:", "blob:")):
            self._heard_of.append(f"outside request: {request.url}")

    async def go(self, path: str) -> Page:
        """Open a page of the system."""
        await self.page.goto(self.system.base_url + path)
        return self.page

    async def sign_in(self, company: int | None = None) -> Page:
        """Sign in as the company's owner, with the request that the form sends; no page is opened yet.

        What the form does is shown in ``test_sign_in.py``. To draw it and the dashboard costs a second and
        more of a core, and nearly all tests go on to a page of their own.
        """
        base_url = self.system.base_url
        entry: dict[str, str | float | bool] = {
            "email": self.system.owner(company),
            "password": OWNER_PASSWORD,
        }
        sent_from = {"Origin": base_url}
        answer = await self.context.request.post(
            f"{base_url}/sign-in", form=entry, headers=sent_from, max_redirects=0
        )
        assert answer.status == 303, await answer.text()
        assert answer.headers["location"] == "/"
        return self.page

    async def wrong_fields(self) -> list[str | None]:
        """The ids of the fields that a form which was sent calls wrong, in their order, once it does."""
        wrong = self.page.locator(".is-invalid")
        await wrong.first.wait_for()
        # A slow machine shows the first of them before the last has come.
        await self.page.wait_for_load_state()
        return [await each.get_attribute("id") for each in await wrong.all()]

    async def live(self) -> None:
        """Wait until the page says that it is live."""
        await expect(self.page.locator("[data-live-badge]")).to_have_attribute("data-live-state", "live")

    async def too_wide(self) -> int:
        """By how many pixels the page is wider than the window."""
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(await self.page.evaluate(wide))

    async def crowded(self) -> list[str]:
        """What ends in dots where it is too long, and has a second thing to press that would be cut off."""
        found = """[...document.querySelectorAll("body *")]
            .filter(each => getComputedStyle(each).textOverflow === "ellipsis")
            .filter(each => each.querySelectorAll("a, button").length > 1)
            .map(each => each.outerHTML.slice(0, 200))"""
        return list(await self.page.evaluate(found))

    async def violations(self, only: str | None = None) -> list[str]:
        """Find violations of accessibility by axe-core: WCAG 2.2 A and AA, and names of parts and labels.

        ``only``: the one rule that is asked for.
        """
        options = RULES if only is None else {"runOnly": {"type": "rule", "values": [only]}}
        # Otherwise it tells how each element that passes can be found again, which takes most of its time.
        found = await Axe().run(self.page, options={**options, "resultTypes": ["violations"]})
        return [
            f"{each['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
            for each in found.response["violations"]
            if each["impact"] in SERIOUS or each["id"] in RULES["rules"]
            for node in each["nodes"]
        ]
