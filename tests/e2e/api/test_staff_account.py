"""The second factor, web sessions and password of platform staff, over HTTP."""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import NamedTuple

import httpx2
import pyotp
import pytest

from tests.e2e.running import OWNER_PASSWORD, RunningSystem

ACCOUNT, COMPANIES, SECOND_STEP = "/platform/account", "/platform", "/platform/sign-in/second-step"
OTHER = "another horse battery staple"
STEP = timedelta(seconds=30)

OpenBrowser = Callable[[], httpx2.Client]


class SetUp(NamedTuple):
    """An authenticator app, the time of the code that confirmed it, and the recovery codes."""

    app: pyotp.TOTP
    at: datetime
    codes: list[str]


@pytest.fixture
def browser(system: RunningSystem) -> Iterator[OpenBrowser]:
    """Opens browsers in which nobody is signed in."""
    with ExitStack() as open_until_the_end:
        yield lambda: open_until_the_end.enter_context(
            httpx2.Client(base_url=system.base_url, headers={"origin": system.base_url}, timeout=60)
        )


@pytest.fixture
def email(system: RunningSystem) -> str:
    """The e-mail address of a new member of the staff."""
    return system.create_staff()


def sent(client: httpx2.Client, path: str, **form: str) -> str:
    """Send a form: where that leads, or the status where it leads nowhere."""
    answer = client.post(path, data=form)
    return str(answer.headers.get("location", answer.status_code))


def enter(client: httpx2.Client, email: str, password: str = OWNER_PASSWORD) -> str:
    return sent(client, "/platform/sign-in", email=email, password=password)


def is_in(client: httpx2.Client) -> bool:
    return client.get(COMPANIES).status_code == 200


def set_up(client: httpx2.Client) -> SetUp:
    """Set an app up, as whoever is signed in."""
    assert sent(client, f"{ACCOUNT}/authenticator", present=OWNER_PASSWORD) == f"{ACCOUNT}/authenticator"
    key = re.search(r'id="app-key">(\w+)<', client.get(f"{ACCOUNT}/authenticator").text)
    assert key is not None
    app, at = pyotp.TOTP(key[1]), datetime.now().astimezone()
    shown = sent(client, f"{ACCOUNT}/authenticator/confirm", code=app.at(at))
    codes = re.findall(r"<li><code>([^<]+)<", client.get(shown).text)
    assert len(codes) == 10
    return SetUp(app, at, codes)


def test_the_password_alone_does_not_sign_in_and_every_code_does_so_once(
    browser: OpenBrowser, email: str
) -> None:
    here = browser()
    assert enter(here, email) == COMPANIES
    made = set_up(here)
    # The code that confirmed the app is used up; the one after it is accepted already.
    following = made.app.at(made.at + STEP)
    for code, leads in (
        (made.app.at(made.at), "422"),
        (following, COMPANIES),
        (following, "422"),
        (made.codes[0], COMPANIES),
        (made.codes[0], "422"),
    ):
        there = browser()
        assert enter(there, email) == SECOND_STEP
        assert not is_in(there)
        assert sent(there, SECOND_STEP, code=code) == leads
        assert is_in(there) is (leads == COMPANIES)
    assert "9 left" in here.get(ACCOUNT).text


def test_wrong_codes_end_a_second_step_and_are_slowed_down(browser: OpenBrowser, email: str) -> None:
    here, there = browser(), browser()
    enter(here, email)
    made = set_up(here)
    found = []
    for _ in range(2):
        assert enter(there, email) == SECOND_STEP
        found += [sent(there, SECOND_STEP, code=str(number)) for number in range(6)]
    assert found == (["422"] * 5 + ["/platform/sign-in"]) * 2
    assert enter(there, email) == SECOND_STEP
    assert sent(there, SECOND_STEP, code=made.codes[0]) == "429"
    assert not is_in(there)
    assert is_in(here)


def test_web_sessions_are_ended_by_their_own_member_alone(
    system: RunningSystem, browser: OpenBrowser, email: str
) -> None:
    here, there, theirs = browser(), browser(), browser()
    other = system.create_staff()
    for client, who in ((here, email), (there, email), (theirs, other)):
        assert enter(client, who) == COMPANIES
    ((session,),) = system.sql(
        "SELECT s.id FROM staff_sessions s JOIN staff m USING (staff) WHERE m.email = %s", other
    )
    for guessed in (session, secrets.token_hex(16)):
        assert sent(here, f"{ACCOUNT}/sessions/{guessed}/end") == "404"
    own = re.findall(rf"{ACCOUNT}/sessions/([^/\"]+)/end\"", here.get(ACCOUNT).text)
    assert len(own) == 1
    assert sent(here, f"{ACCOUNT}/sessions/{own[0]}/end") == f"{ACCOUNT}#sessions"
    assert [is_in(client) for client in (here, there, theirs)] == [True, False, True]
    assert enter(there, email) == COMPANIES
    assert sent(here, f"{ACCOUNT}/sessions/end-others") == f"{ACCOUNT}#sessions"
    assert [is_in(client) for client in (here, there, theirs)] == [True, False, True]


def test_another_password_ends_all_other_web_sessions_and_asks_for_the_present_one(
    system: RunningSystem, browser: OpenBrowser, email: str
) -> None:
    here, there = browser(), browser()
    for client in (here, there):
        assert enter(client, email) == COMPANIES
    assert sent(here, f"{ACCOUNT}/password", present=OTHER, password=OTHER + " 2") == "422"
    assert sent(here, f"{ACCOUNT}/password", present=OWNER_PASSWORD, password="short") == "422"
    assert is_in(there)
    assert sent(here, f"{ACCOUNT}/password", present=OWNER_PASSWORD, password=OTHER) == ACCOUNT
    assert [is_in(here), is_in(there)] == [True, False]
    assert enter(there, email) == "422"
    assert enter(there, email, OTHER) == COMPANIES
    changed = system.run("staff-password", "--email", email)
    assert changed.returncode == 0, changed.stderr
    assert [is_in(here), is_in(there)] == [False, False]


def test_lost_factors_are_removed_on_the_server_for_staff_apart_from_people(
    system: RunningSystem, browser: OpenBrowser, email: str
) -> None:
    here = browser()
    enter(here, email)
    set_up(here)
    assert system.run("remove-factors", email).returncode == 1
    assert system.run("remove-factors", "--staff", system.owner()).returncode == 1
    assert enter(browser(), email) == SECOND_STEP
    removed = system.run("remove-factors", "--staff", email)
    assert removed.returncode == 0, removed.stderr
    assert enter(browser(), email) == COMPANIES
