"""The forms of a location: hours, access, photo, support; all that is wrong is said at once."""

import re
from pathlib import Path

import pytest

from eosvolt.adapters.http.web.locations.rules.hours_data import NoRange, ranges_of, ranges_text
from eosvolt.application.permissions import Action, Grants, Permission, ProductArea
from eosvolt.domain.companies.events import CompanySupportChanged
from eosvolt.domain.locations.opening_hours import OpenRange
from eosvolt.domain.support import SupportContact
from tests.accounts_in_memory import OTHER_PERSON, PERSON
from tests.examples import LOCATION
from tests.unit.operations.location_request_cases import (
    EDITED_LOCATION,
    LOCATION_OF_THE_FORM,
    a_location,
    a_location_with_a_photo,
)
from tests.unit.operations.photo import PHOTO
from tests.web_in_memory import Site

PLACE = f"/locations/{LOCATION}"


@pytest.fixture
async def site() -> Site:
    opened = await Site().opened()
    await a_location(opened)
    return opened


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("", ()),
        ("8-12", (OpenRange(480, 720),)),
        ("13:30 – 18.00, 08:00–12:00", (OpenRange(480, 720), OpenRange(810, 1080))),
        ("20 bis 2", (OpenRange(1200, 120),)),
        ("24h", (OpenRange(0, 1440),)),
        ("00:00–24:00", (OpenRange(0, 1440),)),
        ("18:00-00:00", (OpenRange(1080, 1440),)),
    ],
)
def test_ranges_are_read_as_people_write_them(text: str, ranges: tuple[OpenRange, ...]) -> None:
    assert ranges_of(text) == ranges
    assert ranges_of(ranges_text(ranges)) == ranges


@pytest.mark.parametrize("text", ["8", "8-25", "24-25", "8:60-9", "8–12 13–18", "morning", "8-12, x"])
def test_what_is_no_range_is_named(text: str) -> None:
    with pytest.raises(NoRange):
        ranges_of(text)


async def test_all_that_is_wrong_with_hours_is_said_at_once_and_what_was_typed_stays(site: Site) -> None:
    form = {"monday": "8-99", "friday": "8-12, 11-13", "date": "2026-12-24", "dateRanges": "x"}
    position = len(site.store.facts)
    answer = await site.page(f"{PLACE}/opening-hours", form)
    assert answer.status_code == 422
    assert re.findall(r'href="#field-(\w+)"', answer.text) == ["monday", "exceptions", "friday"]
    assert "overlaps" in answer.text
    assert 'value="8-99"' in answer.text
    assert 'value="2026-12-24"' in answer.text
    assert site.since(position) == []


async def test_hours_that_two_change_are_merged_by_day(site: Site) -> None:
    shown = {"monday": "00:00–24:00", "version": "1"} | dict.fromkeys(
        ("tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "00:00–24:00"
    )
    first = await site.page(f"{PLACE}/opening-hours", shown | {"sunday": ""}, by=OTHER_PERSON)
    assert first.status_code == 303
    answer = await site.page(f"{PLACE}/opening-hours", shown | {"monday": "8-18"})
    assert answer.status_code == 409
    assert "Sunday</a>: 00:00–24:00 → –</li>" in answer.text
    assert 'value="8-18"' in answer.text


async def test_a_listed_token_that_is_too_long_and_a_wrong_time_are_both_named(site: Site) -> None:
    form = {"tokens": "x" * 37, "days": "56", "times": "8-7:60", "who": "listed"}
    answer = await site.page(f"{PLACE}/access", form)
    assert answer.status_code == 422
    assert re.findall(r'href="#field-(\w+)"', answer.text) == ["tokens", "schedule"]


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "Choose a file."), (b"GIF89a", "PNG, JPEG or WebP"), (PHOTO[:90], "damaged")]
)
async def test_what_is_no_picture_is_refused_at_the_field(site: Site, content: bytes, said: str) -> None:
    answer = await site.page(f"{PLACE}/image", {}, files={"image": content} if content else None)
    assert answer.status_code == 422
    assert said in answer.text


async def test_the_photo_is_shown_and_a_later_edit_keeps_it() -> None:
    site = await Site().opened()
    await a_location_with_a_photo(site)
    digest = (await site.api("GET", PLACE)).json()["image"]
    assert f'src="/pictures/{digest}"' in (await site.page(f"{PLACE}/image")).text
    assert (await site.page(f"{PLACE}/edit", EDITED_LOCATION | {"version": "2"})).status_code == 303
    assert (await site.api("GET", PLACE)).json()["image"] == digest
    assert (await site.api("GET", f"{PLACE}/image")).headers["content-type"] == "image/png"


async def test_the_contact_typed_for_the_first_location_becomes_the_companys_and_a_later_one_does_not() -> (
    None
):
    site = await Site().opened()
    for phone in ("+49 40 1234567", "+49 40 7654321"):
        form = LOCATION_OF_THE_FORM | {"supportPhone": phone}
        assert (await site.page("/locations/new", form)).status_code == 303
    changed = [fact.event for fact in site.store.facts if isinstance(fact.event, CompanySupportChanged)]
    assert [event.support for event in changed] == [SupportContact(phone="+49 40 1234567")]


async def test_everything_wrong_with_a_location_is_said_at_once_and_windows_are_sorted(site: Site) -> None:
    form = LOCATION_OF_THE_FORM | {
        "name": "",
        "cap": "0.50",
        "supportPhone": "call me",
        "maxHeight": "7",
        "from": ["18:00", "06:00"],
        "to": ["20:00", "12:00"],
        "windowPrice": ["0.70", "0.60"],
    }
    answer = await site.page("/locations/new", form)
    assert answer.status_code == 422
    assert re.findall(r'href="#field-(\w+)"', answer.text) == ["name", "cap", "supportPhone", "maxHeight"]
    assert re.findall(r'name="from" value="([\d:]+)"', answer.text) == ["06:00", "18:00"]


async def test_the_zone_at_a_pin_is_suggested_and_nothing_for_no_place(site: Site) -> None:
    async def asked(latitude: str, longitude: str) -> str:
        answer = await site.page(f"/locations/time-zone?latitude={latitude}&longitude={longitude}")
        assert answer.status_code == 200
        return answer.text

    assert await asked("53.55", "9.99") == "Europe/Berlin"
    assert await asked("-36.85", "174.76") == "Pacific/Auckland"
    for nowhere in (("91", "0"), ("0", "181"), ("x", "0"), ("nan", "0"), ("", "")):
        assert await asked(*nowhere) == ""


async def test_without_a_map_file_there_are_no_tiles(site: Site) -> None:
    assert (await site.page("/map/tiles")).status_code == 404
    assert 'data-tiles=""' in (await site.page("/locations/new")).text


async def test_signed_in_browsers_read_ranges_of_the_map_file(tmp_path: Path) -> None:
    opened = Site()
    opened.map_file = tmp_path / "town.pmtiles"
    opened.map_file.write_bytes(b"PMTiles\x03" + bytes(range(256)) * 40)
    site = await opened.opened()
    assert 'data-tiles="/map/tiles"' in (await site.page("/locations/new")).text
    headers = {"cookie": f"eosvolt={PERSON}", "range": "bytes=7-9", "accept-encoding": "gzip"}
    answer = await site.web.get("/map/tiles", headers=headers)
    assert (answer.status_code, answer.content) == (206, b"\x03\x00\x01")
    assert answer.headers["content-range"] == "bytes 7-9/10248"
    assert (await site.web.get("/map/tiles")).status_code == 303


async def test_who_may_not_remove_a_location_is_not_offered_it(site: Site) -> None:
    assert f"{PLACE}/remove" in (await site.page(f"{PLACE}/edit")).text
    site.gate.grants = Grants(frozenset({Permission(Action.VIEW, ProductArea.CHARGE_POINTS)}))
    assert f"{PLACE}/remove" not in (await site.page(f"{PLACE}/edit")).text


async def test_the_form_says_which_contact_is_shown_without_one(site: Site) -> None:
    contact = {"supportPhone": "+49 30 1234567", "supportEmail": "help@volt.example", "supportHours": "9-17"}
    support = {name.removeprefix("support").lower(): value for name, value in contact.items()}
    answer = await site.api("PATCH", "/settings", {"support": support})
    assert answer.status_code == 200
    assert "+49 30 1234567 · help@volt.example · 9-17" in (await site.page("/locations/new")).text


async def test_tokens_and_groups_are_found_by_a_part_of_their_texts(site: Site) -> None:
    await site.api("POST", "/tokens", {"uid": "A11CE", "label": "Alice", "groupUid": "FLEET"})
    groups = await site.page("/locations/choices?kind=groups&search=fle")
    assert re.findall(r'value="(\w+)"', groups.text) == ["FLEET"]
    assert (await site.page("/locations/choices?kind=groups&search=x")).text.strip() == ""
    tokens = await site.page("/locations/choices?kind=tokens&search=a11")
    assert 'value="A11CE" label="A11CE · Alice · FLEET"' in tokens.text
