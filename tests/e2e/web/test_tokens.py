"""Tokens on the screen: changed, blocked with a way back, and out of a file and into one."""

import csv
import io
import secrets
from typing import Any

import httpx2
import pytest
from playwright.async_api import FilePayload, expect

from tests.e2e.running import OWNER_PASSWORD, RunningSystem
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.conftest import OpenWindow


def _stem() -> str:
    return f"T{secrets.token_hex(4).upper()}"


def _token(tab: BrowserTab, uid: str) -> dict[str, Any]:
    found: dict[str, Any] = tab.system.api().get(f"/tokens/{uid}")
    found.pop("issuedAt")
    return found


def _file(text: str) -> FilePayload:
    return {"name": "tokens.csv", "mimeType": "text/csv", "buffer": text.encode()}


async def test_a_token_is_changed_in_a_form_that_knows_it(tab: BrowserTab) -> None:
    tab.expects("422")
    uid = _stem()
    tab.system.api().token(uid, groupUid="FLEET", label="Ana", expiresAt="2031-10-26T01:30:09Z")
    before = _token(tab, uid)
    page = await tab.go(f"/tokens?search={uid}")
    await page.get_by_role("link", name=f"Change {uid}").click()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status").filter(has_text="Changes saved.")).to_be_visible()
    assert _token(tab, uid) == before

    await tab.go(f"/tokens/{uid}/edit")
    await page.get_by_label("Group").fill("Größe")
    await page.get_by_label("Label").fill("Ben\u202e")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator("#about-label")).to_contain_text("U+202E")
    await expect(page.locator("#about-group")).to_contain_text("At most 36 characters")
    await expect(page.get_by_label("Label")).to_be_focused()
    await page.get_by_label("Group").fill("NIGHT")
    await page.get_by_label("Label").fill("Ben")
    await page.get_by_label("Status").select_option("blocked")
    await page.get_by_label("Expires").fill("")
    await page.get_by_label("May charge at several plugs at once").check()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status").filter(has_text="Changes saved.")).to_be_visible()
    assert _token(tab, uid) == {
        "uid": uid,
        "status": "blocked",
        "label": "Ben",
        "groupUid": "NIGHT",
        "concurrent": True,
    }


async def test_blocking_a_token_can_be_undone_and_keeps_the_page(tab: BrowserTab) -> None:
    uid = _stem()
    tab.system.api().token(uid)
    page = await tab.go(f"/tokens?search={uid}&status=accepted")
    await page.get_by_role("button", name=f"Block {uid}").click()
    await expect(page.get_by_role("status").filter(has_text=f"Token {uid}: blocked.")).to_be_visible()
    await expect(page).to_have_url(f"{tab.system.base_url}/tokens?search={uid}&status=accepted")
    await expect(page.get_by_text("No token matches the filter.")).to_be_visible()
    assert _token(tab, uid)["status"] == "blocked"
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_role("button", name=f"Block {uid}")).to_be_visible()
    assert _token(tab, uid)["status"] == "accepted"
    await page.reload()
    await expect(page.get_by_role("button", name="Undo")).to_have_count(0)


async def test_tokens_are_filtered_by_what_they_are_now(tab: BrowserTab) -> None:
    stem, api = _stem(), tab.system.api()
    api.token(f"{stem}1")
    api.token(f"{stem}2", status="blocked")
    api.token(f"{stem}3", expiresAt="2020-01-01T00:00:00Z")
    for status, shown in (("accepted", 1), ("blocked", 2), ("expired", 3)):
        page = await tab.go(f"/tokens?search={stem}")
        await page.get_by_label("Status", exact=True).select_option(status)
        await expect(page.locator("#list tbody tr")).to_have_count(1)
        await expect(page.locator("#list tbody tr")).to_contain_text(f"{stem}{shown}")
        found = api.get("/tokens", search=stem, status=status)["items"]
        assert [each["uid"] for each in found] == [f"{stem}{shown}"]


async def test_tokens_come_back_from_the_file_that_they_went_into(tab: BrowserTab) -> None:
    stem, api = _stem(), tab.system.api()
    api.token(f"{stem}1", label="=1+1", groupUid="-G", expiresAt="2031-10-26T01:30:00Z")
    api.token(f"{stem}2", status="blocked", label="Café, night", concurrent=True)
    before = [_token(tab, f"{stem}{each}") for each in (1, 2)]
    page = await tab.go(f"/tokens?search={stem}")
    await page.locator("summary", has_text="Export").click()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Download as CSV").click()
    path = await (await download.value).path()
    text = path.read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["uid"], row["label"], row["group"]) for row in rows] == [
        (f"{stem}1", "'=1+1", "'-G"),
        (f"{stem}2", "Café, night", ""),
    ]
    for each in (1, 2):
        api.token(f"{stem}{each}", status="accepted", label="spoilt")
    await page.get_by_role("link", name="Import CSV").click()
    await page.get_by_label("CSV file").set_input_files(_file(text))
    await page.get_by_role("button", name="Import").click()
    await expect(page.get_by_text("0 added, 2 changed, 0 as they were.")).to_be_visible()
    assert [_token(tab, f"{stem}{each}") for each in (1, 2)] == before


async def test_a_file_with_mistakes_changes_nothing_and_all_are_listed(tab: BrowserTab) -> None:
    tab.expects("422")
    stem, api = _stem(), tab.system.api()
    api.token(f"{stem}1", label="Ana")
    text = f"uid;label;status\n{stem}1;Ben;accepted\n{stem}2;;lost\nÄ;x\x07;\n{stem}1;;\n"
    page = await tab.go("/tokens/import")
    await page.get_by_label("CSV file").set_input_files(_file(text))
    await page.get_by_role("button", name="Import").click()
    rows = page.locator("#wrong tbody tr")
    await expect(rows).to_have_count(4)
    assert [(await row.locator("td").all_inner_texts())[:2] for row in await rows.all()] == [
        ["3", "status"],
        ["4", "label"],
        ["4", "uid"],
        ["5", "uid"],
    ]
    assert await tab.violations() == []
    assert _token(tab, f"{stem}1")["label"] == "Ana"
    assert api.client.get(f"/tokens/{stem}2").status_code == 404
    good = f"uid;label\n{stem}1;Ben\n{stem}2;Cleo\n"
    await page.get_by_label("CSV file").set_input_files(_file(good))
    await page.get_by_role("button", name="Import").click()
    await expect(page.get_by_text("1 added, 1 changed, 0 as they were.")).to_be_visible()
    assert [_token(tab, f"{stem}{each}")["label"] for each in (1, 2)] == ["Ben", "Cleo"]


@pytest.mark.parametrize("content", [b"", b"uid\n" + b"A" * 600_000, b"\xff\xfe\x00", b"uid\n\n"])
def test_no_file_is_too_odd_to_be_refused(system: RunningSystem, content: bytes) -> None:
    base, _ = system.base_url, system.api()
    with httpx2.Client(base_url=base, headers={"Origin": base}) as browser:
        entry = {"email": system.owner(), "password": OWNER_PASSWORD}
        assert browser.post("/sign-in", data=entry).status_code == 303
        answer = browser.post("/tokens/import", files={"file": ("t.csv", content, "text/csv")})
        assert answer.status_code == 422
        assert "Nothing was imported." in answer.text
        assert browser.post("/tokens/import", data={"file": "no file"}).status_code == 422


async def test_tokens_are_cards_on_a_phone(window: OpenWindow) -> None:
    tab = await window(viewport={"width": 390, "height": 844})
    await tab.sign_in()
    uid = _stem()
    tab.system.api().token(uid, label="W" * 200)
    page = await tab.go(f"/tokens?search={uid}")
    for seen in (page.get_by_role("link", name=f"Change {uid}"), page.get_by_text("Accepted").last):
        box = await seen.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 390
    assert await tab.too_wide() <= 0
