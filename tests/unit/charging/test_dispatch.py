"""Who brings which command when: the most urgent first, by one gateway only, and nothing that is outdated."""

import asyncio
from datetime import timedelta
from typing import Any

from eosvolt.adapters.http.presentation.explanations import command_reason
from eosvolt.application.commands.dispatch import CommandDispatch
from eosvolt.application.commands.request import CommandDraft
from eosvolt.application.executor import Application
from eosvolt.domain.commands.events import CommandRequested, CommandSent
from eosvolt.projections.charger_commands import CommandRow, charger_commands
from eosvolt.runtime.command_dispatcher import WENT_AWAY, CommandDispatcher
from tests.examples import CHARGE_POINT, COMPANY
from tests.gateway import Charger, Passwords
from tests.scenario import Scenario

HOUR = timedelta(hours=1)


async def asked(s: Scenario, action: str, payload: dict[str, Any] | None = None, *, waits: bool) -> str:
    return await s.commands.request(
        COMPANY, CHARGE_POINT, action, payload or {}, "admin:a1", HOUR, waits=waits
    )


def requests(s: Scenario) -> list[CommandRequested]:
    return [fact.event for fact in s.store.facts if isinstance(fact.event, CommandRequested)]


def row(s: Scenario, command: str) -> CommandRow:
    found = s.models.row(charger_commands, command)
    assert found is not None
    return found


async def settled(s: Scenario, command: str, state: str) -> CommandRow:
    """The command once the dispatcher has done what it does at once."""
    async with asyncio.timeout(30):
        while row(s, command).state != state:
            await asyncio.sleep(0)
    return row(s, command)


def profile(limit: int) -> dict[str, Any]:
    schedule = {"chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}]}
    purpose = {"chargingProfilePurpose": "TxDefaultProfile", "stackLevel": 0}
    return {"plug": 1, "chargingProfile": {**purpose, "chargingSchedule": schedule}}


def limit(payload: dict[str, Any]) -> float:
    return float(payload["chargingProfile"]["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"])


async def test_of_two_gateways_that_both_believe_to_hold_a_charger_only_one_sends() -> None:
    s = await Scenario().opened()
    command = await asked(s, "reset", waits=False)
    chargers = [Charger(), Charger()]
    gateways = [
        CommandDispatch(Application(s.store), s.clock, each, Passwords(), s.results) for each in chargers
    ]
    await asyncio.gather(*(gateway.deliver(command) for gateway in gateways))
    assert sorted(len(each.requests) for each in chargers) == [0, 1]
    assert len(s.events(CommandSent)) == 1


async def test_a_gateway_leaves_the_chargers_of_others_alone() -> None:
    s = await Scenario().opened()
    command = await asked(s, "reset", waits=False)
    s.charger.online = False
    await s.dispatch.deliver(command)
    assert row(s, command).state == "queued"


async def test_what_does_not_wait_fails_when_its_charger_leaves_and_the_rest_stays() -> None:
    s = await Scenario().opened()
    s.charger.online = False
    dispatcher = CommandDispatcher(s.dispatch, s.charger, 20)
    impatient, patient = await asked(s, "reset", waits=False), await asked(s, "clearCache", waits=True)
    for request in requests(s):
        dispatcher.take(request)
    dispatcher.left(CHARGE_POINT)
    assert (await settled(s, impatient, "failed")).explanation == WENT_AWAY
    assert row(s, patient).state == "queued"
    s.charger.online = True
    dispatcher.arrived(CHARGE_POINT, started=True)
    await settled(s, patient, "accepted")
    assert s.charger.requests == [("clearCache", {})]
    await dispatcher.stop()


async def test_what_was_about_to_be_sent_when_the_charger_left_is_not_forgotten() -> None:
    s = await Scenario().opened()
    dispatcher = CommandDispatcher(s.dispatch, s.charger, 5)
    wanted = CommandDraft("clearCache", {}, "admin:a1", HOUR, waits=True, batch="b1")
    await s.commands.request_all(COMPANY, [CHARGE_POINT], wanted)
    (request,) = requests(s)
    dispatcher.take(request)
    await asyncio.sleep(0)
    s.charger.online = False
    await asyncio.sleep(0.3)
    assert row(s, request.command).state == "queued"
    s.charger.online = True
    dispatcher.arrived(CHARGE_POINT, started=True)
    await settled(s, request.command, "accepted")
    await dispatcher.stop()


async def test_what_does_not_wait_fails_when_its_charger_left_just_before_it_was_sent() -> None:
    s = await Scenario().opened()
    command = await asked(s, "clearCache", waits=False)
    dispatcher = CommandDispatcher(s.dispatch, s.charger, 5)
    dispatcher.take(requests(s)[0])
    s.charger.online = False
    dispatcher.left(CHARGE_POINT)
    assert (await settled(s, command, "failed")).explanation == WENT_AWAY
    await dispatcher.stop()


async def test_a_charger_that_came_a_moment_ago_can_be_asked_before_its_arrival_is_written_down() -> None:
    s = await Scenario().opened()
    await s.disconnects(0)
    s.charger.online = True
    command = await asked(s, "clearCache", waits=False)
    assert row(s, command).state == "queued"


async def test_a_charger_that_has_started_is_brought_the_most_urgent_first() -> None:
    s = await Scenario().opened()
    s.charger.online = False
    dispatcher = CommandDispatcher(s.dispatch, s.charger, 20)
    for action in ("getConfiguration", "reset", "unlock", "clearCache"):
        await asked(s, action, {"plug": 1} if action == "unlock" else {}, waits=True)
        s.clock.step(timedelta(seconds=1))
    for request in requests(s):
        dispatcher.take(request)
    s.charger.online = True
    dispatcher.arrived(CHARGE_POINT, started=True)
    await settled(s, requests(s)[0].command, "accepted")
    assert [action for action, _ in s.charger.requests] == [
        "unlock",
        "reset",
        "clearCache",
        "getConfiguration",
    ]
    await dispatcher.stop()


async def test_an_older_profile_that_comes_back_to_the_queue_after_the_newer_was_sent_is_dropped() -> None:
    s = await Scenario().opened()
    dispatcher = CommandDispatcher(s.dispatch, s.charger, 20)
    s.charger.online = False
    older = await asked(s, "setChargingProfile", profile(16), waits=True)
    s.clock.step(timedelta(seconds=1))
    newer = await asked(s, "setChargingProfile", profile(10), waits=True)
    first, second = requests(s)
    s.charger.online = True
    dispatcher.take(second)
    await settled(s, newer, "accepted")
    dispatcher.take(first, again=True)
    dropped = await settled(s, older, "failed")
    assert command_reason(dropped) == "Superseded by a newer charging profile."
    assert [limit(payload) for _, payload in s.charger.requests] == [10]
    await dispatcher.stop()


async def test_the_same_for_many_is_asked_all_or_nothing_and_each_refusal_is_an_outcome() -> None:
    s = await Scenario().opened()
    secret = {"key": "AuthorizationKey", "value": "0123456789abcdef"}
    from_outside = [CHARGE_POINT, f"{COMPANY}/NOBODY"]
    wanted = CommandDraft("changeConfiguration", secret, "admin:a1", HOUR, batch="b1")
    await s.commands.request_all(COMPANY, from_outside, wanted)
    assert {row(s, f"b1-{n}").state for n in (1, 2)} == {"failed"}
    assert command_reason(row(s, "b1-2")) == "There is no charger NOBODY."
    assert all("0123456789abcdef" not in repr(fact) for fact in s.store.facts)
    before = len(s.store.facts)
    await s.commands.request_all(COMPANY, from_outside, wanted)
    assert len(s.store.facts) == before
