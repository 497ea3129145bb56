"""Platform staff invite companies, and see nothing of what is in them; nobody of a company gets to them."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from eosvolt.adapters.http.capabilities import ENDPOINTS
from eosvolt.adapters.http.pages import page_routes
from eosvolt.application.registration import HIGHEST_COMPANY
from tests.accounts_in_memory import PERSON
from tests.examples import COMPANY
from tests.platform_in_memory import STAFF, STAFF_COOKIE, STAFF_KEY
from tests.ports_in_memory import PASSWORD
from tests.unit.operations.request_cases import WAYS
from tests.web_in_memory import OTHER_COMPANY, Site

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture
async def site() -> Site:
    return await Site().opened()


async def invited(site: Site, email: str = "eve@pier.example", **more: Any) -> dict[str, Any]:
    answer = await site.api("POST", "/platform/companies", {"email": email, **more}, STAFF_KEY)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def listed(site: Site) -> dict[int, str]:
    answer = await site.api("GET", "/platform/companies", key=STAFF_KEY)
    return {each["number"]: each["state"] for each in answer.json()["items"]}


async def opens(site: Site, link: str) -> str:
    """What a link says; empty for the form."""
    answer = await site.web.get(link)
    return "" if answer.status_code == 200 else answer.text


async def test_a_company_is_invited_with_the_next_number_and_its_link_is_shown_once(site: Site) -> None:
    made = await invited(site)
    assert made["number"] == COMPANY + 1
    assert await opens(site, made["link"]) == ""
    assert await listed(site) == {
        OTHER_COMPANY: "registered",
        COMPANY: "registered",
        COMPANY + 1: "invited",
    }
    shown = await site.page("/platform", by=STAFF_COOKIE)
    assert "eve@pier.example" in shown.text
    assert made["link"] not in shown.text


async def test_with_a_mail_server_the_link_goes_by_mail_alone(site: Site) -> None:
    site.mailing = True
    made = await invited(site, language="de")
    assert "link" not in made
    (mail,) = site.account_mails.waiting
    assert (mail.address, mail.language) == ("eve@pier.example", "de")
    assert await opens(site, mail.values["link"]) == ""


async def test_a_page_shows_the_link_once(site: Site) -> None:
    sent = await site.page("/platform", {"email": "eve@pier.example", "number": "8"}, by=STAFF_COOKIE)
    assert sent.status_code == 303
    carried = sent.cookies["eosvolt-invitation"].strip('"')
    cookie = f"eosvolt-staff={STAFF_COOKIE}; eosvolt-invitation={carried}"
    shown = await site.web.get("/platform", headers={"cookie": cookie})
    assert carried in shown.text
    assert 'eosvolt-invitation="";' in shown.headers["set-cookie"]


async def test_a_number_is_given_once(site: Site) -> None:
    await invited(site, number=8)
    for taken in (8, COMPANY):
        asked = {"email": "olga@volt.example", "number": taken}
        again = await site.api("POST", "/platform/companies", asked, STAFF_KEY)
        assert again.status_code == 409
        form = {"email": "olga@volt.example", "number": str(taken)}
        assert (await site.page("/platform", form, by=STAFF_COOKIE)).status_code == 422


async def test_after_the_highest_number_of_all_others_are_still_given(site: Site) -> None:
    await invited(site, number=HIGHEST_COMPANY)
    assert (await invited(site))["number"] == COMPANY + 1


async def test_of_invitations_at_once_each_company_gets_its_own_number(site: Site) -> None:
    made = await asyncio.gather(*(invited(site, f"eve{each}@pier.example") for each in range(5)))
    assert sorted(each["number"] for each in made) == list(range(COMPANY + 1, COMPANY + 6))


async def test_the_newest_link_alone_is_valid_until_it_is_revoked_or_a_week_is_over(site: Site) -> None:
    first = await invited(site, number=8)
    second = (await site.api("POST", "/platform/companies/8/resend", {}, STAFF_KEY)).json()
    assert "replaced by a newer one" in await opens(site, first["link"])
    assert await opens(site, second["link"]) == ""
    assert (await site.api("POST", "/platform/companies/8/revoke", None, STAFF_KEY)).status_code == 204
    assert "was revoked" in await opens(site, second["link"])
    assert (await listed(site))[8] == "revoked"
    elsewhere = {"email": "olga@pier.example"}
    third = (await site.api("POST", "/platform/companies/8/resend", elsewhere, STAFF_KEY)).json()
    assert await opens(site, third["link"]) == ""
    site.clock.step(timedelta(days=7))
    assert "expired" in await opens(site, third["link"])
    assert (await listed(site))[8] == "expired"


async def test_a_registered_company_is_neither_invited_again_nor_revoked(site: Site) -> None:
    for what, body in (("resend", {"email": "eve@pier.example"}), ("revoke", None)):
        answer = await site.api("POST", f"/platform/companies/{COMPANY}/{what}", body, STAFF_KEY)
        assert answer.status_code == 409
    for what in ("resend", "revoke"):
        assert (await site.api("POST", f"/platform/companies/99/{what}", {}, STAFF_KEY)).status_code == 404


@pytest.mark.parametrize("email", ["", "eve", "eve@", "eve@pier.example\u202e", f"{'e' * 200}@pier.example"])
async def test_what_is_no_address_is_not_invited(site: Site, email: str) -> None:
    position = len(site.store.facts)
    answer = await site.api("POST", "/platform/companies", {"email": email}, STAFF_KEY)
    assert answer.status_code == 422
    form = {"email": email, "number": ""}
    assert (await site.page("/platform", form, by=STAFF_COOKIE)).status_code == 422
    assert site.since(position) == []


@pytest.mark.parametrize("method", METHODS)
async def test_nobody_of_a_company_gets_to_what_is_of_platform_staff(site: Site, method: str) -> None:
    await invited(site, number=8)
    position = len(site.store.facts)
    addresses = ("/platform/companies", "/platform/companies/8", "/platform/companies/8/revoke")
    for path in addresses:
        by_key = await site.api(method, path, {} if method == "POST" else None)
        by_cookie = await site.web.request(
            method, f"/api/v1{path}", headers={"cookie": f"eosvolt={PERSON}", **OURS}
        )
        by_nobody = await site.web.request(method, f"/api/v1{path}", headers=OURS)
        assert {by_key.status_code, by_cookie.status_code} <= {403, 405}, path
        assert by_nobody.status_code in {401, 405}
    for path in ("/platform", "/platform/8/resend", "/platform/8/revoke"):
        page = await site.web.request(method, path, headers={"cookie": f"eosvolt={PERSON}", **OURS})
        assert page.status_code in {403, 405}, path
        nobody = await site.web.request(method, path, headers=OURS)
        assert nobody.status_code in {303, 405}
        assert nobody.headers.get("location", "/platform/sign-in") == "/platform/sign-in"
    assert site.since(position) == []


async def test_platform_staff_get_to_nothing_of_a_company(site: Site) -> None:
    """Neither with their key nor with their cookie: every address of API and pages is tried."""
    position = len(site.store.facts)
    for each in ENDPOINTS:
        if each.path.startswith("/platform") or each.everybody:
            continue
        path = each.path.replace("{", "").replace("}", "")
        answer = await site.api(each.method, path, {}, STAFF_KEY)
        assert answer.status_code == 401, each.path
        cookie = {"cookie": f"eosvolt-staff={STAFF_COOKIE}", **OURS}
        answer = await site.web.request(each.method, f"/api/v1{path}", headers=cookie)
        assert answer.status_code == 401, each.path
    open_to_all = {
        "/sign-in",
        "/forgotten-password",
        "/join/{admin}/{secret}",
        "/register/{company}/{secret}",
        "/reset-password/{secret}",
        "/booking-feeds/{company}/{location}/{secret}",
    }
    for route in page_routes(site.gate.dependencies, site.gate):
        if (
            route.path.startswith(("/platform", "/drive"))
            or route.path in open_to_all
            or "GET" not in (route.methods or ())
        ):
            continue
        answer = await site.page(route.path.replace("{", "").replace("}", ""), by=STAFF_COOKIE)
        assert answer.status_code in {204, 303}, route.path
        assert answer.headers.get("location", "/sign-in").startswith("/sign-in")
    assert site.since(position) == []


async def test_staff_sign_in_at_a_page_of_their_own_and_nowhere_else(site: Site) -> None:
    form = {"email": STAFF.email, "password": PASSWORD}
    assert (await site.web.post("/sign-in", data=form, headers=OURS)).status_code == 422
    entered = await site.web.post("/platform/sign-in", data=form, headers=OURS)
    assert (entered.status_code, entered.headers["location"]) == (303, "/platform")
    assert "eosvolt-staff=" in entered.headers["set-cookie"]
    wrong = [
        (
            await site.web.post("/platform/sign-in", data={**form, "password": f"wrong {n}"}, headers=OURS)
        ).status_code
        for n in range(12)
    ]
    assert wrong == [422] * 10 + [429] * 2


async def test_another_site_cannot_invite_with_the_staff_s_cookie(site: Site) -> None:
    foreign = {"cookie": f"eosvolt-staff={STAFF_COOKIE}", "sec-fetch-site": "cross-site"}
    for path in ("/api/v1/platform/companies", "/platform"):
        answer = await site.web.post(path, json={"email": "eve@pier.example"}, headers=foreign)
        assert answer.status_code == 403, path


def test_every_operation_of_platform_staff_is_tried_as_them() -> None:
    names = [name for name in WAYS if name.startswith("platform.")]
    assert len(names) == 3
    assert all(way.by_staff for name in names for way in WAYS[name])
