"""Remote start, remote stop and unlock end in what they were asked for, or in a reason why not."""

import asyncio
from typing import Any

import pytest

from tests.e2e.ocpp.charger import Charger, charger
from tests.e2e.ocpp.command_exchange import answer, heartbeat, outcome, received_call, request_command, view
from tests.e2e.ocpp.site import Site, until

BEGUN = "2026-11-21T09:00:00Z"


async def begin(cp: Charger, token: str) -> int:
    started = await cp.call("StartTransaction", connectorId=1, idTag=token, meterStart=1000, timestamp=BEGUN)
    return int(started["transactionId"])


async def ask(site: Site, cp: Charger, body: dict[str, Any], action: str, status: str) -> str:
    """Ask for a command, let the charger answer, and return its id once it is answered."""
    command = await request_command(site, body)
    await answer(cp, await received_call(cp, action), status=status)
    await outcome(site, command)
    return command


async def result(site: Site, command: str, patience: float = 30.0) -> dict[str, Any]:
    """What an accepted command led to, once that is known."""
    async with asyncio.timeout(patience):
        while "result" not in (found := await view(site, command)):
            await asyncio.sleep(0.1)
    assert found["state"] == "accepted"
    kept: dict[str, Any] = found["result"]
    return kept


async def test_an_accepted_remote_start_leads_to_its_session(site: Site) -> None:
    """TC_010."""
    site.add_charger()
    token = site.add_token()
    async with charger(site.url()) as cp:
        await heartbeat(cp)
        body = {"type": "remoteStart", "token": token, "plug": 1}
        command = await ask(site, cp, body, "RemoteStartTransaction", "Accepted")
        number = await begin(cp, token)
        assert await result(site, command) == {"sessionId": str(number)}
        assert site.api().get(f"/sessions/{number}")["commandId"] == command


async def test_a_start_that_overtakes_the_answer_confirms_its_command_as_well(site: Site) -> None:
    site.add_charger()
    token = site.add_token()
    async with charger(site.url()) as cp:
        await heartbeat(cp)
        command = await request_command(site, {"type": "remoteStart", "token": token, "plug": 1})
        asked = await received_call(cp, "RemoteStartTransaction")
        number = await begin(cp, token)
        await answer(cp, asked, status="Accepted")
        await outcome(site, command)
        assert await result(site, command) == {"sessionId": str(number)}


async def test_a_rejected_remote_start_says_so_and_waits_for_no_session(site: Site) -> None:
    """TC_026."""
    site.add_charger()
    token = site.add_token()
    async with charger(site.url()) as cp:
        await heartbeat(cp)
        body = {"type": "remoteStart", "token": token, "plug": 1}
        command = await ask(site, cp, body, "RemoteStartTransaction", "Rejected")
        assert (await view(site, command))["state"] == "rejected"
        number = await begin(cp, token)
        found = site.api().client
        await until(lambda: found.get(f"/sessions/{number}").status_code == 200)
        assert "commandId" not in site.api().get(f"/sessions/{number}")


async def test_a_remote_start_with_a_blocked_token_is_recorded_without_effect(site: Site) -> None:
    site.add_charger()
    site.api().post("/tokens", {"uid": site.tag("BLOCKED"), "status": "blocked"})
    async with charger(site.url()) as cp:
        await heartbeat(cp)
        body = {"type": "remoteStart", "token": site.tag("BLOCKED"), "plug": 1}
        command = await ask(site, cp, body, "RemoteStartTransaction", "Accepted")
        number = await begin(cp, site.tag("BLOCKED"))
        reason = f"Session {number} began, but its token may not charge here: Blocked."
        assert await result(site, command) == {"reason": reason}


async def test_without_a_cable_a_remote_start_ends_in_a_reason_after_the_charger_s_own_time_out(
    site: Site,
) -> None:
    """TC_011: the charger says ConnectionTimeOut, and half a minute more is waited."""
    site.add_charger()
    token = site.add_token()
    async with charger(site.url()) as cp:
        await cp.call("StatusNotification", connectorId=1, errorCode="NoError", status="Available")
        command = await request_command(site, {"type": "getConfiguration", "key": ["ConnectionTimeOut"]})
        setting = {"key": "ConnectionTimeOut", "readonly": False, "value": "1"}
        await answer(cp, await received_call(cp, "GetConfiguration"), {"configurationKey": [setting]})
        await outcome(site, command)
        body = {"type": "remoteStart", "token": token, "plug": 1}
        command = await ask(site, cp, body, "RemoteStartTransaction", "Accepted")
        led_to = await result(site, command, patience=60)
        assert led_to["reason"].startswith("No session began before ")
        assert led_to["reason"].endswith(": no cable was plugged in.")
        number = await begin(cp, token)
        await until(
            lambda: "sessionId" in site.api().get("/commands", charger=site.box())["items"][0]["result"]
        )
        assert site.api().get(f"/sessions/{number}")["commandId"] == command


async def test_an_accepted_remote_stop_ends_the_session_by_its_own_stop(site: Site) -> None:
    """TC_012."""
    site.add_charger()
    token = site.add_token()
    async with charger(site.url()) as cp:
        number = await begin(cp, token)
        body = {"type": "remoteStop", "sessionId": str(number)}
        command = await ask(site, cp, body, "RemoteStopTransaction", "Accepted")
        assert (await view(site, command))["state"] == "accepted"
        stop = {"meterStop": 3000, "timestamp": "2026-11-21T10:00:00Z", "reason": "Remote"}
        await cp.call("StopTransaction", transactionId=number, **stop)
        await until(lambda: site.api().get(f"/sessions/{number}").get("energyWh") == 2000)


async def test_a_session_that_its_charger_forgot_is_ended_by_the_operator(site: Site) -> None:
    """TC_028; a stop that still comes corrects the provisional end."""
    site.add_charger()
    token = site.add_token()
    async with charger(site.url()) as cp:
        number = await begin(cp, token)
        sampled = [{"value": "1500", "measurand": "Energy.Active.Import.Register", "unit": "Wh"}]
        values = [{"timestamp": "2026-11-21T09:30:00Z", "sampledValue": sampled}]
        await cp.call("MeterValues", connectorId=1, transactionId=number, meterValue=values)
        body = {"type": "remoteStop", "sessionId": str(number)}
        command = await ask(site, cp, body, "RemoteStopTransaction", "Rejected")
        assert (await view(site, command))["state"] == "rejected"
        api = site.api()
        reason = {"reason": "The charger has forgotten the session."}
        ended = await asyncio.to_thread(api.post, f"/sessions/{number}/end", reason, 200)
        assert (ended["energyWh"], ended["endedAt"]) == (500, "2026-11-21T09:30:00Z")
        assert api.client.post(f"/sessions/{number}/end", json=reason).status_code == 409
        event_data = [fact["data"] for fact in api.get(f"/sessions/{number}/events")["items"]]
        assert {"Operator"} == {data["reason"] for data in event_data if "reason" in data}
        assert reason["reason"] in {data.get("note") for data in event_data}
        stop = {"meterStop": 3000, "timestamp": "2026-11-21T10:00:00Z", "reason": "Local"}
        await cp.call("StopTransaction", transactionId=number, **stop)
        await until(lambda: api.get(f"/sessions/{number}")["energyWh"] == 2000)


async def test_a_session_of_another_company_cannot_be_ended(site: Site) -> None:
    site.add_charger()
    token = site.add_token()
    async with charger(site.url()) as cp:
        number = await begin(cp, token)
        answered = site.api(243).client.post(f"/sessions/{number}/end", json={"reason": "mine"})
        assert answered.status_code == 404


UNLOCKED = [("Unlocked", "accepted"), ("UnlockFailed", "rejected"), ("NotSupported", "rejected")]


@pytest.mark.parametrize(("status", "state"), UNLOCKED)
async def test_an_unlock_ends_as_the_charger_says(site: Site, status: str, state: str) -> None:
    """TC_017, TC_018, TC_031."""
    site.add_charger()
    async with charger(site.url()) as cp:
        await heartbeat(cp)
        command = await ask(site, cp, {"type": "unlock", "plug": 1}, "UnlockConnector", status)
        found = await view(site, command)
    assert (found["state"], found["response"]) == (state, {"status": status})
