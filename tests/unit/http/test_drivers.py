"""Drivers sign in with a mailed code, see what is theirs or for everybody, and nothing of a company."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from eosvolt.adapters.http.capabilities import ENDPOINTS
from eosvolt.adapters.http.pages import page_routes
from eosvolt.application.operations import customer_groups, customers, locations
from eosvolt.application.operations.customer_groups import CustomerGroupTerms, NewCustomerGroupInput
from eosvolt.application.operations.customers import CustomerChangeInput
from eosvolt.application.operations.locations import LocationChangeInput, LocationTerms
from eosvolt.domain.commands.events import CommandRequested
from eosvolt.domain.customer_groups.prices import GroupPrice
from eosvolt.domain.locations.access import AccessRules
from eosvolt.domain.locations.events import LocationType
from eosvolt.domain.tokens.events import TokenAssigned, TokenIssued, TokenStatus
from tests.accounts_in_memory import PERSON
from tests.drivers_in_memory import DRIVER, DRIVER_SECRET
from tests.examples import CHARGE_BOX_ID, COMPANY, LOCATION
from tests.unit.operations.charging import OWNER, SESSION
from tests.unit.operations.driving import (
    a_driver_at_a_charger,
    a_driver_who_charges,
    a_known_driver,
    an_own_home,
)
from tests.unit.operations.homes import BOX, HOME, a_home
from tests.unit.operations.homes import CODE as HOME_CODE
from tests.web_in_memory import KEY, Site

OURS = {"sec-fetch-site": "same-origin"}
PLUG = f"/driver/plugs/{COMPANY}/{CHARGE_BOX_ID}/1"
A_START = {"company": COMPANY, "chargeBoxId": CHARGE_BOX_ID, "plug": 1}


@pytest.fixture
async def site() -> Site:
    return await Site().opened()


async def asked(site: Site, method: str, path: str, body: object = None, **headers: str) -> Any:
    return await site.api(method, path, body, DRIVER_SECRET, **headers)


async def anonymous(site: Site, method: str, path: str, body: object = None) -> Any:
    return await site.web.request(method, f"/api/v1{path}", json=body)


async def change(site: Site, **details: Any) -> None:
    """Change the location."""

    def changed(terms: LocationTerms) -> LocationTerms:
        access = details.pop("access", terms.access)
        return replace(terms, details=replace(terms.details, **details), access=access)

    wanted = LocationChangeInput(location=LOCATION, changed=changed)
    await site.operations.run(locations.change, OWNER, wanted)


async def test_drivers_get_to_nothing_of_a_company_or_of_the_platform(site: Site) -> None:
    """Neither with their token nor with their cookie: every address of API and pages is tried."""
    position = len(site.store.facts)
    for each in ENDPOINTS:
        if each.path.startswith("/driver"):
            continue
        path = each.path.replace("{", "").replace("}", "")
        answer = await asked(site, each.method, path, {})
        assert answer.status_code == 401, each.path
        cookie = {"cookie": f"eosvolt-driver={DRIVER_SECRET}", **OURS}
        answer = await site.web.request(each.method, f"/api/v1{path}", headers=cookie)
        assert answer.status_code == 401, each.path
    open_to_all = {
        "/sign-in",
        "/forgotten-password",
        "/platform/sign-in",
        "/join/{admin}/{secret}",
        "/register/{company}/{secret}",
        "/reset-password/{secret}",
        "/booking-feeds/{company}/{location}/{secret}",
    }
    for route in page_routes(site.gate.dependencies, site.gate):
        if route.path.startswith("/drive") or route.path in open_to_all or "GET" not in (route.methods or ()):
            continue
        answer = await site.page(route.path.replace("{", "").replace("}", ""), by=DRIVER_SECRET)
        assert answer.status_code in {204, 303}, route.path
    assert site.since(position) == []


async def test_nobody_of_a_company_gets_to_what_is_a_driver_s(site: Site) -> None:
    await a_driver_who_charges(site)
    position = len(site.store.facts)
    for each in ENDPOINTS:
        if not each.path.startswith("/driver") or each.everybody:
            continue
        path = each.path.replace("{session}", SESSION).replace("{home}", HOME).replace("{token}", "T1")
        assert (await site.api(each.method, path, {}, KEY)).status_code == 401, path
        cookie = {"cookie": f"eosvolt={PERSON}", **OURS}
        assert (await site.web.request(each.method, f"/api/v1{path}", headers=cookie)).status_code == 401, (
            path
        )
        assert (await anonymous(site, each.method, path)).status_code == 401, path
    for path in ("sessions", f"sessions/{SESSION}", "home", "profile", "erase"):
        page = await site.page(f"/drive/{path}")
        assert page.headers["location"] == f"/drive/sign-in?to=/drive/{path}"
    assert site.since(position) == []


async def test_one_driver_sees_nothing_of_another_one_s(site: Site) -> None:
    await a_driver_who_charges(site)
    await an_own_home(site)
    site.drivers.known["ben"] = replace(DRIVER, id="d2", email="ben@home.example")
    position = len(site.store.facts)
    for method, path in (
        ("GET", f"/driver/sessions/{SESSION}"),
        ("GET", f"/driver/sessions/{SESSION}/receipt"),
        ("POST", f"/driver/sessions/{SESSION}/stop"),
        ("POST", f"/driver/home-chargers/{HOME}/guests"),
        ("DELETE", f"/driver/home-chargers/{HOME}/guests/T1"),
        ("GET", f"/driver/plugs/{COMPANY}/{BOX}/1"),
    ):
        body = {"token": "T9", "until": "2026-11-23T10:00:00Z"} if path.endswith("guests") else None
        assert (await site.api(method, path, body, "ben")).status_code == 404, path
    assert (await site.api("GET", "/driver/sessions", key="ben")).json() == {"items": []}
    assert (await site.api("GET", "/driver/home-chargers", key="ben")).json() == {"items": []}
    assert site.since(position) == []


async def test_a_key_of_one_driver_s_request_does_not_tell_its_answer_to_another(site: Site) -> None:
    await a_driver_at_a_charger(site)
    site.drivers.known["ben"] = replace(DRIVER, id="d2", email="ben@home.example")
    mine = await asked(site, "POST", "/driver/sessions", A_START, idempotency_key="1")
    assert mine.status_code == 202
    again = await asked(site, "POST", "/driver/sessions", A_START, idempotency_key="1")
    assert again.json() == mine.json()
    theirs = await site.api("POST", "/driver/sessions", A_START, "ben", idempotency_key="1")
    assert theirs.status_code == 409
    assert "does not know your e-mail address" in theirs.json()["detail"]


async def test_the_first_start_issues_the_token_of_the_app(site: Site) -> None:
    await a_driver_at_a_charger(site)
    position = len(site.store.facts)
    started = await asked(site, "POST", "/driver/sessions", A_START)
    assert (started.status_code, started.json()["phase"]) == (202, "starting")
    events = [fact.event for fact in site.since(position)]
    (issued,) = [each for each in events if isinstance(each, TokenIssued)]
    assert (issued.status, issued.label, len(issued.uid)) == (TokenStatus.ACCEPTED, "App", 20)
    assert [each.customer for each in events if isinstance(each, TokenAssigned)] == ["ana"]
    (command,) = [each for each in events if isinstance(each, CommandRequested)]
    assert (command.action, command.payload) == ("remoteStart", {"token": issued.uid, "plug": 1})
    assert {fact.why.by for fact in site.since(position)} == {f"driver:{DRIVER.id}"}
    # Nothing in the history says who it is.
    assert not any(DRIVER.email in str(fact) for fact in site.store.facts)
    position = len(site.store.facts)
    assert (await asked(site, "POST", "/driver/sessions", {**A_START, "plug": 2})).status_code == 202
    assert not any(isinstance(fact.event, TokenIssued) for fact in site.since(position))


async def test_a_blocked_token_of_the_app_starts_nothing(site: Site) -> None:
    await a_driver_at_a_charger(site)
    await asked(site, "POST", "/driver/sessions", A_START)
    token = next(fact.event.uid for fact in site.store.facts if isinstance(fact.event, TokenIssued))
    assert (await site.api("PATCH", f"/tokens/{token}", {"status": "blocked"})).status_code == 200
    refused = await asked(site, "POST", "/driver/sessions", A_START)
    assert (refused.status_code, refused.json()["detail"]) == (409, "This operator has blocked your access.")


async def test_a_second_session_and_a_plug_in_use_are_refused(site: Site) -> None:
    await a_driver_who_charges(site)
    taken = await asked(site, "POST", "/driver/sessions", A_START)
    assert (taken.status_code, taken.json()["detail"]) == (409, "This plug is in use.")
    assert (await asked(site, "POST", "/driver/sessions", {**A_START, "plug": 3})).status_code == 404
    assert (await asked(site, "POST", "/driver/sessions", {**A_START, "company": 77})).status_code == 409


async def test_only_who_is_on_its_list_sees_a_location_that_is_not_public(site: Site) -> None:
    await a_driver_at_a_charger(site)
    by_everybody = (await anonymous(site, "GET", "/driver/locations")).json()["items"]
    assert [each["locationId"] for each in by_everybody] == [LOCATION]
    assert "access" not in str(by_everybody)
    for kind in (LocationType.SEMI_PUBLIC, LocationType.PRIVATE):
        await change(site, type=kind)
        for path in ("/driver/locations", PLUG, f"/driver/locations/{COMPANY}/{LOCATION}"):
            for answer in (await anonymous(site, "GET", path), await asked(site, "GET", path)):
                assert answer.json().get("items", []) == [], path
                assert answer.status_code in {200, 404}
    # The page of a plug does not say whether there is one to whoever may sign in first.
    page = await site.web.get(f"/drive/{COMPANY}/{CHARGE_BOX_ID}/1")
    assert page.headers["location"].startswith("/drive/sign-in?to=")
    refused = await asked(site, "POST", "/driver/sessions", A_START)
    assert refused.status_code == 409
    group = NewCustomerGroupInput(group="g1", terms=CustomerGroupTerms(name="Neighbours"))
    await site.operations.run(customer_groups.add, OWNER, group)
    joined = CustomerChangeInput(customer="ana", changed=lambda terms: replace(terms, groups=("g1",)))
    await site.operations.run(customers.change, OWNER, joined)
    await change(site, access=AccessRules(customer_groups=("g1",)))
    assert [
        each["locationId"] for each in (await asked(site, "GET", "/driver/locations")).json()["items"]
    ] == [LOCATION]
    assert (await asked(site, "GET", PLUG)).json()["canStart"] is True
    assert (await asked(site, "POST", "/driver/sessions", A_START)).status_code == 202
    assert (await anonymous(site, "GET", "/driver/locations")).json()["items"] == []


async def test_a_hidden_location_is_not_listed_and_its_plugs_work(site: Site) -> None:
    await a_driver_at_a_charger(site)
    await change(site, visible=False)
    assert (await asked(site, "GET", "/driver/locations")).json()["items"] == []
    assert (await asked(site, "GET", PLUG)).status_code == 200
    assert (await asked(site, "POST", "/driver/sessions", A_START)).status_code == 202


async def test_a_driver_sees_the_price_of_the_own_group(site: Site) -> None:
    await a_driver_at_a_charger(site)
    everybody = (await anonymous(site, "GET", PLUG)).json()["location"]["price"]
    half = GroupPrice(location=LOCATION, percent_off=Decimal(50))
    group = NewCustomerGroupInput(group="g1", terms=CustomerGroupTerms(name="Neighbours", prices=(half,)))
    await site.operations.run(customer_groups.add, OWNER, group)
    joined = CustomerChangeInput(customer="ana", changed=lambda terms: replace(terms, groups=("g1",)))
    await site.operations.run(customers.change, OWNER, joined)
    mine = (await asked(site, "GET", PLUG)).json()["location"]["price"]
    assert float(mine["now"]) == float(everybody["now"]) / 2
    assert (await anonymous(site, "GET", PLUG)).json()["location"]["price"] == everybody


async def test_a_session_shows_the_cost_so_far_to_the_cent_of_the_operators_page(site: Site) -> None:
    await a_driver_who_charges(site)
    mine = (await asked(site, "GET", f"/driver/sessions/{SESSION}")).json()
    theirs = (await site.api("GET", f"/sessions/{SESSION}")).json()
    assert mine["phase"] == "charging"
    for field in ("total", "lines", "charging", "energyWh"):
        assert mine.get(field) == theirs.get(field), field
    assert (await asked(site, "GET", f"/driver/sessions/{SESSION}/receipt")).status_code == 409


async def test_codes_of_homes_are_told_apart_and_limited(site: Site) -> None:
    await a_home(site)
    unknown = await asked(site, "POST", "/driver/home-chargers/redeem", {"code": "0000-0000"})
    assert unknown.status_code == 404
    owned = await asked(site, "POST", "/driver/home-chargers/redeem", {"code": HOME_CODE.lower()})
    assert (owned.status_code, owned.json()["chargeBoxId"]) == (200, BOX)
    assert (await asked(site, "GET", f"/driver/plugs/{COMPANY}/{BOX}/1")).status_code == 200
    again = await asked(site, "POST", "/driver/home-chargers/redeem", {"code": HOME_CODE})
    assert again.status_code == 409
    tried = [
        (await asked(site, "POST", "/driver/home-chargers/redeem", {"code": f"{n}"})).status_code
        for n in range(20)
    ]
    assert set(tried[:17]) == {404}
    assert tried[-1] == 429


async def test_a_guest_charges_until_the_day_is_over_where_the_home_is(site: Site) -> None:
    await an_own_home(site)
    until = site.clock.now().date() + timedelta(days=1)
    sent = await site.page(f"/drive/home/{HOME}/guests", {"token": "g1", "until": f"{until}"}, DRIVER_SECRET)
    assert sent.status_code == 303
    (home,) = (await asked(site, "GET", "/driver/home-chargers")).json()["items"]
    assert home["tokens"] == [{"token": "G1", "kind": "guest", "until": f"{until}T23:00:00Z"}]
    shown = await site.page("/drive/home", by=DRIVER_SECRET)
    assert "G1" in shown.text
    bad = await site.page(f"/drive/home/{HOME}/guests", {"token": "g1", "until": "soon"}, DRIVER_SECRET)
    assert bad.status_code == 303
    assert len((await asked(site, "GET", "/driver/home-chargers")).json()["items"][0]["tokens"]) == 1


async def test_who_is_erased_is_nobody_and_charges_nowhere(site: Site) -> None:
    await a_known_driver(site, "T1")
    assert (await asked(site, "DELETE", "/driver/me")).status_code == 204
    assert (await asked(site, "GET", "/driver/me")).status_code == 401
    assert site.customer_records.stored == {}
    assert (await site.api("GET", "/tokens/T1")).json()["status"] == "blocked"


async def test_a_driver_s_name_stands_on_the_record_of_a_new_operator(site: Site) -> None:
    changed = await asked(site, "PATCH", "/driver/me", {"name": " Ana  Blum ", "language": "de"})
    assert (changed.json()["name"], changed.json()["language"]) == ("Ana Blum", "de")
    await a_home(site)
    assert (await asked(site, "POST", "/driver/home-chargers/redeem", {"code": HOME_CODE})).status_code == 200
    (record,) = site.customer_records.stored.values()
    assert (record.name, record.email) == ("Ana Blum", DRIVER.email)
    shown = await site.page("/drive/profile", by=DRIVER_SECRET)
    assert "Profil" in shown.text
    assert (await asked(site, "PATCH", "/driver/me", {"language": "fr"})).status_code == 422


async def test_a_phone_can_keep_the_pages_as_an_app(site: Site) -> None:
    manifest = (await site.web.get("/drive/manifest.webmanifest")).json()
    assert (manifest["start_url"], manifest["display"]) == ("/drive", "standalone")
    assert "manifest.webmanifest" in (await site.web.get("/drive")).text
