"""A command's life over a real socket: in order, in time, at most once where twice would do harm."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.e2e.ocpp.charger import charger
from tests.e2e.ocpp.command_exchange import (
    CLEAR,
    READ,
    RESET,
    SETTINGS,
    answer,
    heartbeat,
    outcome,
    received_call,
    request_command,
    view,
)
from tests.e2e.ocpp.site import Site, until
from tests.e2e.running import RunningSystem
from tests.postgres_server import fresh_database

BOOT = {"chargePointVendor": "V", "chargePointModel": "M"}


@pytest.fixture(scope="module")
def impatient(
    postgres: str, _migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningSystem]:
    """A server that waits two seconds for an answer, and no longer."""
    with fresh_database(postgres, template=_migrated) as address:
        running = RunningSystem(address, tmp_path_factory.mktemp("impatient"))
        running.settings = {"EOSVOLT_OCPP_CALL_TIMEOUT": "2"}
        running.start()
        try:
            yield running
        finally:
            running.close()


@pytest.fixture
def hasty(impatient: RunningSystem) -> Site:
    site = Site(impatient)
    site.add_charger()
    return site


def profile(limit: float, level: int = 0) -> dict[str, object]:
    schedule = {"chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}]}
    return {
        "type": "setChargingProfile",
        "plug": 1,
        "chargingProfile": {
            "chargingProfileId": 1,
            "stackLevel": level,
            "chargingProfilePurpose": "TxDefaultProfile",
            "chargingProfileKind": "Absolute",
            "chargingSchedule": {"startSchedule": "2026-01-01T00:00:00Z", **schedule},
        },
    }


async def test_a_command_to_a_charger_that_is_disconnected_fails_at_once_and_never_reaches_it(
    site: Site,
) -> None:
    """Evcc and SteVe: commands to absent chargers must not pile up."""
    site.add_charger()
    command = await request_command(site, RESET)
    failed = await view(site, command)
    assert (failed["state"], failed["reason"]) == ("failed", "The charger is not connected.")
    async with charger(site.url()) as cp:
        await cp.call("BootNotification", **BOOT)
        await request_command(site, CLEAR)
        await answer(cp, await received_call(cp, "ClearCache"), status="Accepted")


async def test_what_waits_for_a_charger_is_brought_by_urgency_and_then_by_age(site: Site) -> None:
    site.add_charger()
    start = {"type": "remoteStart", "token": "T", "plug": 1}
    commands = [
        await request_command(site, body, wait="true", expiresIn=600) for body in (READ, RESET, CLEAR, start)
    ]
    assert {(await view(site, command))["state"] for command in commands} == {"queued"}
    async with charger(site.url()) as cp:
        await cp.call("BootNotification", **BOOT)
        for action in ("RemoteStartTransaction", "Reset", "ClearCache"):
            await answer(cp, await received_call(cp, action), status="Rejected")
        await answer(cp, await received_call(cp, "GetConfiguration"), SETTINGS)
        states = [(await outcome(site, command))["state"] for command in commands]
    assert states == ["accepted", "rejected", "rejected", "rejected"]


async def test_a_charger_that_only_reconnects_is_brought_what_waited_as_well(site: Site) -> None:
    site.add_charger()
    command = await request_command(site, CLEAR, wait="true", expiresIn=600)
    async with charger(site.url()) as cp:
        await answer(cp, await received_call(cp, "ClearCache"), status="Accepted")
        assert (await outcome(site, command))["attempts"] == 1


async def test_a_charger_that_is_back_just_after_the_expiry_gets_nothing(site: Site) -> None:
    """CitrineOS PR #772: a stale Reset was delivered minutes later."""
    site.add_charger()
    stale = await request_command(site, RESET, wait="true", expiresIn=1)
    await asyncio.sleep(1.1)  # the expiry is what the test is about
    async with charger(site.url()) as cp:
        await cp.call("BootNotification", **BOOT)
        await request_command(site, CLEAR)
        await answer(cp, await received_call(cp, "ClearCache"), status="Accepted")
        expired = await outcome(site, stale)
    assert expired["state"] == "expired"
    assert "sentAt" not in expired


async def test_a_command_behind_an_unanswered_one_expires_instead_of_coming_late(site: Site) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        await heartbeat(cp)
        first = await request_command(site, RESET)
        asked = await received_call(cp, "Reset")
        second = await request_command(site, CLEAR, expiresIn=1)
        assert (await outcome(site, second))["state"] == "expired"
        await answer(cp, asked, status="Accepted")
        assert (await outcome(site, first))["state"] == "accepted"
        await request_command(site, READ)
        await answer(cp, await received_call(cp, "GetConfiguration"), SETTINGS)


async def test_of_two_waiting_profiles_for_the_same_slot_only_the_newer_is_brought(site: Site) -> None:
    site.add_charger()
    older = await request_command(site, profile(16), wait="true", expiresIn=600)
    other_level = await request_command(site, profile(20, level=1), wait="true", expiresIn=600)
    newer = await request_command(site, profile(10), wait="true", expiresIn=600)
    superseded = await outcome(site, older)
    assert (superseded["state"], superseded["reason"]) == (
        "failed",
        "Superseded by a newer charging profile.",
    )
    async with charger(site.url()) as cp:
        await cp.call("BootNotification", **BOOT)
        limits = []
        for _ in range(2):
            _, id_, _, payload = await cp.receive()
            schedule = payload["csChargingProfiles"]["chargingSchedule"]
            limits.append(schedule["chargingSchedulePeriod"][0]["limit"])
            await answer(cp, id_, status="Accepted")
        assert limits == [20, 10]
        assert (await outcome(site, newer))["state"] == "accepted"
        assert (await outcome(site, other_level))["state"] == "accepted"


async def test_calls_that_cross_each_other_are_both_answered(site: Site) -> None:
    """§7.4 case 17."""
    site.add_charger()
    async with charger(site.url()) as cp:
        await heartbeat(cp)
        command = await request_command(site, CLEAR)
        asked = await received_call(cp, "ClearCache")
        boot = await cp.call("BootNotification", **BOOT)
        assert boot["status"] == "Accepted"
        await answer(cp, asked, status="Accepted")
        assert (await outcome(site, command))["state"] == "accepted"


async def test_an_unanswered_command_times_out_and_the_next_may_come(hasty: Site) -> None:
    """§7.4 case 18."""
    async with charger(hasty.url()) as cp:
        await heartbeat(cp)
        silent = await request_command(hasty, RESET)
        await received_call(cp, "Reset")
        after = await request_command(hasty, CLEAR)
        await answer(cp, await received_call(cp, "ClearCache"), status="Accepted")
        timed_out = await outcome(hasty, silent)
        assert (timed_out["state"], timed_out["attempts"]) == ("timedOut", 1)
        assert (await outcome(hasty, after))["state"] == "accepted"


async def test_a_late_answer_is_kept_beside_the_outcome(hasty: Site) -> None:
    """Evcc #15874: some chargers take a minute to answer."""
    async with charger(hasty.url()) as cp:
        await heartbeat(cp)
        command = await request_command(hasty, RESET)
        asked = await received_call(cp, "Reset")
        await outcome(hasty, command, "timedOut")
        await answer(cp, asked, status="Accepted")
        async with asyncio.timeout(30):
            while "answeredAt" not in (late := await view(hasty, command)):
                await asyncio.sleep(0.05)
    assert (late["state"], late["late"], late["reason"]) == ("timedOut", True, "Answered late: accepted.")
    assert late["response"] == {"status": "Accepted"}


async def test_a_late_answer_to_a_remote_start_still_leads_to_its_session(hasty: Site) -> None:
    token = hasty.add_token()
    async with charger(hasty.url()) as cp:
        await heartbeat(cp)
        command = await request_command(hasty, {"type": "remoteStart", "token": token, "plug": 1})
        asked = await received_call(cp, "RemoteStartTransaction")
        await outcome(hasty, command, "timedOut")
        await answer(cp, asked, status="Accepted")
        await until(lambda: bool(hasty.api().get("/commands", charger=hasty.box())["items"][0].get("late")))
        started = await cp.call(
            "StartTransaction", connectorId=1, idTag=token, meterStart=0, timestamp="2026-11-21T09:00:00Z"
        )
        async with asyncio.timeout(30):
            while "result" not in (kept := await view(hasty, command)):
                await asyncio.sleep(0.05)
    assert kept["result"] == {"sessionId": str(started["transactionId"])}
    assert kept["state"] == "timedOut"


async def test_a_question_that_was_not_answered_is_asked_again(hasty: Site) -> None:
    async with charger(hasty.url()) as cp:
        await heartbeat(cp)
        command = await request_command(hasty, READ)
        first = await received_call(cp, "GetConfiguration")
        second = await received_call(cp, "GetConfiguration")
        assert second != first
        await answer(cp, second, SETTINGS)
        answered = await outcome(hasty, command)
    assert (answered["state"], answered["attempts"]) == ("accepted", 2)


async def test_nothing_is_asked_more_than_three_times(hasty: Site) -> None:
    async with charger(hasty.url()) as cp:
        await heartbeat(cp)
        command = await request_command(hasty, READ)
        for _ in range(3):
            await received_call(cp, "GetConfiguration")
        given_up = await outcome(hasty, command)
        assert (given_up["state"], given_up["attempts"]) == ("timedOut", 3)
        await request_command(hasty, CLEAR)
        await answer(cp, await received_call(cp, "ClearCache"), status="Accepted")


async def test_a_reset_on_a_replaced_connection_has_failed_and_a_question_is_asked_again(site: Site) -> None:
    """mobilityhouse/ocpp #626, bmw-wallbox-ha PR #17: the call died with its connection."""
    site.add_charger()
    async with charger(site.url()) as old:
        await heartbeat(old)
        reset = await request_command(site, RESET)
        await received_call(old, "Reset")
        async with charger(site.url()) as new:
            await heartbeat(new)
            failed = await outcome(site, reset)
            assert failed["state"] == "failed"
            assert failed["reason"] == "The connection was lost before the charger answered."
            read = await request_command(site, READ)
            await received_call(new, "GetConfiguration")
            async with charger(site.url()) as newest:
                await answer(newest, await received_call(newest, "GetConfiguration"), SETTINGS)
                answered = await outcome(site, read)
    assert (answered["state"], answered["attempts"]) == ("accepted", 2)


async def test_a_repeated_wish_is_one_command_even_if_the_first_answer_was_never_remembered(
    site: Site,
) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        await heartbeat(cp)
        first = await request_command(site, CLEAR, key=f"{site.mark}-once")
        await answer(cp, await received_call(cp, "ClearCache"), status="Accepted")
        site.system.sql("DELETE FROM idempotency_keys")
        again = await request_command(site, CLEAR, key=f"{site.mark}-once")
        await request_command(site, RESET)
        await answer(cp, await received_call(cp, "Reset"), status="Accepted")
    assert again == first
    assert len(site.api().get("/commands", charger=site.box())["items"]) == 2
