"""What a form asks for in several lines may have several lines."""

import re
from pathlib import Path

import pytest

import eosvolt.adapters.http.web
from eosvolt.adapters.http.framework.plain_text import MANY_LINES
from eosvolt.adapters.http.web.shell.forms import LISTS
from tests.examples import LOCATION
from tests.unit.operations.charging import a_location
from tests.web_in_memory import Site

TEMPLATES = sorted(Path(eosvolt.adapters.http.web.__file__).parent.rglob("*.html"))
# A text area with a name, or one that a macro of the template makes.
_AREA = re.compile(r"""<textarea[^>]* name="(\w+)"|\{\{ (?:area|uids)\("(\w+)\"""")


@pytest.fixture
async def site() -> Site:
    return await Site().opened()


def test_every_text_area_takes_several_lines() -> None:
    named = {name for path in TEMPLATES for pair in _AREA.findall(path.read_text()) for name in pair if name}
    assert {"notes", "tokens", "tokenGroups"} <= named
    assert named <= MANY_LINES | LISTS


async def test_notes_and_tokens_of_a_customer_have_several_lines(site: Site) -> None:
    form = {"name": "Ana", "language": "en", "notes": "Rings twice.\r\nHas a van.", "tokens": "A1\r\nB2"}
    assert (await site.page("/customers/new", form)).status_code == 303
    (customer,) = (await site.api("GET", "/customers")).json()["items"]
    assert customer["tokens"] == ["A1", "B2"]
    assert customer["notes"].splitlines() == ["Rings twice.", "Has a van."]
    more = await site.api("PATCH", f"/customers/{customer['id']}", {"notes": "One\nTwo"})
    assert more.json()["notes"] == "One\nTwo"
    two_in_one = await site.api("PATCH", f"/customers/{customer['id']}", {"tokens": ["A1\nB2"]})
    assert two_in_one.status_code == 422


async def test_groups_of_tokens_and_a_list_of_access_have_several_lines(site: Site) -> None:
    made = await site.page("/customer-groups/new", {"name": "Fleet", "tokenGroups": "A\r\nB"})
    assert made.status_code == 303
    await a_location(site)
    sent = {"tokens": "A1\r\nB2", "groups": "G1\r\nG2", "version": "1"}
    assert (await site.page(f"/locations/{LOCATION}/access", sent)).status_code == 303
    access = (await site.api("GET", f"/locations/{LOCATION}")).json()
    assert (access["authorizedTokens"], access["authorizedGroups"]) == (["A1", "B2"], ["G1", "G2"])


async def test_instructions_of_several_lines_are_shown_to_drivers(site: Site) -> None:
    await a_location(site)
    wanted = {"support": {"restartInstructions": " Switch it off.\nWait.\n"}}
    assert (await site.api("PATCH", "/settings", wanted)).status_code == 200
    (place,) = (await site.web.get("/api/v1/driver/locations")).json()["items"]
    assert place["support"]["restartInstructions"] == "Switch it off.\nWait."
    # The contact of a first location becomes the company's, and leaves them as they are.
    added = await site.api("GET", f"/locations/{LOCATION}")
    tariff = {name: added.json()["tariff"][name] for name in ("strategy", "price")}
    more = {
        "name": "Pier",
        "timeZone": "Europe/Berlin",
        "currency": "EUR",
        "vatRate": "0.19",
        "tariff": tariff,
    }
    made = await site.api("POST", "/locations", {**more, "support": {"phone": "+49 40 1234"}})
    assert made.status_code == 201, made.text
    support = (await site.api("GET", "/settings")).json()["support"]
    assert (support["phone"], support["restartInstructions"]) == ("+49 40 1234", "Switch it off.\nWait.")
    too_long = {"support": {"restartInstructions": "x" * 1001}}
    assert (await site.api("PATCH", "/settings", too_long)).status_code == 422
