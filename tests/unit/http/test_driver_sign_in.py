"""Drivers sign in with a mailed code, which is limited, and led back to pages of drivers alone."""

from typing import Any

import pytest

from tests.drivers_in_memory import CODE, DRIVER_SECRET
from tests.examples import CHARGE_BOX_ID, COMPANY
from tests.unit.operations.charging import a_connected_charger
from tests.unit.operations.driving import a_driver_at_a_charger
from tests.web_in_memory import Site

OURS = {"sec-fetch-site": "same-origin"}
A_START = {"company": COMPANY, "chargeBoxId": CHARGE_BOX_ID, "plug": 1}


@pytest.fixture
async def site() -> Site:
    return await Site().opened()


async def anonymous(site: Site, method: str, path: str, body: object = None) -> Any:
    return await site.web.request(method, f"/api/v1{path}", json=body)


async def test_a_code_goes_by_mail_and_signs_in_once(site: Site) -> None:
    email = "ben@home.example"
    sent = await anonymous(site, "POST", "/driver/sign-in", {"email": f" {email}"})
    assert (sent.status_code, sent.json()) == (202, {"expiresInSeconds": 900})
    assert site.drivers.mailed == [(f" {email}", "en")]
    site.drivers.mailed = [(email, "en")]
    wrong = await anonymous(site, "POST", "/driver/sign-in/confirm", {"email": email, "code": "1111 1111"})
    assert wrong.status_code == 422
    right = {"email": email, "code": f" {CODE[:4]} {CODE[4:]} "}
    confirmed = await anonymous(site, "POST", "/driver/sign-in/confirm", right)
    token = confirmed.json()["token"]
    assert (await anonymous(site, "POST", "/driver/sign-in/confirm", right)).status_code == 422
    me = await site.api("GET", "/driver/me", key=token)
    assert me.json() == {"email": email, "language": "en", "name": "", "companies": []}
    assert (await site.api("POST", "/driver/sign-out", key=token)).status_code == 204
    assert (await site.api("GET", "/driver/me", key=token)).status_code == 401


@pytest.mark.parametrize("email", ["", "ana", "ana@", "ana@home.example\u202e"])
async def test_what_is_no_address_gets_no_mail(site: Site, email: str) -> None:
    assert (await anonymous(site, "POST", "/driver/sign-in", {"email": email})).status_code == 422
    form = {"email": email, "to": "/drive"}
    assert (await site.web.post("/drive/sign-in", data=form, headers=OURS)).status_code == 422
    assert site.drivers.mailed == []


async def test_mails_and_codes_are_limited_for_an_address_whoever_has_it(site: Site) -> None:
    wanted = {"email": "ben@home.example"}
    statuses = [(await anonymous(site, "POST", "/driver/sign-in", wanted)).status_code for _ in range(5)]
    assert statuses == [202] * 3 + [429] * 2
    guess = {**wanted, "code": "00000000"}
    tried = [(await anonymous(site, "POST", "/driver/sign-in/confirm", guess)).status_code for _ in range(12)]
    assert tried == [422] * 10 + [429] * 2


async def test_the_pages_sign_in_and_lead_back_inside_only(site: Site) -> None:
    email, plug = "ben@home.example", f"/drive/{COMPANY}/{CHARGE_BOX_ID}/1"
    await a_connected_charger(site)
    sent = await site.web.post("/drive/sign-in", data={"email": email, "to": plug}, headers=OURS)
    assert sent.headers["location"].startswith("/drive/sign-in/code?email=ben%40home.example&to=/drive/242/")
    form = {"email": email, "code": CODE, "to": plug}
    entered = await site.web.post("/drive/sign-in/code", data=form, headers=OURS)
    assert (entered.status_code, entered.headers["location"]) == (303, plug)
    assert "eosvolt-driver=" in entered.headers["set-cookie"]
    for elsewhere in (
        "https://evil.example/drive",
        "//evil.example",
        "/drive//evil.example",
        "/sessions",
        "",
    ):
        site.drivers.mailed = [(email, "en")]
        form = {"email": email, "code": CODE, "to": elsewhere}
        entered = await site.web.post("/drive/sign-in/code", data=form, headers=OURS)
        assert entered.headers["location"] == "/drive", elsewhere


async def test_another_site_can_neither_sign_in_nor_start_with_a_driver_s_cookie(site: Site) -> None:
    await a_driver_at_a_charger(site)
    position = len(site.store.facts)
    foreign = {"cookie": f"eosvolt-driver={DRIVER_SECRET}", "sec-fetch-site": "cross-site"}
    for path in (
        f"/drive/{COMPANY}/{CHARGE_BOX_ID}/1",
        "/drive/sign-in",
        "/drive/erase",
        "/api/v1/driver/sessions",
    ):
        answer = await site.web.post(path, json=A_START, headers=foreign)
        assert answer.status_code == 403, path
    assert site.since(position) == []


async def test_who_has_given_no_address_is_asked_for_it_before_the_code(site: Site) -> None:
    answer = await site.web.get("/drive/sign-in/code?to=/drive/sessions", headers=OURS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/drive/sign-in?to=/drive/sessions")
    form = await site.web.get("/drive/sign-in/code?email=ben@home.example", headers=OURS)
    assert form.status_code == 200
    assert "ben@home.example" in form.text
