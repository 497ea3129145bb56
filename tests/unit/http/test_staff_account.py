"""The own account of platform staff: what its pages answer, and the second step of their sign-in."""

import httpx2
import pytest

from tests.accounts_in_memory import PERSON
from tests.examples import COMPANY
from tests.factors_in_memory import CODE, RECOVERY_CODE
from tests.platform_in_memory import STAFF, STAFF_COOKIE, STAFF_KEY
from tests.ports_in_memory import PASSWORD
from tests.web_in_memory import Site

OTHER = "another horse battery staple"
ACCOUNT = "/platform/account"
OURS = {"sec-fetch-site": "same-origin"}
ENTRY = {"email": STAFF.email, "password": PASSWORD}
FORMS = (
    "/password",
    "/authenticator",
    "/authenticator/confirm",
    "/authenticator/remove",
    "/recovery-codes",
    "/sessions/end-others",
    f"/sessions/{STAFF.id}-1/end",
)


@pytest.fixture
async def site() -> Site:
    return await Site().opened()


async def sent(site: Site, place: str, **form: str) -> httpx2.Response:
    return await site.page(f"{ACCOUNT}{place}", form, by=STAFF_COOKIE)


async def change(site: Site, present: str, password: str) -> int:
    return (await sent(site, "/password", present=present, password=password)).status_code


async def with_an_app(site: Site) -> None:
    """Set the app up as a member does."""
    assert (await sent(site, "/authenticator", present=PASSWORD)).status_code == 303
    shown = await site.page(f"{ACCOUNT}/authenticator", by=STAFF_COOKIE)
    assert "<svg" in shown.text
    done = await sent(site, "/authenticator/confirm", code=CODE)
    assert (done.status_code, done.headers["location"]) == (303, f"{ACCOUNT}/recovery-codes/new")


async def test_the_frame_leads_to_the_account_which_has_no_passkeys(site: Site) -> None:
    assert f'href="{ACCOUNT}"' in (await site.page("/platform", by=STAFF_COOKIE)).text
    shown = await site.page(ACCOUNT, by=STAFF_COOKIE)
    assert STAFF.email in shown.text
    assert "Chrome, Linux" in shown.text
    assert "asskey" not in shown.text


async def test_a_password_is_changed_by_whoever_knows_the_present_one(site: Site) -> None:
    for present, password in (("wrong horse battery", OTHER), (PASSWORD, "short"), (PASSWORD, PASSWORD)):
        assert await change(site, present, password) == 422
    assert site.staff_security.passwords == {STAFF.id: PASSWORD}
    assert await change(site, PASSWORD, OTHER) == 303
    assert site.staff_security.passwords == {STAFF.id: OTHER}
    assert site.own_accounts.passwords[PERSON] == PASSWORD


async def test_a_password_is_guessed_at_slowly_from_within_too(site: Site) -> None:
    statuses = [await change(site, f"wrong horse battery {number}", OTHER) for number in range(12)]
    assert statuses == [422] * 10 + [429] * 2


async def test_own_sessions_alone_can_be_ended(site: Site) -> None:
    assert (await sent(site, f"/sessions/{STAFF.id}-1/end")).status_code == 303
    for other in (f"{PERSON}-1", "another-member-1"):
        assert (await sent(site, f"/sessions/{other}/end")).status_code == 404
    assert (await sent(site, "/sessions/end-others")).status_code == 303


async def test_recovery_codes_are_shown_once_when_the_app_is_confirmed(site: Site) -> None:
    await with_an_app(site)
    cookie = f"eosvolt-staff={STAFF_COOKIE}; eosvolt-shown-once={RECOVERY_CODE}"
    shown = await site.web.get(f"{ACCOUNT}/recovery-codes/new", headers={"cookie": cookie})
    assert RECOVERY_CODE in shown.text
    assert 'eosvolt-shown-once="";' in shown.headers["set-cookie"]


@pytest.mark.parametrize("place", ["/authenticator", "/authenticator/remove", "/recovery-codes"])
async def test_every_change_of_factors_asks_for_the_password(site: Site, place: str) -> None:
    await with_an_app(site)
    assert (await sent(site, place, present="wrong horse battery")).status_code == 422
    assert site.staff_factors.apps == {STAFF.id}
    assert site.second_factors.apps == set()


@pytest.mark.parametrize("place", FORMS)
async def test_nobody_of_a_company_and_nobody_at_all_gets_to_the_account_of_staff(
    site: Site, place: str
) -> None:
    by_person = await site.page(f"{ACCOUNT}{place}", {"present": PASSWORD, "password": OTHER, "code": CODE})
    assert by_person.status_code == 403
    by_nobody = await site.web.post(f"{ACCOUNT}{place}", headers=OURS)
    assert by_nobody.headers["location"] == "/platform/sign-in"
    foreign = {"cookie": f"eosvolt-staff={STAFF_COOKIE}", "sec-fetch-site": "cross-site"}
    assert (await site.web.post(f"{ACCOUNT}{place}", headers=foreign)).status_code == 403
    assert site.staff_security.passwords == {STAFF.id: PASSWORD}


async def first_step(site: Site) -> str:
    """Sign in with the password; returns the cookie of the second step."""
    answer = await site.web.post("/platform/sign-in", data=ENTRY, headers=OURS)
    assert answer.headers["location"] == "/platform/sign-in/second-step"
    assert f"eosvolt-staff={STAFF_COOKIE}" not in answer.headers["set-cookie"]
    return answer.headers["set-cookie"].partition(";")[0]


async def second_step(site: Site, cookie: str, code: str) -> httpx2.Response:
    headers = {"cookie": cookie, **OURS}
    return await site.web.post("/platform/sign-in/second-step", data={"code": code}, headers=headers)


async def test_a_password_alone_opens_nothing_once_there_is_a_second_factor(site: Site) -> None:
    await with_an_app(site)
    cookie = await first_step(site)
    assert (await site.web.get("/platform", headers={"cookie": cookie})).status_code == 303
    shown = await site.web.get("/platform/sign-in/second-step", headers={"cookie": cookie})
    assert 'href="/platform/sign-in"' in shown.text
    assert (await second_step(site, cookie, "000000")).status_code == 422
    done = await second_step(site, cookie, CODE)
    assert (done.status_code, done.headers["location"]) == (303, "/platform")
    assert f"eosvolt-staff={STAFF_COOKIE};" in done.headers["set-cookie"]
    again = await second_step(site, cookie, CODE)
    assert (again.status_code, again.headers["location"]) == (303, "/platform/sign-in")


async def test_codes_are_guessed_at_slowly_for_a_member(site: Site) -> None:
    await with_an_app(site)
    statuses = []
    for _ in range(3):
        cookie = await first_step(site)
        statuses += [(await second_step(site, cookie, f"{number:06}")).status_code for number in range(5)]
    assert statuses == [422] * 10 + [429] * 5


async def test_a_second_step_of_staff_opens_nothing_of_people(site: Site) -> None:
    await with_an_app(site)
    cookie = await first_step(site)
    as_people = {"cookie": cookie.replace("eosvolt-staff-step", "eosvolt-step"), **OURS}
    answer = await site.web.post("/sign-in/second-step", data={"code": CODE}, headers=as_people)
    assert answer.headers["location"] == "/sign-in"


async def test_whoever_comes_back_to_the_sign_in_begins_again(site: Site) -> None:
    await with_an_app(site)
    cookie = await first_step(site)
    assert (await site.web.get("/platform/sign-in", headers={"cookie": cookie})).status_code == 200
    over = await second_step(site, cookie, CODE)
    assert over.headers["location"] == "/platform/sign-in"


async def test_a_key_of_staff_opens_no_account(site: Site) -> None:
    headers = {"authorization": f"Bearer {STAFF_KEY}"}
    answer = await site.web.get(ACCOUNT, headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/platform/sign-in")
    listed = await site.api("GET", "/platform/companies", key=STAFF_KEY)
    assert COMPANY in [each["number"] for each in listed.json()["items"]]
