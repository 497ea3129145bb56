"""The server dies between a command and its answer."""

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
)
from tests.e2e.ocpp.site import Site
from tests.e2e.running import RunningSystem


async def test_after_a_kill_idempotent_commands_are_sent_again_and_others_time_out(
    own_system: RunningSystem,
) -> None:
    own_system.settings = {"EOSVOLT_OCPP_CALL_TIMEOUT": "1"}
    own_system.start()
    site = Site(own_system)
    site.add_charger("A")
    site.add_charger("B")
    async with charger(site.url("A")) as a, charger(site.url("B")) as b:
        await heartbeat(a)
        await heartbeat(b)
        reset = await request_command(site, RESET, "A")
        await received_call(a, "Reset")
        read = await request_command(site, READ, "B")
        await received_call(b, "GetConfiguration")
        own_system.kill()
    own_system.start()
    async with charger(site.url("A")) as a, charger(site.url("B")) as b:
        timed_out = await outcome(site, reset, name="A", patience=60)
        assert (timed_out["state"], timed_out["attempts"]) == ("timedOut", 1)
        await answer(b, await received_call(b, "GetConfiguration"), SETTINGS)
        answered = await outcome(site, read, name="B")
        assert (answered["state"], answered["attempts"]) == ("accepted", 2)
        await request_command(site, CLEAR, "A")
        await answer(a, await received_call(a, "ClearCache"), status="Accepted")
