"""Registration links: who has none gets nothing, learns nothing and leaves nothing."""

import asyncio
import re

import httpx2

from tests.e2e.running import OWNER_PASSWORD, RunningSystem

OUR_PAGE = {"sec-fetch-site": "same-origin"}


async def link(system: RunningSystem) -> str:
    """The path of the link that an empty system prints."""
    async with asyncio.timeout(30):
        while (found := re.search(r"http://\S+/register/\S+", system.log())) is None:
            await asyncio.sleep(0.05)
    return found[0].removeprefix(system.base_url)


def send(system: RunningSystem, path: str, email: str, company: str = "Volt Harbour") -> httpx2.Response:
    """Fill the registration form in and send it."""
    form = {"company": company, "name": "Olga Owner", "email": email, "password": OWNER_PASSWORD}
    return httpx2.post(f"{system.base_url}{path}", data=form, headers=OUR_PAGE)


def left(system: RunningSystem) -> tuple[object, object]:
    """How many accounts and events there are."""
    ((accounts,),) = system.sql("SELECT count(*) FROM accounts")
    ((events,),) = system.sql("SELECT count(*) FROM stored_events")
    return accounts, events


WRONG_COMPANIES = (
    "242",
    "7",
    "0",
    "-1",
    "abc",
    "2147483648",
    "9999999999",
    "9" * 5_000,
    "%EF%BC%92%EF%BC%94%EF%BC%92",
)


def test_a_wrong_link_leaves_nothing(own_system: RunningSystem) -> None:
    own_system.start()
    own_system.create_company(242, "Volt Harbour")
    before = left(own_system)
    paths = [f"/register/{company}/guess" for company in WRONG_COMPANIES]
    shown = {path: httpx2.get(f"{own_system.base_url}{path}").status_code for path in paths}
    assert shown == dict.fromkeys(paths, 410)
    answers = {path: send(own_system, path, "eve@evil.example") for path in paths}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(paths, 410)
    others = [send(own_system, paths[0], email) for email in ("owner@242.example", "")]
    texts = {answer.text for answer in (answers[paths[0]], *others)}
    assert len(texts) == 1, "whether an account exists is nobody's business"
    assert all("not valid" in answer.text for answer in answers.values())
    assert left(own_system) == before


async def test_a_link_registers_once_and_says_so_at_once(own_system: RunningSystem) -> None:
    own_system.start()
    path = await link(own_system)
    assert httpx2.get(f"{own_system.base_url}{path}").status_code == 200
    assert send(own_system, path, "olga@volt.example").status_code == 303
    before = left(own_system)
    shown = httpx2.get(f"{own_system.base_url}{path}")
    assert (shown.status_code, "used already" in shown.text, "<form" in shown.text) == (410, True, False)
    assert send(own_system, path, "eve@evil.example").status_code == 410
    assert left(own_system) == before
    # Whoever does not have the link is not told that it was used.
    assert "not valid" in httpx2.get(f"{own_system.base_url}{path}x").text


async def test_a_refused_registration_leaves_the_link_as_it_was(own_system: RunningSystem) -> None:
    own_system.start()
    path = await link(own_system)
    own_system.create_company(7, "Other")
    before = left(own_system)
    refused = send(own_system, path, "Owner@7.example")
    assert (refused.status_code, "cannot be used here" in refused.text) == (422, True)
    assert send(own_system, path, "olga@volt.example", company=" ").status_code == 422
    assert left(own_system) == before
    assert send(own_system, path, "olga@volt.example").status_code == 303


def test_guessing_at_links_is_slowed_down(own_system: RunningSystem) -> None:
    own_system.start()
    answers = [send(own_system, f"/register/242/{n}", "eve@evil.example") for n in range(25)]
    assert [answer.status_code for answer in answers[:20]] == [410] * 20
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
