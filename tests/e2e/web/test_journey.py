"""The way of a new operator: from the staff's invitation to a paid session, a colleague, and the proof."""

import io
import re
import secrets
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any, NamedTuple

from playwright.async_api import expect
from pypdf import PdfReader

from tests.drawn_pictures import LOGO_FILE
from tests.e2e.running import OWNER_PASSWORD, RunningSystem
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.cars import plugged
from tests.e2e.web.conftest import OpenWindow
from tests.e2e.web.people import company_invited, invited, joined, registered, staff_signed_in
from tests.e2e.web.sites import charger_added, location_created
from tests.eventually import eventually

COMPANY, TOKEN = "Pier Power", "PIER-1"
BILLING = {
    "Legal name": "Pier Power GmbH",
    "Street and number": "Am Kai 1",
    "Postcode": "20457",
    "City": "Hamburg",
    "VAT id": "DE136695976",
    "IBAN": "DE89370400440532013000",
    "Support phone": "+49 40 1234567",
}


class Site(NamedTuple):
    """A location, its charger, and a session there."""

    location: str
    charger: str
    session: int


async def api(tab: BrowserTab, path: str, **params: Any) -> Any:
    """What the API answers to whoever is signed in in the tab."""
    answer = await tab.page.request.get(f"{tab.system.base_url}/api/v1{path}", params=params)
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def test_from_the_staff_s_invitation_to_a_receipt_a_colleague_and_a_proof(
    window: OpenWindow, system: RunningSystem
) -> None:
    mark = secrets.token_hex(3).upper()
    staff = await window()
    page = await staff_signed_in(staff, system.create_staff())
    link = await company_invited(page, f"pier-{mark}@power.example")
    number = int(link.split("/")[-2])

    owner = await window()
    page = await registered(owner, link, COMPANY, "Eve Owner", f"eve-{mark}@power.example")
    await settings_filled_in(owner)
    hers = await first_session(owner, number, f"PIER-{mark}")
    await figures_agree(owner, hers)
    await receipt_tells_the_same(owner, hers)
    others = await another_session(owner, number, f"QUAY-{mark}")

    nina = await window()
    nina.expects("403", "404")
    await joined(nina, await invited(owner, hers.location, f"nina-{mark}@power.example"))
    await sees_her_location_alone(nina, hers, others)

    await bill_is_proved(owner, hers)
    await looked_back(owner, hers)


async def settings_filled_in(tab: BrowserTab) -> None:
    """The two calls to action of the first dashboard, until both are gone."""
    page = tab.page
    await expect(page.get_by_role("heading", name="Three steps to the first session")).to_be_visible()
    await expect(page.locator(".company-steps a")).to_have_text(
        ["Upload company logo", "Add billing information"]
    )
    await page.get_by_role("link", name="Upload company logo").click()
    await page.get_by_label("Picture").set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": LOGO_FILE}
    )
    await page.get_by_role("button", name="Upload logo").click()
    await expect(page.locator(".rail-logo")).to_be_visible()
    await page.get_by_role("link", name="Dashboard").click()
    await expect(page.locator(".company-steps a")).to_have_text(["Add billing information"])
    await page.get_by_role("link", name="Add billing information").click()
    for label, text in BILLING.items():
        await page.get_by_label(label, exact=True).fill(text)
    await page.get_by_label("Country", exact=True).select_option(label="Germany")
    await page.get_by_label("Your password", exact=True).fill(OWNER_PASSWORD)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status").filter(has_text="Changes saved.")).to_be_visible()
    await page.get_by_role("link", name="Dashboard").click()
    await expect(page.get_by_role("heading", name="Three steps to the first session")).to_be_visible()
    await expect(page.locator(".company-steps")).to_have_count(0)


async def first_session(tab: BrowserTab, number: int, box: str) -> Site:
    """A location, its charger and a token are added, and a car charges while the dashboard is open."""
    page = tab.page
    location = await location_created(page, f"Harbour of {box}")
    await charger_added(page, box)
    link = f"ws://127.0.0.1:{tab.system.port}/ocpp/{number}"
    await expect(page.get_by_text(link, exact=True)).to_be_visible()
    await page.get_by_role("link", name="Tokens").click()
    await page.get_by_label("Token", exact=True).fill(TOKEN)
    await page.get_by_role("button", name="Add token").click()
    await expect(page.locator(f"#token-{TOKEN}")).to_contain_text("Accepted")
    await page.get_by_role("link", name="Dashboard").click()
    await tab.live()
    start = datetime.now(UTC) - timedelta(minutes=50)
    async with plugged(tab.system, box, company=number) as car:
        await car.boot()
        await car.status("Charging", start)
        session = await car.begin(TOKEN, start)
        await car.meter(session, 7000, start + timedelta(minutes=20))
        row = page.locator(f"#session-{session}")
        await expect(row).to_contain_text("Charging")
        await expect(row.locator(".so-far")).to_have_text("€3.00")
        await expect(page.get_by_role("heading", name="Three steps to the first session")).to_have_count(0)
        await car.end(session, 11_000, start + timedelta(minutes=30))
        await car.status("Finishing", start + timedelta(minutes=30))
        await expect(row).to_contain_text("Blocking")
        await car.status("Available")
        await expect(row).to_contain_text("Completed")
        # 10 kWh × 0.50. A fee for blocking would need a connection meanwhile.
        await expect(row).to_contain_text("€5.00")
    return Site(location, box, session)


async def another_session(tab: BrowserTab, number: int, box: str) -> Site:
    """A second location, with a charger and a session of 2 kWh."""
    page = tab.page
    location = await location_created(page, f"Quay of {box}")
    await charger_added(page, box)
    await page.get_by_role("link", name="Dashboard").click()
    await tab.live()
    start = datetime.now(UTC) - timedelta(minutes=10)
    async with plugged(tab.system, box, company=number) as car:
        await car.boot()
        session = await car.begin(TOKEN, start)
        await car.end(session, 3000, start + timedelta(minutes=9))
        await car.status("Available")
        await expect(page.locator(f"#session-{session}")).to_contain_text("€1.00")
    return Site(location, box, session)


async def figures_agree(tab: BrowserTab, site: Site) -> None:
    """Dashboard, list and page of the session show what the API says."""
    page = tab.page
    bill = await api(tab, f"/sessions/{site.session}")
    assert bill["total"] == {"currency": "EUR", "amount": "5.00"}
    assert sum(Decimal(line["gross"]["amount"]) for line in bill["lines"]) == Decimal("5.00")
    summary = await api(tab, "/dashboard/summary", period="month")
    assert summary["revenue"] == [bill["total"]]
    assert (summary["energyWh"], summary["sessionCount"]) == (bill["energyWh"], 1)
    await expect(page.locator(".figure-value")).to_have_text(["€5.00", "10.00 kWh", "1"])
    await page.get_by_role("link", name="All sessions").click()
    await expect(page.locator("#totals")).to_contain_text("€5.00")
    await expect(page.locator(f"#session-{site.session}")).to_contain_text("€5.00")
    await page.get_by_role("link", name=str(site.session), exact=True).click()
    await expect(page.locator("#total")).to_have_text("€5.00")
    for line in bill["lines"]:
        await expect(page.locator("#lines tbody")).to_contain_text(f"€{line['gross']['amount']}")


async def receipt_tells_the_same(tab: BrowserTab, site: Site) -> None:
    """The receipt as a browser downloads it: who issues it, its lines and its sum."""
    page = tab.page
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="Receipt").click()
    receipt = PdfReader(io.BytesIO((await (await coming.value).path()).read_bytes()))
    text = "\n".join(each.extract_text() for each in receipt.pages).replace("\xa0", " ")
    printed = ("Pier Power GmbH", "Am Kai 1", "20457 Hamburg", "VAT id DE136695976", "+49 40 1234567")
    for each in (*printed, f"Session {site.session}", "10.000 kWh", "€0.50", "€5.00"):
        assert each in text
    assert re.findall(r"Total, VAT included\s+(€[\d.]+)", text) == ["€5.00"]
    assert len(receipt.pages[0].images) == 1


async def sees_her_location_alone(tab: BrowserTab, hers: Site, others: Site) -> None:
    """A support person of one location: her menu, her session, and nothing of what is not hers."""
    page, base = tab.page, tab.system.base_url
    rail = page.get_by_role("navigation", name="Main").get_by_role("link")
    menu = [
        "Dashboard",
        "Sessions",
        "Bookings",
        "Locations",
        "Chargers",
        "Home chargers",
        "Load balancing",
        "Tokens",
        "Customers",
        "Diagnostics",
    ]
    await expect(rail).to_have_text([re.compile(rf"^\s*{each}\b") for each in menu])
    await expect(page.locator(".figure-value")).to_have_text(["€5.00", "10.00 kWh", "1"])
    for name in menu:
        await rail.filter(has_text=re.compile(rf"^\s*{name}\b")).click()
        await expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
        for hidden in (others.charger, str(others.session), others.location):
            assert hidden not in await page.content(), f"{hidden} on {name}"
    await tab.go(f"/sessions/{hers.session}")
    await expect(page.locator("#total")).to_have_text("€5.00")
    for site, status in ((hers, 200), (others, 404)):
        for path in (
            f"/sessions/{site.session}",
            f"/sessions/{site.session}/log",
            f"/sessions/{site.session}/receipt",
            f"/locations/{site.location}",
            f"/chargers/{site.charger}",
            f"/api/v1/sessions/{site.session}",
            f"/api/v1/sessions/{site.session}/log",
            f"/api/v1/sessions/{site.session}/receipt",
            f"/api/v1/locations/{site.location}",
            f"/api/v1/chargers/{site.charger}",
        ):
            assert (await page.request.get(base + path)).status == status, path
    for path in ("/settings", "/settings/api-keys", "/users", "/audit/events", "/audit/proof"):
        assert (await page.request.get(base + path)).status == 403, path
        await tab.go(path)
        await expect(page.get_by_text("This needs the permission")).to_be_visible()
    for path in ("/settings", "/api-keys", "/admins", "/events", "/history"):
        assert (await page.request.get(f"{base}/api/v1{path}")).status == 403, path
    # Also what she may do at her own location.
    origin = {"Origin": base}
    refused = await page.request.post(f"{base}/sessions/{others.session}/stop", headers=origin)
    assert refused.status == 404
    command = {"type": "reset"}
    for site, status in ((hers, 202), (others, 404)):
        asked = await page.request.post(
            f"{base}/api/v1/chargers/{site.charger}/commands", data=command, headers=origin
        )
        assert asked.status == status, await asked.text()


async def bill_is_proved(tab: BrowserTab, site: Site) -> None:
    """A line of the bill is followed to the charger's message, whose digest is its event's."""
    page = tab.page
    events = (await api(tab, "/events", session=site.session, limit=200))["items"]

    async def sealed() -> bool:
        head = (await api(tab, "/history")).get("head", {"position": 0})
        return bool(head["position"] >= events[-1]["position"])

    await eventually(sealed, 60)
    await tab.go(f"/sessions/{site.session}")
    await page.locator("#lines tbody tr").first.get_by_role("link", name="Prove").click()
    await expect(page.get_by_role("heading", name=f"Proof of session {site.session}")).to_be_visible()
    ended = page.locator(".events > li[data-event=charging-ended]")
    await ended.locator("summary").click()
    await expect(ended).to_contain_text("unchanged")
    frame = await ended.locator(".frame").inner_text()
    assert "StopTransaction" in frame
    known = next(each["frame"] for each in events if each["type"] == "charging-ended")
    assert sha256(frame.encode()).hexdigest() == known
    await expect(ended).to_contain_text(known)


async def looked_back(tab: BrowserTab, site: Site) -> None:
    """The session as of the instant before its charging ended, with the API's figures of then."""
    page = tab.page
    events = (await api(tab, "/events", session=site.session, limit=200))["items"]
    names = [each["type"] for each in events]
    then = events[names.index("charging-ended") - 1]["recordedAt"]
    past = await api(tab, f"/sessions/{site.session}", asOf=then)
    assert (past["status"], past["energyWh"]) == ("charging", 6000)
    await tab.go(f"/sessions/{site.session}?asOf={then}")
    await expect(page.get_by_role("note")).to_contain_text("Viewed as of")
    await expect(page.locator("#status")).to_have_text("Charging")
    await expect(page.locator("#glance")).to_contain_text("6.00 kWh")
    await expect(page.get_by_role("link", name="Receipt")).to_have_count(0)
    await page.get_by_role("link", name="Back to now").click()
    await expect(page.locator("#status")).to_have_text("Completed")
    await expect(page.locator("#total")).to_have_text("€5.00")
