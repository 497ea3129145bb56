"""Two who edit the same thing: the later one is refused, is shown what the other changed, and can merge."""

import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from eosvolt.application.actor import person
from eosvolt.application.operations import locations
from eosvolt.application.operations.chargers import EDITIONS
from eosvolt.application.operations.locations import LocationTerms, NewLocationInput
from eosvolt.application.permissions import EVERYTHING, Grants, Right
from eosvolt.domain.charge_points.events import Conformance
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.tokens.commands import UseToken
from eosvolt.domain.tokens.decider import tokens
from eosvolt.domain.tokens.events import TokenChanged, TokenStatus
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.charge_points import charge_points
from tests.accounts_in_memory import OTHER_PERSON
from tests.examples import (
    CHARGE_BOX_ID,
    CHARGE_POINT,
    COMPANY,
    DETAILS,
    LOCATION,
    MORNING,
    TARIFF_BY_TIME_OF_DAY,
    after,
)
from tests.open_fault import FAULT, a_fault
from tests.unit.operations.charging import a_charger, a_connected_charger
from tests.web_in_memory import OTHER_COMPANY, Site

FORM = {"label": "Ana", "group": "", "status": "accepted", "expiresAt": "", "version": "1"}


@pytest.fixture
async def site() -> Site:
    site = await Site().opened()
    await site.api("POST", "/tokens", {"uid": "T1", "label": "Ana"})
    return site


class _Fields(HTMLParser):
    """What a browser would send of a page's form: fields by name, with all their values."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name = said.get("name") or ""
        if tag == "select":
            self._select = name
        elif tag == "option" and "selected" in said:
            self.values.setdefault(self._select, []).append(said.get("value") or "")
        elif tag == "input" and name and (said.get("type") != "checkbox" or "checked" in said):
            self.values.setdefault(name, []).append(said.get("value") or "")


def form_of(text: str) -> dict[str, list[str]]:
    """The values of the page's form that knows its version."""
    text = re.sub(r"(?s)<template.*?</template>", "", text)
    (form,) = (each for each in re.findall(r"(?s)<form.*?</form>", text) if 'name="version"' in each)
    fields = _Fields()
    fields.feed(form)
    return fields.values


def hidden_version(text: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', text)
    assert found is not None
    return found[1]


async def test_a_form_sends_the_version_that_it_was_filled_with(site: Site) -> None:
    assert hidden_version((await site.page("/tokens/T1/edit")).text) == "1"


async def test_the_later_form_is_refused_and_shows_what_the_other_changed(site: Site) -> None:
    await site.page("/tokens/T1/edit", FORM | {"label": "Ben", "status": "blocked"}, by=OTHER_PERSON)
    position = len(site.store.facts)
    answer = await site.page("/tokens/T1/edit", FORM | {"label": "Cem", "group": "NIGHT"})
    assert answer.status_code == 409
    assert site.since(position) == []
    assert "Ben changed this while you were editing" in answer.text
    assert re.search(r"Label</a>: Ana → Ben \(your entry stays\)", answer.text)
    assert re.search(r"Status</a>: accepted → blocked</li>", answer.text)
    # What was typed is still there, and what was left alone is as the other has it.
    assert 'value="Cem"' in answer.text
    assert 'value="NIGHT"' in answer.text
    assert '<option value="blocked" selected>' in answer.text
    assert hidden_version(answer.text) == "2"


async def test_what_was_merged_is_saved_by_sending_it_again(site: Site) -> None:
    await site.page("/tokens/T1/edit", FORM | {"status": "blocked"}, by=OTHER_PERSON)
    await site.page("/tokens/T1/edit", FORM | {"label": "Cem"})
    again = FORM | {"label": "Cem", "status": "blocked", "version": "2"}
    assert (await site.page("/tokens/T1/edit", again)).status_code == 303
    event = site.store.facts[-1].event
    assert isinstance(event, TokenChanged)
    assert (event.label, event.status) == ("Cem", TokenStatus.BLOCKED)


async def test_a_session_of_the_token_is_no_change_of_it(site: Site) -> None:
    use = UseToken(session="170001", at=MORNING)
    await site.application.execute(tokens, f"{COMPANY}/T1", use, Provenance(COMPANY, "charger:CP-1"))
    assert (await site.page("/tokens/T1/edit", FORM | {"label": "Cem"})).status_code == 303


async def test_the_api_keeps_its_etag(site: Site) -> None:
    tag = (await site.api("GET", "/tokens/T1")).headers["etag"]
    first = await site.api("PATCH", "/tokens/T1", {"label": "Ben"}, if_match=tag)
    assert first.status_code == 200
    assert first.headers["etag"] != tag
    position = len(site.store.facts)
    assert (await site.api("PATCH", "/tokens/T1", {"label": "Cem"}, if_match=tag)).status_code == 412
    assert (await site.api("PATCH", "/tokens/T1", {"label": "Cem"}, if_match='"x"')).status_code == 412
    assert site.since(position) == []
    both = f"{tag}, W/{first.headers['etag']}"
    assert (await site.api("PATCH", "/tokens/T1", {"label": "Cem"}, if_match=both)).status_code == 200
    assert (await site.api("PATCH", "/tokens/T1", {"label": "Dan"}, if_match="*")).status_code == 200


async def test_what_a_patch_leaves_out_stays_and_null_goes(site: Site) -> None:
    change = {"groupUid": "fleet", "expiresAt": "2027-01-01T00:00:00Z", "concurrent": True}
    await site.api("PATCH", "/tokens/T1", change)
    answer = await site.api("PATCH", "/tokens/T1", {"groupUid": None, "expiresAt": None, "status": "blocked"})
    known = answer.json()
    known.pop("issuedAt")
    assert known == {"uid": "T1", "status": "blocked", "label": "Ana", "concurrent": True}
    assert (await site.api("PATCH", "/tokens/T2", {"label": "x"})).status_code == 404


async def test_a_location_that_two_edit_is_merged_field_by_field(site: Site) -> None:
    terms = LocationTerms(details=DETAILS, tariff=TARIFF_BY_TIME_OF_DAY)
    await site.operations.run(
        locations.add, person("ana", COMPANY), NewLocationInput(location=LOCATION, terms=terms)
    )
    path = f"/locations/{LOCATION}/edit"
    shown = form_of((await site.page(path)).text)
    assert shown["version"] == ["1"]
    others = shown | {"price": ["0.60"], "from": ["00:00"], "to": ["06:00"], "windowPrice": ["0.90"]}
    assert (await site.page(path, others, by=OTHER_PERSON)).status_code == 303
    position = len(site.store.facts)
    answer = await site.page(path, shown | {"name": ["Pier"]})
    assert answer.status_code == 409
    assert site.since(position) == []
    assert "Price</a>: 0.50 → 0.60</li>" in answer.text
    assert "Prices by time of day</a>: 00:00–06:00 0.80, " in answer.text
    merged = form_of(answer.text)
    # The form ends with an empty line for another window.
    assert (merged["name"], merged["price"], merged["windowPrice"]) == (["Pier"], ["0.60"], ["0.90", ""])
    assert (await site.page(path, merged)).status_code == 303
    row = await site.queries.location(COMPANY, LOCATION)
    assert row is not None
    assert (row.name, str(row.tariff.price), len(row.tariff.windows)) == ("Pier", "0.60", 1)


async def test_a_change_of_one_field_of_a_location_leaves_the_others_to_others(site: Site) -> None:
    terms = LocationTerms(details=DETAILS, tariff=TARIFF_BY_TIME_OF_DAY)
    await site.operations.run(
        locations.add, person("ana", COMPANY), NewLocationInput(location=LOCATION, terms=terms)
    )
    path = f"/locations/{LOCATION}"
    tag = (await site.api("GET", path)).headers["etag"]
    assert (await site.api("PATCH", path, {"tariff": {"price": "0.60"}})).status_code == 200
    assert (await site.api("PATCH", path, {"name": "Pier"})).json()["tariff"]["price"] == "0.60"
    assert (await site.api("PATCH", path, {"name": "Quay"}, if_match=tag)).status_code == 412
    assert (await site.api("PATCH", path, {"tariff": {"price": "1.2.3"}})).status_code == 422
    assert (await site.api("PATCH", "/locations/nowhere", {"name": "Quay"})).status_code == 404


async def test_a_fault_that_has_changed_is_not_worked_on_by_its_old_version(site: Site) -> None:
    await a_fault(site)
    path = f"/faults/{quote(FAULT, safe='')}"
    tag = (await site.api("GET", path)).headers["etag"]
    acknowledged = await site.api("POST", f"{path}/acknowledge", {}, if_match=tag)
    assert acknowledged.status_code == 200
    assert acknowledged.headers["etag"] != tag
    position = len(site.store.facts)
    assert (await site.api("POST", f"{path}/solve", {}, if_match=tag)).status_code == 412
    nobody = await site.api("POST", f"{path}/assign", {"owner": "admin:nobody"})
    assert (nobody.status_code, nobody.json()["errors"][0]["pointer"]) == (422, "/owner")
    for unknown in ("nothing", "242%2FCP-1%2F1%2FGroundFailure%232", "242%2FCP-1%2F1%2FGroundFailure%230"):
        assert (await site.api("POST", f"/faults/{unknown}/solve", {})).status_code == 404
    assert site.since(position) == []
    solved = await site.api("POST", f"{path}/solve", {}, if_match=acknowledged.headers["etag"])
    assert solved.status_code == 200


async def test_the_company_s_settings_that_two_edit_are_merged(site: Site) -> None:
    shown = form_of((await site.page("/settings")).text)
    assert (shown["version"], shown["name"], shown["organization"]) == (["1"], ["Harbour"], [""])
    others = shown | {"organization": ["Pier Ltd"]}
    assert (await site.page("/settings/company", others, by=OTHER_PERSON)).status_code == 303
    answer = await site.page("/settings/company", shown | {"name": ["Pier"]})
    assert answer.status_code == 409
    assert "– → Pier Ltd</li>" in answer.text
    merged = form_of(answer.text)
    assert (merged["name"], merged["organization"]) == (["Pier"], ["Pier Ltd"])
    assert (await site.page("/settings/company", merged)).status_code == 303
    company = await site.queries.company(COMPANY)
    assert company is not None
    assert (company.name, company.organization) == ("Pier", "Pier Ltd")


async def test_unknown_chargers_are_adopted_only_into_a_location_of_the_company(site: Site) -> None:
    terms = LocationTerms(details=DETAILS, tariff=TARIFF_BY_TIME_OF_DAY)
    elsewhere = NewLocationInput(location="elsewhere", terms=terms)
    await site.operations.run(locations.add, person("eve", OTHER_COMPANY), elsewhere)
    position = len(site.store.facts)
    for unknown in ("elsewhere", "nowhere"):
        answer = await site.api("PATCH", "/company", {"adoptInto": unknown})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/adoptInto")
    assert site.since(position) == []


async def test_who_may_not_see_api_keys_is_not_shown_the_way_to_them(site: Site) -> None:
    assert "/settings/api-keys" in (await site.page("/settings")).text
    assert "program" in (await site.page("/settings/api-keys")).text
    site.gate.grants = Grants(EVERYTHING - {Right.API_KEYS})
    answer = await site.page("/settings")
    assert answer.status_code == 200
    assert "/settings/api-keys" not in answer.text
    assert (await site.page("/settings/api-keys")).status_code == 403


async def test_a_charger_that_two_edit_is_merged(site: Site) -> None:
    await a_charger(site)
    page = f"/chargers/{CHARGE_BOX_ID}/edit"
    shown = form_of((await site.page(page)).text)
    assert (shown["version"], shown["location"], shown["number"]) == (["1"], [LOCATION], ["1", "2", ""])
    others = shown | {"disabled": ["yes"], "number": ["1", "2", "3"], "kilowatts": ["22", "22", "11"]}
    others["type"] = ["iec62196T2"] * 3
    assert (await site.page(page, others, by=OTHER_PERSON)).status_code == 303
    answer = await site.page(page, shown | {"conformance": ["strict"]})
    assert answer.status_code == 409
    assert "Ben changed this while you were editing." in answer.text
    assert "3: Type 2 11 kW</li>" in answer.text
    merged = form_of(answer.text)
    assert (merged["number"], merged["disabled"], merged["conformance"]) == (
        ["1", "2", "3", ""],
        ["yes"],
        ["strict"],
    )
    assert (await site.page(page, merged)).status_code == 303
    row = await site.queries.charge_point(COMPANY, CHARGE_BOX_ID)
    assert row is not None
    assert (row.disabled, row.conformance, len(row.connectors)) == (True, Conformance.STRICT, 3)


async def test_what_a_charger_does_by_itself_refuses_no_form_but_another_version_of_the_api(
    site: Site,
) -> None:
    charging = await a_connected_charger(site)
    shown = form_of((await site.page(f"/chargers/{CHARGE_BOX_ID}/edit")).text)
    path = f"/chargers/{CHARGE_BOX_ID}"
    tag = (await site.api("GET", path)).headers["etag"]
    await charging.disconnected(CHARGE_POINT, at=after(1), reason="closed")
    assert (await site.api("PATCH", path, {"held": True}, if_match=tag)).status_code == 412
    changed = shown | {"conformance": ["strict"]}
    assert (await site.page(f"{path}/edit", changed)).status_code == 303
    fresh = (await site.api("GET", path)).headers["etag"]
    assert (await site.api("PATCH", path, {"held": True}, if_match=fresh)).status_code == 200


def test_the_version_of_a_charger_is_that_of_what_its_row_shows() -> None:
    beside = {"certificate-delivered", "certificate-issued", "certificates-revoked", "password-rotated"}
    assert charge_points.reads - beside == set(tags(*EDITIONS))


async def test_a_form_with_a_mistake_keeps_what_was_typed(site: Site) -> None:
    await a_charger(site)
    page = f"/chargers/{CHARGE_BOX_ID}/edit"
    typed = form_of((await site.page(page)).text) | {"conformance": ["strict"], "disabled": ["yes"]}
    answer = await site.page(page, typed | {"access": ["set"], "password": [""]})
    assert answer.status_code == 422
    assert form_of(answer.text)["conformance"] == ["strict"]
    assert form_of(answer.text)["disabled"] == ["yes"]
