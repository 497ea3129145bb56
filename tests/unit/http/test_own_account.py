"""My account and a forgotten password: what the pages answer."""

import httpx2
import pytest

from eosvolt.application.access import Account
from tests.accounts_in_memory import OTHER_PERSON, PERSON
from tests.examples import COMPANY
from tests.factors_in_memory import CODE, RECOVERY_CODE
from tests.ports_in_memory import PASSWORD
from tests.web_in_memory import Site

OTHER = "another horse battery staple"
OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture
async def site() -> Site:
    return await Site().opened()


async def change(site: Site, present: str, password: str) -> int:
    form = {"present": present, "password": password}
    return (await site.page("/account/password", form)).status_code


async def test_a_password_is_changed_by_whoever_knows_the_present_one(site: Site) -> None:
    assert await change(site, PASSWORD, OTHER) == 303
    assert site.own_accounts.passwords == {PERSON: OTHER, OTHER_PERSON: PASSWORD}


@pytest.mark.parametrize(
    ("present", "password"),
    [("wrong horse battery staple", OTHER), (PASSWORD, "short"), (PASSWORD, "x" * 257), (PASSWORD, PASSWORD)],
)
async def test_a_wrong_present_password_and_a_bad_new_one_change_nothing(
    site: Site, present: str, password: str
) -> None:
    assert await change(site, present, password) == 422
    assert site.own_accounts.passwords[PERSON] == PASSWORD


async def test_blanks_belong_to_a_password(site: Site) -> None:
    assert await change(site, PASSWORD, f" {OTHER} ") == 303
    assert site.own_accounts.passwords[PERSON] == f" {OTHER} "


async def test_a_password_is_guessed_at_slowly_from_within_too(site: Site) -> None:
    statuses = [await change(site, f"wrong horse battery {number}", OTHER) for number in range(12)]
    assert statuses == [422] * 10 + [429] * 2
    assert await change(site, PASSWORD, OTHER) == 429


async def test_attempts_are_counted_together_with_those_that_confirm_a_payout(site: Site) -> None:
    guess = {"currency": "EUR", "password": "wrong horse battery staple"}
    for number in range(5):
        assert await change(site, f"wrong horse battery {number}", OTHER) == 422
        assert (await site.page("/finance/withdraw", guess)).status_code == 422
    assert await change(site, PASSWORD, OTHER) == 429
    assert (await site.page("/finance/withdraw", guess)).status_code == 429


async def test_own_sessions_alone_can_be_ended(site: Site) -> None:
    assert (await site.page(f"/account/sessions/{PERSON}-1/end", {})).status_code == 303
    assert (await site.page(f"/account/sessions/{OTHER_PERSON}-1/end", {})).status_code == 404
    assert (await site.page("/account/sessions/end-others", {})).status_code == 303


async def ask_for_a_link(site: Site, email: str) -> tuple[int, str]:
    answer = await site.web.post("/forgotten-password", data={"email": email}, headers=OURS)
    return answer.status_code, answer.text.replace(email, "")


async def test_nobody_learns_whether_an_account_exists_by_asking_for_a_link(site: Site) -> None:
    site.mailing = True
    emails = ["ana@cpo.example", "nobody@cpo.example"]
    known, unknown = [await ask_for_a_link(site, each) for each in emails]
    assert known == unknown
    assert known[0] == 200
    assert [each.address for each in site.account_mails.waiting] == emails


async def test_links_are_requested_slowly_for_an_address_and_from_one(site: Site) -> None:
    site.mailing = True
    statuses = [(await ask_for_a_link(site, "ana@cpo.example"))[0] for _ in range(4)]
    assert statuses == [200] * 3 + [429]
    statuses = [(await ask_for_a_link(site, f"{number}@cpo.example"))[0] for number in range(3)]
    assert statuses == [200, 429, 429]


async def test_what_is_no_address_gets_no_mail(site: Site) -> None:
    site.mailing = True
    assert (await ask_for_a_link(site, "ana"))[0] == 422
    assert site.account_mails.waiting == []


async def test_without_a_mail_server_the_page_names_the_command(site: Site) -> None:
    shown = await site.web.get("/forgotten-password")
    assert "eosvolt reset-link" in shown.text
    assert "<form" not in shown.text
    assert (await ask_for_a_link(site, "ana@cpo.example"))[0] == 422
    assert site.account_mails.waiting == []


async def test_a_link_that_cannot_be_used_says_so_before_it_asks_for_anything(site: Site) -> None:
    for method in ("GET", "POST"):
        answer = await site.web.request(method, "/reset-password/invented", headers=OURS)
        assert answer.status_code == 410
        assert "not valid" in answer.text
        assert 'type="password"' not in answer.text


async def test_a_link_sets_another_password(site: Site) -> None:
    site.own_accounts.links["secret"] = PERSON
    shown = await site.web.get("/reset-password/secret")
    assert 'type="password"' in shown.text
    short = await site.web.post("/reset-password/secret", data={"password": "short"}, headers=OURS)
    assert short.status_code == 422
    done = await site.web.post("/reset-password/secret", data={"password": OTHER}, headers=OURS)
    assert (done.status_code, done.headers["location"]) == (303, "/sign-in")
    assert site.own_accounts.passwords[PERSON] == OTHER


@pytest.mark.parametrize("email", ["ana@cpo.example", "nobody@cpo.example"])
async def test_many_failed_sign_ins_are_told_to_the_owner_of_the_account_once(site: Site, email: str) -> None:
    site.mailing = True
    form = {"email": email, "password": "wrong horse battery staple"}
    for _ in range(9):
        assert (await site.web.post("/sign-in", data=form, headers=OURS)).status_code == 422
    assert site.account_mails.waiting == []
    assert (await site.web.post("/sign-in", data=form, headers=OURS)).status_code == 422
    assert [each.address for each in site.account_mails.waiting] == [email]
    for _ in range(3):
        await site.web.post("/sign-in", data=form, headers=OURS)
    assert len(site.account_mails.waiting) == 1


async def with_an_app(site: Site) -> None:
    """Set the app up as a person does."""
    assert (await site.page("/account/authenticator", {"present": PASSWORD})).status_code == 303
    shown = await site.page("/account/authenticator")
    assert "<svg" in shown.text
    done = await site.page("/account/authenticator/confirm", {"code": CODE})
    assert (done.status_code, done.headers["location"]) == (303, "/account/recovery-codes/new")


async def test_recovery_codes_are_shown_once_when_the_app_is_confirmed(site: Site) -> None:
    await with_an_app(site)
    cookie = f"eosvolt={PERSON}; eosvolt-shown-once={RECOVERY_CODE}"
    shown = await site.web.get("/account/recovery-codes/new", headers={"cookie": cookie})
    assert RECOVERY_CODE in shown.text
    assert 'eosvolt-shown-once="";' in shown.headers["set-cookie"]
    again = await site.page("/account/recovery-codes/new")
    assert (again.status_code, again.headers["location"]) == (303, "/account/recovery-codes")


@pytest.mark.parametrize(
    "path", ["/account/authenticator", "/account/authenticator/remove", "/account/recovery-codes"]
)
async def test_every_change_of_factors_asks_for_the_password(site: Site, path: str) -> None:
    await with_an_app(site)
    before = (set(site.second_factors.apps), dict(site.second_factors.codes))
    assert (await site.page(path, {"present": "wrong horse battery staple"})).status_code == 422
    assert (set(site.second_factors.apps), dict(site.second_factors.codes)) == before


async def test_a_wrong_code_confirms_nothing(site: Site) -> None:
    await site.page("/account/authenticator", {"present": PASSWORD})
    assert (await site.page("/account/authenticator/confirm", {"code": "000000"})).status_code == 422
    assert site.second_factors.apps == set()


async def first_step(site: Site) -> str:
    """Sign in with the password; returns the cookie of the second step."""
    form = {"email": f"{PERSON}@cpo.example", "password": PASSWORD}
    site.accounts.created[form["email"]] = Account(
        account=PERSON, company=COMPANY, email=form["email"], name=PERSON, owner=True
    )
    answer = await site.web.post("/sign-in?next=/sessions", data=form, headers=OURS)
    assert answer.headers["location"] == "/sign-in/second-step?next=%2Fsessions"
    assert "eosvolt=" not in answer.headers["set-cookie"]
    return answer.headers["set-cookie"].partition(";")[0]


async def second_step(site: Site, cookie: str, code: str) -> httpx2.Response:
    path = "/sign-in/second-step?next=/sessions"
    return await site.web.post(path, data={"code": code}, headers={"cookie": cookie, **OURS})


async def test_a_password_alone_opens_nothing_once_there_is_a_second_factor(site: Site) -> None:
    await with_an_app(site)
    cookie = await first_step(site)
    assert (await site.web.get("/account", headers={"cookie": cookie})).status_code == 303
    wrong = await second_step(site, cookie, "000000")
    assert wrong.status_code == 422
    done = await second_step(site, cookie, CODE)
    assert (done.status_code, done.headers["location"]) == (303, "/sessions")
    assert f"eosvolt={PERSON};" in done.headers["set-cookie"]
    again = await second_step(site, cookie, CODE)
    assert (again.status_code, again.headers["location"]) == (303, "/sign-in")


async def test_codes_are_guessed_at_slowly_for_an_account(site: Site) -> None:
    await with_an_app(site)
    statuses = []
    for _ in range(3):
        cookie = await first_step(site)
        statuses += [(await second_step(site, cookie, f"{number:06}")).status_code for number in range(5)]
    assert statuses == [422] * 10 + [429] * 5


async def test_without_the_first_step_there_is_no_second_one(site: Site) -> None:
    await with_an_app(site)
    shown = await site.web.get("/sign-in/second-step", headers={"cookie": "eosvolt-step=invented"})
    assert (shown.status_code, shown.headers["location"]) == (303, "/sign-in")
    sent = await second_step(site, "eosvolt-step=invented", CODE)
    assert sent.headers["location"] == "/sign-in"
    assert "eosvolt=" not in sent.headers["set-cookie"].replace("eosvolt-step=", "")
