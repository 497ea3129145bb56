"""Who reads the metrics, what becomes a label, how many streams one asker has, where passwords come from."""

import contextlib

import httpx2
import orjson
import pytest

from tests.e2e.ocpp.charger import charger
from tests.e2e.running import OWNER_PASSWORD, RunningSystem

TOKEN = "a-token-for-prometheus"


def test_without_a_token_the_metrics_are_for_this_machine(system: RunningSystem) -> None:
    address = f"{system.base_url}/metrics"
    assert httpx2.get(address).status_code == 200
    for headers in (
        {"X-Forwarded-For": "203.0.113.9"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=203.0.113.9"},
        {"Host": "evil.example"},
    ):
        assert httpx2.get(address, headers=headers).status_code == 403


def test_with_a_token_the_metrics_are_for_whoever_sends_it(own_system: RunningSystem) -> None:
    own_system.settings = {"EOSVOLT_METRICS_TOKEN": TOKEN}
    own_system.start()
    address = f"{own_system.base_url}/metrics"
    for wrong in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}):
        assert httpx2.get(address, headers=wrong).status_code == 401
    prometheus = {"Authorization": f"Bearer {TOKEN}", "Host": "10.1.2.3:8000"}
    assert "eosvolt_chargers_connected" in httpx2.get(address, headers=prometheus).text
    assert TOKEN not in own_system.run("config", "show").stdout


async def test_no_label_of_the_metrics_is_a_charger_s_choice(system: RunningSystem) -> None:
    api = system.api()
    api.charger(api.location({"strategy": "perKwh", "price": "0.50"}), "LABELS-1")
    async with charger(system.charger_url("LABELS-1")) as cp:
        await cp.call("BootNotification", chargePointVendor="ACME", chargePointModel="AC22")
        for number in range(5):
            api.post("/chargers/LABELS-1/commands", {"type": "clearCache"}, 202)
            asked = await cp.receive()
            await cp.say(orjson.dumps([4, asked[1], f"INVENTED-ERROR-{number}", "", {}]).decode())
            await cp.exchange(f"INVENTED-ACTION-{number}", {})
    assert "INVENTED" not in httpx2.get(f"{system.base_url}/metrics").text


@pytest.mark.parametrize("path", ["/live", "/api/v1/stream"])
def test_one_session_has_only_so_many_streams(system: RunningSystem, path: str) -> None:
    system.create_company(242, "Volt Harbour")
    with (
        httpx2.Client(base_url=system.base_url, headers={"Origin": system.base_url}) as browser,
        contextlib.ExitStack() as streams,
    ):
        entry = {"email": "owner@242.example", "password": OWNER_PASSWORD}
        assert browser.post("/sign-in", data=entry).status_code == 303
        answers = [streams.enter_context(browser.stream("GET", path)) for _ in range(25)]
        assert [answer.status_code for answer in answers] == [200] * 20 + [429] * 5


def test_a_company_is_created_by_the_command_line_and_its_key_opens_the_api(system: RunningSystem) -> None:
    about = ("--email", "owner@707.example", "--owner", "Olga Owner")
    made = system.run("create-company", "707", "Company 707", *about, says=f"{OWNER_PASSWORD}\n")
    assert made.returncode == 0, made.stderr
    key = made.stdout.strip().rsplit(" ", 1)[1]
    answer = httpx2.get(f"{system.base_url}/api/v1/company", headers={"Authorization": f"Bearer {key}"})
    assert answer.json()["id"] == 707
    entry = {"email": "owner@707.example", "password": OWNER_PASSWORD}
    headers = {"Origin": system.base_url}
    assert httpx2.post(f"{system.base_url}/sign-in", data=entry, headers=headers).status_code == 303


def test_a_company_s_password_is_read_and_not_an_argument(system: RunningSystem) -> None:
    file = system.folder / "password"
    file.write_text(f"{OWNER_PASSWORD}\nanother line\n")
    about = ("--email", "owner@705.example", "--owner", "Olga Owner")
    made = system.run("create-company", "705", "Company 705", *about, "--password-file", str(file))
    assert made.returncode == 0, made.stderr
    entry = {"email": "owner@705.example", "password": OWNER_PASSWORD}
    headers = {"Origin": system.base_url}
    assert httpx2.post(f"{system.base_url}/sign-in", data=entry, headers=headers).status_code == 303
    about = ("--email", "owner@706.example", "--owner", "Olga Owner")
    warned = system.run("create-company", "706", "Company 706", *about, "--password", OWNER_PASSWORD)
    assert "seen by everybody" in warned.stderr
    assert "--password " not in system.run("create-company", "--help").stdout
