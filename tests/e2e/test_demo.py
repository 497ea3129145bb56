"""The demo as somebody sees it who starts it for the first time, and once more."""

import base64
import hmac
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx2
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from eosvolt.adapters.simulator.demo_homes import HOMES
from eosvolt.adapters.simulator.demo_operator import LEFT_OVER
from eosvolt.adapters.simulator.demo_park import DEMO
from eosvolt.demo.customers import BOOKING_CARDS
from eosvolt.domain.zones.limits import LOAD_BALANCING
from tests.e2e.running import COMMAND, Api, RunningSystem

OPEN = {charger.plan.charge_box_id for charger in DEMO.chargers if charger.open}
CARDS = len(DEMO.tokens) + len(BOOKING_CARDS) + sum(len(home.tokens) for home in HOMES)
SECRET = "a secret key that only this test knows"
API_KEY = "eosvolt_demo_key_of_this_test"
ASKED = {"getConfiguration": 16, "setChargingProfile": 2, "getDiagnostics": 1, "sendLocalList": 1}


def soon(claim: Callable[[], bool], patience_s: float = 30.0) -> bool:
    until = time.monotonic() + patience_s
    while not claim() and time.monotonic() < until:
        time.sleep(0.2)
    return claim()


def chargers(api: Api) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = api.get("/chargers")["items"]
    return listed


def commands(api: Api) -> list[dict[str, Any]]:
    """All but the limits of load balancing, which come with every car."""
    return [each for each in api.every("/commands") if each["by"] != LOAD_BALANCING]


def unsolved(api: Api) -> list[dict[str, Any]]:
    return api.every("/faults", state="unsolved")


def mostly_online(api: Api) -> bool:
    """All but those whose link is lost just now."""
    return len([each for each in chargers(api) if each["online"]]) >= len(DEMO.chargers) - 3


def test_the_demo_shows_chargers_that_somebody_works_with(own_system: RunningSystem) -> None:
    own_system.serving = (*COMMAND, "demo")
    own_system.settings = {"EOSVOLT_DEMO_API_KEY": API_KEY, "EOSVOLT_SECRET_KEY": SECRET}
    own_system.start(patience=300)
    api = Api(own_system.base_url, API_KEY)
    try:
        assert soon(lambda: mostly_online(api))
        looks_at_work(api)
        has_colleagues_with_roles(own_system, api)
        has_bookings_that_were_used(api)
        remembers_two_weeks_ago(own_system, api)
        wait = api.post("/chargers/LEJ-AUG-01/commands", {"type": "rotatePassword"}, expected=202)
        rotated = f"/chargers/LEJ-AUG-01/commands/{wait['id']}"
        assert soon(lambda: api.get(rotated)["state"] == "accepted")
        asked, before = {each["id"] for each in commands(api)}, {each["id"] for each in unsolved(api)}

        own_system.stop()
        own_system.start(patience=60)

        assert soon(lambda: mostly_online(api))
        assert soon(lambda: {"LEJ-AUG-01", "CBE-STN-02"} <= {e["id"] for e in chargers(api) if e["online"]})
        assert {each["id"] for each in commands(api)} == asked, "the same is not asked again"
        # Chargers that go on living may fail, but that they came back is no fault.
        assert len({each["id"] for each in unsolved(api)} - before) <= 2

        with dialled(own_system, "PRG-SMI-01", password("PRG-SMI-01")):
            pass
        with pytest.raises(InvalidStatus, match="401"):
            dialled(own_system, "PRG-SMI-02", password("PRG-SMI-01"))
        nobody_wrote_down(own_system, password("PRG-SMI-01"), password("LEJ-AUG-01"))
    finally:
        api.client.close()


def password(charge_box_id: str) -> str:
    """What the installation's secret gives the charger."""
    return hmac.new(SECRET.encode(), f"demo charger {charge_box_id}".encode(), "sha256").hexdigest()[:40]


def dialled(system: RunningSystem, charge_box_id: str, key: str) -> ClientConnection:
    proof = base64.b64encode(f"{charge_box_id}:{key}".encode()).decode()
    return connect(
        system.charger_url(charge_box_id),
        subprotocols=[Subprotocol("ocpp1.6")],
        additional_headers={"Authorization": f"Basic {proof}"},
        proxy=None,
    )


def nobody_wrote_down(system: RunningSystem, *keys: str) -> None:
    """Neither the history, nor the message log, nor the server's log knows these passwords."""
    log = (system.folder / "serve.log").read_text(errors="replace")

    def written(what: str) -> tuple[bool, bool]:
        events = "SELECT count(*) FROM stored_events WHERE position(%s::bytea IN state) > 0"
        frames = "SELECT count(*) FROM ocpp_frames f WHERE position(%s IN f::text) > 0"
        return system.sql(events, what.encode()) != [(0,)], system.sql(frames, what) != [(0,)]

    assert written("MeterValueSampleInterval") == (True, True), "one finds there what is there"
    for key in keys:
        assert written(key) == (False, False)
        assert key not in log


def looks_at_work(api: Api) -> None:
    """Few faults are left, chargers prove who they are, and the pages about them are filled."""
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    # What happened today is not solved yet; how much that is depends on the hour.
    of_before = [each for each in unsolved(api) if each["lastSeenAt"] < today]
    assert 1 <= len(of_before) <= LEFT_OVER
    for each in chargers(api):
        assert each["hasPassword"] is (each["id"] not in OPEN)
        if each["online"]:
            assert each.get("authenticated", False) is each["hasPassword"]

    def counted() -> dict[str, int]:
        types = [each["type"] for each in asked_by_operator(api)]
        return {one: types.count(one) for one in types}

    assert counted() == ASKED
    everything = len(asked_by_operator(api))
    assert soon(lambda: len(accepted(api)) >= everything - 4), "the rest waits for a lost link"
    for each in accepted(api):
        assert soon(partial(on_its_page, api, each)), each


def has_colleagues_with_roles(system: RunningSystem, api: Api) -> None:
    """Who is printed signs in with the owner's password, and sees what the role lets them see."""
    printed = system.log()
    login = re.search(r"sign in with\s+\S+\s+/\s+(\S+)", printed)
    assert login is not None
    admins = {each["email"]: each for each in api.get("/admins")["items"]}
    assert [each["state"] for each in admins.values()].count("invited") == 1
    active = {email for email, each in admins.items() if each["state"] == "active" and not each["owner"]}
    assert active == {email for email in admins if f" {email}  (" in printed}
    seen = {}
    for email in active:
        headers = {"Origin": system.base_url, "Accept-Language": "en"}
        with httpx2.Client(base_url=system.base_url, headers=headers, timeout=60) as client:
            entry = {"email": email, "password": login[1]}
            assert client.post("/sign-in", data=entry).status_code == 303, email
            pages = ("/", "/sessions", "/chargers", "/users", "/settings")
            seen[email.partition("@")[0]] = [page for page in pages if client.get(page).status_code == 200]
            places = [each["name"] for each in client.get("/api/v1/locations").json().get("items", ())]
            assert "locations" not in admins[email] or len(places) == len(admins[email]["locations"])
    assert seen == {
        "jana": ["/", "/sessions", "/chargers", "/settings"],
        "petra": ["/", "/sessions"],
        "tim": ["/", "/sessions", "/chargers"],
        "marek": ["/", "/chargers"],
    }
    done = {each["by"] for each in api.every("/events", type="token-changed")}
    assert f"admin:{admins['jana@volt-soehne.example']['id']}" in done
    limited = [each for each in api.get("/api-keys")["items"] if "locations" in each]
    assert [each["permissions"] for each in limited] == [[{"page": "dashboard", "actions": ["view"]}]]


def on_its_page(api: Api, command: dict[str, Any]) -> bool:
    page = f"/chargers/{command['chargeBoxId']}"
    match command["type"]:
        case "getConfiguration":
            return len(api.get(f"{page}/configuration")["settings"]) > 20
        case "getDiagnostics":
            return "receivedAt" in api.get(f"{page}/files")["items"][0]
        case "sendLocalList":
            return len(api.get(f"{page}/local-list")["entries"]) == CARDS
        case _:
            return True


def accepted(api: Api) -> list[dict[str, Any]]:
    return [each for each in asked_by_operator(api) if each["state"] == "accepted"]


def asked_by_operator(api: Api) -> list[dict[str, Any]]:
    """All but those with which the system itself ended idle sessions."""
    return [each for each in commands(api) if each["type"] != "remoteStop"]


def has_bookings_that_were_used(api: Api) -> None:
    """What was booked was charged in booked sessions or missed, and its fees are among the money."""
    booked = api.get("/bookings", limit=200)["items"]
    states = [each["state"] for each in booked]
    assert {"completed", "noShow", "cancelled", "booked"} <= set(states)
    used = [each for each in booked if each["state"] == "completed"]
    assert len(used) > 20
    types = {api.get(f"/sessions/{each['sessionId']}")["type"] for each in used[:5]}
    assert types == {"booking"}
    assert all("feeOwedAt" in each for each in booked if each["state"] in {"completed", "noShow"})


def remembers_two_weeks_ago(system: RunningSystem, api: Api) -> None:
    """The past was recorded then: lists and sums of then, and the messages of its sessions."""
    then = in_the_middle_of_a_session(api, datetime.now(UTC) - timedelta(weeks=2))
    instant = then.isoformat().replace("+00:00", "Z")
    of_then = api.get("/sessions", asOf=instant, limit=50)["items"]
    assert of_then[0]["startedAt"] <= instant
    assert {"charging", "blocking"} & {each["status"] for each in of_then}
    year = {"period": "year", "date": then.date().isoformat()}
    assert (
        0
        < api.get("/dashboard/summary", asOf=instant, **year)["energyWh"]
        < api.get("/dashboard/summary", **year)["energyWh"]
    )
    completed = next(each for each in of_then if each["status"] == "completed")
    log = api.client.get(f"/sessions/{completed['id']}/log").text
    for action in ("Authorize", "StartTransaction", "StopTransaction"):
        assert log.count(f'"{action}"') == 1, log
    assert completed["token"].lower() in log.lower()
    sealed = system.sql("SELECT min(sealed_at) FROM history_seals")
    assert sealed[0][0] < then, "also the seals are of that time"
    verified = system.run("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def in_the_middle_of_a_session(api: Api, until: datetime) -> datetime:
    """An instant shortly before ``until``: at night nobody charges."""
    known = api.get("/sessions", asOf=until.isoformat().replace("+00:00", "Z"), limit=50)["items"]
    spans = [
        (datetime.fromisoformat(each["startedAt"]), datetime.fromisoformat(each["endedAt"]))
        for each in known
        if "endedAt" in each
    ]
    began, ended = next(span for span in spans if span[1] - span[0] > timedelta(minutes=10))
    return began + (ended - began) / 2
