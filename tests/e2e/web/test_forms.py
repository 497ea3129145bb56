"""Forms say what is wrong where it is wrong, keep what was typed, and ask before anything is lost."""

import secrets
from urllib.parse import quote

import httpx2
from playwright.async_api import expect

from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.cars import known, plugged
from tests.e2e.web.conftest import OpenWindow

TARIFF = {"strategy": "perKwh", "price": "0.50"}


async def test_overlapping_windows_are_shown_while_typing_and_refused_by_the_server(tab: BrowserTab) -> None:
    tab.expects("422")
    page = await tab.go("/locations/new")
    await page.get_by_label("Name").fill("Overlap")
    await page.get_by_label("Price, VAT included").fill("0.50")
    for starts, ends in (("06:00", "12:00"), ("11:00", "18:00")):
        await page.get_by_role("button", name="Add a window").click()
        row = page.locator("[data-window]").last
        await row.get_by_label("From").fill(starts)
        await row.get_by_label("To").fill(ends)
        await row.get_by_label("Price").fill("0.80")
    await expect(page.locator("[data-day-said]")).to_have_text("Two windows overlap.")
    await page.get_by_role("button", name="Create location").click()
    await expect(page.locator(".invalid-feedback")).to_contain_text("overlaps")
    await expect(page.locator("#field-windows")).to_be_focused()
    await expect(page.get_by_label("Name")).to_have_value("Overlap")
    assert await page.locator("[data-window]").count() == 2


async def test_a_tariff_that_is_edited_comes_back_as_it_was(tab: BrowserTab) -> None:
    tariff = {
        "strategy": "perMinute",
        "price": "0.1234",
        "windows": [
            {"from": "18:00", "to": "24:00", "price": "0.20"},
            {"from": "00:00", "to": "06:00", "price": "0.05"},
        ],
        "blockingFee": {"amount": "2.50", "intervalMinutes": 30, "cap": "10.00"},
    }
    api = tab.system.api()
    location = api.location(tariff, name=f"Round {secrets.token_hex(3)}", vatRate="0.077")
    before = api.get(f"/locations/{location}")
    page = await tab.go(f"/locations/{location}/edit")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status").filter(has_text="Changes saved.")).to_be_visible()
    assert api.get(f"/locations/{location}") == before


async def test_all_errors_of_a_location_show_at_once_and_the_first_has_the_focus(tab: BrowserTab) -> None:
    tab.expects("422")
    page = await tab.go("/locations/new")
    await page.get_by_label("Price, VAT included").fill("cheap")
    await page.get_by_label("VAT in %").fill("119")
    await page.get_by_label("Latitude").fill("91")
    await page.get_by_label("Currency").fill("XXY")
    await page.get_by_label("Amount per full interval").fill("5.00")
    await page.get_by_label("Cap per session").fill("2.00")
    await page.get_by_role("button", name="Create location").click()
    names = ("name", "latitude", "price", "currency", "vat", "cap")
    assert await tab.wrong_fields() == [f"field-{name}" for name in names]
    await expect(page.get_by_label("Name")).to_be_focused()
    await page.get_by_role("alert").get_by_role("link", name="The cap is below the fee").click()
    await expect(page.get_by_label("Cap per session")).to_be_focused()


async def test_a_currency_with_sessions_cannot_be_edited(tab: BrowserTab) -> None:
    api, box = tab.system.api(), f"PAID-{secrets.token_hex(3)}"
    location = api.location(TARIFF, name=f"Yard {box}")
    api.charger(location, box)
    api.token(f"C{box[5:]}")
    page = await tab.go(f"/locations/{location}/edit")
    await expect(page.get_by_label("Currency")).to_be_editable()
    async with plugged(tab.system, box) as car:
        await car.boot()
        await known(tab.system, await car.begin(f"C{box[5:]}"))
    await page.reload()
    await expect(page.get_by_label("Currency")).not_to_be_editable()


async def test_a_charger_that_exists_is_refused_beside_its_field(tab: BrowserTab) -> None:
    tab.expects("422")
    api, box = tab.system.api(), f"TWICE-{secrets.token_hex(3)}"
    location = api.location(TARIFF, name=f"Yard {box}")
    api.charger(location, box)
    page = await tab.go(f"/chargers/new?location={location}")
    await page.get_by_label("Charge box id").fill(box)
    await page.get_by_role("button", name="Add charger").click()
    await expect(page.locator("#about-chargeBoxId")).to_contain_text("There is already a charger")


async def test_the_form_of_a_charger_says_where_it_connects_and_all_that_is_wrong(tab: BrowserTab) -> None:
    tab.expects("422")
    box = f"FORM-{secrets.token_hex(3)}"
    location = tab.system.api().location(TARIFF, name=f"Yard {box}")
    page = await tab.go(f"/chargers/new?location={location}")
    await expect(page.get_by_role("heading", name="Connect the charger")).to_be_visible()
    link = f"ws://127.0.0.1:{tab.system.port}/ocpp/{tab.system.company}"
    await expect(page.get_by_role("button", name="Copy: Address")).to_have_attribute("data-copy", link)
    await page.get_by_label("Charge box id").fill(box)
    await page.get_by_role("button", name="Another plug").click()
    second = page.locator("[data-window]").last
    await second.get_by_label("Type").select_option("chademo")
    await second.get_by_label("Plug number").fill("1")
    await second.get_by_label("Max power in kW").fill("much")
    await page.get_by_label("Password (optional)").fill("short")
    await page.get_by_role("button", name="Add charger").click()
    await expect(page.get_by_role("alert").get_by_role("listitem")).to_have_count(2)
    await expect(page.locator("#about-plugs")).to_contain_text("Each plug number is used once.")
    await expect(page.locator("#about-plugs")).to_contain_text("The power is a number of kW")
    await expect(page.locator("#about-password")).to_contain_text("8 to 40 characters")
    await expect(page.get_by_label("Plug number").first).to_be_focused()
    await expect(second.get_by_label("Type")).to_have_value("chademo")
    assert await tab.violations() == []
    await second.get_by_label("Plug number").fill("2")
    await second.get_by_label("Max power in kW").fill("50")
    await page.get_by_label("Password (optional)").fill("long-enough-1")
    await page.get_by_role("button", name="Add charger").click()
    await expect(page.get_by_role("heading", name=box)).to_be_visible()
    await expect(page.locator("#plug-2")).to_contain_text("CHAdeMO")


async def test_a_charger_with_a_slash_in_its_id_has_its_own_page(tab: BrowserTab) -> None:
    api, box = tab.system.api(), f"A/B {secrets.token_hex(3)}"
    api.charger(api.location(TARIFF, name="Slashes"), box)
    page = await tab.go(f"/chargers?search={quote(box)}")
    await page.get_by_role("link", name=box).click()
    await expect(page.get_by_role("heading", name=box)).to_be_visible()


async def test_a_location_is_only_closed_by_its_name_and_without_chargers(tab: BrowserTab) -> None:
    tab.expects("422")
    api, name = tab.system.api(), f"Close {secrets.token_hex(3)}"
    location = api.location(TARIFF, name=name)
    page = await tab.go(f"/locations/{location}/remove")
    await page.get_by_label("Type its name").fill("something else")
    await page.get_by_role("button", name=f"Remove {name}").click()
    await expect(page.locator("#about-name")).to_have_text("This is not its name.")
    await page.get_by_label("Type its name").fill(name)
    await page.get_by_role("button", name=f"Remove {name}").click()
    await expect(page.get_by_role("status").filter(has_text=f"Location {name} removed.")).to_be_visible()
    assert api.client.get(f"/locations/{location}").status_code == 404


async def test_another_companys_things_are_not_there(tab: BrowserTab) -> None:
    tab.expects("404")
    theirs = tab.system.api(243)
    box = f"THEIRS-{secrets.token_hex(3)}"
    location = theirs.location(TARIFF, name="Theirs")
    theirs.charger(location, box)
    for path in (f"/locations/{location}", f"/chargers/{box}", f"/locations/{location}/edit"):
        answer = await tab.page.goto(tab.system.base_url + path)
        assert answer is not None
        assert answer.status == 404
    await tab.go("/chargers")
    await expect(tab.page.get_by_text(box)).to_have_count(0)


async def test_a_form_from_another_site_changes_nothing(tab: BrowserTab) -> None:
    cookies = [f"{each.get('name')}={each.get('value')}" for each in await tab.context.cookies()]
    answer = httpx2.post(
        f"{tab.system.base_url}/settings/company",
        data={"name": "Stolen"},
        headers={
            "Origin": "https://evil.example",
            "Sec-Fetch-Site": "cross-site",
            "Cookie": "; ".join(cookies),
        },
    )
    assert answer.status_code == 403
    assert tab.system.api().get("/company")["name"] != "Stolen"


async def test_characters_that_cannot_be_seen_are_refused_in_forms_and_in_the_api(tab: BrowserTab) -> None:
    api, base = tab.system.api(), tab.system.base_url
    for character in ("\a", "\x1b", "\u202e", "\n"):
        body: dict[str, str | float | bool] = {
            "name": f"Yard{character}",
            "strategy": "perKwh",
            "price": "0.50",
        }
        form = await tab.context.request.post(
            f"{base}/locations/new", form=body, headers={"origin": base}, max_redirects=0
        )
        assert form.status == 422
        assert f"U+{ord(character):04X}" in await form.text()
        assert 'id="about-name"' in await form.text()
        answer = api.client.post("/tokens", json={"uid": "SEEN1", "status": "accepted", "label": character})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/label"
    assert api.client.get("/search", params={"q": "\x1b"}).status_code == 422


async def test_long_names_break_no_page(window: OpenWindow) -> None:
    tab = await window(viewport={"width": 1440, "height": 900})
    page = await tab.sign_in()
    api, stem = tab.system.api(), secrets.token_hex(3).upper()
    name = f"Y{stem}" + "W" * 193
    location = api.location({"strategy": "perKwh", "price": "0.50"}, name=name, address="A" * 300)
    api.charger(location, f"LONG-{stem}-" + "W" * 36)
    wide = {}
    for width in (1440, 390):
        await page.set_viewport_size({"width": width, "height": 900})
        for path in (
            "/",
            f"/?open={location}",
            "/sessions",
            "/locations",
            f"/locations/{location}",
            f"/locations/{location}/edit",
            "/chargers",
            f"/search?q=Y{stem}",
        ):
            await tab.go(path)
            wide[path, width] = await tab.too_wide()
            if path == "/locations" and width == 1440:
                row = page.locator(f"#location-{location}")
                await expect(row.get_by_role("link").first).to_have_attribute("title", name)
                last = await row.locator("td").last.bounding_box()
                assert last is not None
                assert last["x"] + last["width"] <= width
    assert {key: by for key, by in wide.items() if by > 0} == {}
