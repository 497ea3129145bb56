"""Pages offer what the server would do for whoever looks at them, and nothing that it would refuse."""

import asyncio
import re
import secrets
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.parse import urlsplit

import httpx2
import pytest
import pytest_asyncio
from ocpp.routing import on
from ocpp.v16 import call_result
from websockets.exceptions import InvalidStatus

from eosvolt.adapters.http.pages import page_routes
from eosvolt.adapters.http.web.shell.forms import PageRoute
from eosvolt.application.grants import access_of, grants_of
from eosvolt.application.operations.commands import need_of
from eosvolt.application.permissions import (
    Action,
    Grants,
    Need,
    Permission,
    ProductArea,
    Right,
    allows,
    name_of,
)
from eosvolt.application.ready_sets import READY_SETS
from tests.drawn_pictures import LOGO_FILE
from tests.e2e.one_of_each import TARIFF, an_owed_statement, by_api, put
from tests.e2e.running import OWNER_PASSWORD, RunningSystem
from tests.e2e.web.addresses import everywhere
from tests.e2e.web.cars import Kept, known, plugged
from tests.e2e.web.offers import Offer, offers
from tests.e2e.web.people import PASSWORD
from tests.unit.operations.photo import PHOTO

ROUTES = page_routes(cast("Any", None), cast("Any", None))
# Read by nobody who signs in: what is sent there has another test.
SIGNED_OUT = (
    "/sign-in",
    "/register/",
    "/join/",
    "/forgotten-password",
    "/reset-password/",
    "/platform",
    "/drive",
)
VIEW_ALL = frozenset(Permission(Action.VIEW, area) for area in ProductArea)
PEOPLE: Mapping[str, frozenset[Need]] = {
    **{f"views {area.value}": frozenset({Permission(Action.VIEW, area)}) for area in ProductArea},
    **{
        f"views all, may {action.value}": VIEW_ALL | {Permission(action, area) for area in ProductArea}
        for action in Action
    },
    "views nothing, has every right": frozenset(Right),
    "views all, has every right": VIEW_ALL | frozenset(Right),
    **{f"set {name}": needs for name, needs in READY_SETS.items()},
}
COMMANDS: tuple[dict[str, Any], ...] = (
    {"type": "getConfiguration"},
    {
        "type": "setChargingProfile",
        "plug": 1,
        "chargingProfile": {
            "chargingProfileId": 3,
            "stackLevel": 1,
            "chargingProfilePurpose": "TxDefaultProfile",
            "chargingProfileKind": "Relative",
            "chargingSchedule": {
                "chargingRateUnit": "A",
                "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16.0}],
            },
        },
    },
    {"type": "reserveNow", "plug": 1, "expiryDate": "2999-01-01T00:00:00Z"},
)
FAILED_JOB = (
    "INSERT INTO failed_jobs (job, subject, company, attempts, first_failed_at, last_failed_at, error)"
    " VALUES ('background', 'permitted', %s, 9, now(), now(), 'ValueError')"
)
# Forms that the owner is offered only where the test's company cannot be.
OFFERED_ELSEWHERE = {
    # Beside a message that was delivered or given up: ``tests/e2e/notifications``.
    "/settings/notifications/{rule}/resend",
    # Once a charger has a certificate of the company's authority: ``e2e/ocpp/test_certification.py``.
    "/chargers/{charger}/certificates/revoke",
    # Once a fee was charged, or a booker charges: ``test_booking_fees.py``,
    # ``tests/unit/operations/test_routes.py``.
    "/bookings/{booking}/refund",
    "/bookings/{booking}/give-back",
    # A script sends it: pages only name it to the script.
    "/account/passkeys/options",
    # Passkeys are added by a device.
    "/account/passkeys/{passkey}/remove",
    # Shown once a factor is set up, which ``test_account.py`` does.
    "/account/authenticator/confirm",
    "/account/authenticator/remove",
    "/account/recovery-codes",
}


@dataclass(frozen=True)
class Ground:
    """A company with something to do on every page, and an admin whose permissions can be changed."""

    system: RunningSystem
    company: int
    pages: Sequence[str]
    location: str
    admin: str
    browser: httpx2.Client

    def become(self, needs: frozenset[Need], *, limited: bool = False) -> Grants:
        """Give the admin these permissions, everywhere or at one location; returns them."""
        access = access_of(Grants(needs))
        change = {
            "permissions": [{"page": each.page, "actions": each.actions} for each in access.permissions],
            "rights": access.rights,
            "locations": [self.location] if limited else None,
        }
        api = self.system.api(self.company).client
        api.patch(f"/admins/{self.admin}", json=change).raise_for_status()
        within = frozenset({self.location}) if limited else None
        return Grants(grants_of(access).needs, within)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ground(system: RunningSystem, company: int) -> AsyncIterator[Ground]:
    pages = await everywhere(system, company)
    api, box = system.api(company), f"PERM-{secrets.token_hex(3).upper()}"
    # A place of its own, so that other chargers are elsewhere.
    location = api.location(TARIFF, name=f"Yard {box}")
    api.charger(location, box, held=True, password=None)
    made = by_api(api, location, box)
    put(api, f"/locations/{location}/image", PHOTO)
    put(api, "/settings/logo", LOGO_FILE)
    with httpx2.Client(base_url=system.base_url, headers={"Origin": system.base_url}) as browser:
        admin, deactivated = (_joined(api, browser, name) for name in ("perla", "dora"))
        assert api.client.post(f"/admins/{deactivated}/deactivate").is_success
        await _at_the_chargers(system, company, box)
        system.sql(FAILED_JOB, company)
        owed = await asyncio.to_thread(an_owed_statement, system, company, f"PAY-{box}")
        _worked_on(api, browser, system.owner(company))
        entry = {"email": "perla@cpo.example", "password": PASSWORD}
        assert browser.post("/sign-in", data=entry).status_code == 303
        tabs = ("", "/configuration", "/limits", "/security", "/files", "/operations", "/messages")
        pages += [f"/settings/notifications/{made['rule']}", f"/finance/reimbursements/{owed}"]
        pages += [f"/chargers/{box}{tab}" for tab in tabs]
        yield Ground(system, company, pages, location, admin, browser)
    system.sql("DELETE FROM failed_jobs WHERE company = %s", company)


def _worked_on(api: Any, browser: httpx2.Client, owner: str) -> None:
    """The owner has a view of the sessions, and has acknowledged and snoozed a fault."""
    assert browser.post("/sign-in", data={"email": owner, "password": OWNER_PASSWORD}).status_code == 303
    assert browser.post("/sessions/views", data={"name": "Running", "query": ""}).status_code == 303
    fault = api.get("/faults", search="GroundFailure")["items"][0]["id"]
    for action in ("acknowledge", "snooze"):
        sent = {"fault": fault, "for": "4hours"}
        assert browser.post(f"/diagnostics/{action}", data=sent).status_code == 303
    assert browser.post("/sign-out").status_code == 303


def _joined(api: Any, browser: httpx2.Client, name: str) -> str:
    """An admin who joined, with no permission; signed out."""
    person = {"firstName": name, "lastName": "Berg", "email": f"{name}@cpo.example", "permissions": []}
    invited = api.post("/admins", person)
    link = re.sub(r"^https?://[^/]*", "", invited["link"])
    form = {"firstName": name, "lastName": "Berg", "password": PASSWORD}
    assert browser.post(link, data=form).status_code == 303
    assert browser.post("/sign-out").status_code == 303
    return str(invited["id"])


class Booked(Kept):
    """Takes reservations too."""

    @on("ReserveNow")  # type: ignore[untyped-decorator]  # the package ships without types
    def reserve_now(self, **_: Any) -> Any:
        return call_result.ReserveNow(status="Accepted")


async def _at_the_chargers(system: RunningSystem, company: int, box: str) -> None:
    """A configuration that was read, a limit, a reservation, a session with too much energy.

    And a charger that nobody knows.
    """
    api, token = system.api(company), f"T{box[5:]}"
    api.token(token)
    start = datetime.now(UTC) - timedelta(hours=2)
    async with plugged(system, box, Booked, company) as car:
        await car.boot()
        for command in COMMANDS:
            wanted = command | ({"token": token} if command["type"] == "reserveNow" else {})
            await asyncio.to_thread(api.post, f"/chargers/{box}/commands?wait=true", wanted, 202)
        number = await car.begin(token, start)
        await car.end(number, 900_000, start + timedelta(hours=1))
    await known(system, number, company)
    with pytest.raises(InvalidStatus):
        async with plugged(system, f"NOBODY-{box}", Booked, company):
            pass


def _route(offer: Offer) -> PageRoute | None:
    """The route that the server takes for it."""
    for route in ROUTES:
        if route.path_regex.match(offer.path) and offer.method in (route.methods or ()):
            return route if isinstance(route, PageRoute) else None
    return None


def _needed(offer: Offer) -> Iterator[Need]:
    """What the server asks of whoever sends this form."""
    route = _route(offer)
    if route is not None and route.operation is not None:
        yield route.operation.needs
        if route.operation.name.startswith("commands."):
            yield from (need_of(value) for name, value in offer.values if name == "action")


def _crawled(ground: Ground, browser: httpx2.Client) -> list[tuple[str, Offer, int]]:
    """What every page offers that opens, with the status of the answer behind each link (0 for a POST)."""
    waiting, found, statuses = deque(ground.pages), [], {"/live": 200}
    asked = {urlsplit(page).path for page in waiting}
    while waiting:
        page = waiting.popleft()
        answer = browser.get(page)
        statuses[urlsplit(page).path] = answer.status_code
        if answer.status_code != 200 or not answer.headers["content-type"].startswith("text/html"):
            continue
        for offer in dict.fromkeys(offers(answer.text, page)):
            found.append((page, offer))
            if offer.method == "GET" and offer.path not in asked:
                asked.add(offer.path)
                waiting.append(offer.address)
    return [(page, offer, 0 if offer.method == "POST" else statuses[offer.path]) for page, offer in found]


def _refused(ground: Ground, grants: Grants) -> list[str]:
    """What pages offer in vain to the admin who has these grants."""
    wrong: dict[tuple[str, ...], str] = {}
    for page, offer, status in _crawled(ground, ground.browser):
        lacking = [name_of(need) for need in _needed(offer) if not allows(grants, need)]
        if (offer.method == "POST" and lacking) or status in {403, 404}:
            reason = ", ".join(lacking) or str(status)
            wrong.setdefault((offer.method, _pattern(offer), reason), f"{page}: {offer} ({reason})")
    return list(wrong.values())


def _pattern(offer: Offer) -> str:
    return getattr(_route(offer), "path", offer.path)


@pytest.mark.parametrize("who", PEOPLE)
async def test_no_page_offers_what_the_server_would_refuse(ground: Ground, who: str) -> None:
    wrong = _refused(ground, ground.become(PEOPLE[who]))
    assert not wrong, "\n".join([who, *wrong])


@pytest.mark.parametrize("who", ["set owner", "set operations", "set support"])
async def test_nor_to_somebody_who_works_at_one_location(ground: Ground, who: str) -> None:
    wrong = _refused(ground, ground.become(PEOPLE[who], limited=True))
    assert not wrong, "\n".join([who, *wrong])


async def test_the_owner_is_offered_every_form(ground: Ground) -> None:
    entry = {"email": ground.system.owner(ground.company), "password": OWNER_PASSWORD}
    url = ground.system.base_url
    with (
        httpx2.Client(base_url=url, headers={"Origin": url}) as browser,
        httpx2.Client(base_url=url, headers={"Origin": url}) as elsewhere,
    ):
        for each in (browser, elsewhere):
            assert each.post("/sign-in", data=entry).status_code == 303
        found = _crawled(ground, browser)
    offered = {_pattern(offer) for _, offer, _ in found if offer.method == "POST"}
    there = {
        route.path
        for route in ROUTES
        if "POST" in (route.methods or ()) and not route.path.startswith(SIGNED_OUT)
    }
    assert there - offered == OFFERED_ELSEWHERE
    assert [f"{page}: {offer}" for page, offer, status in found if status in {403, 404}] == []
