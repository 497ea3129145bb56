"""What can only be seen from inside: priorities, the inbox, deadlines, counters, the strict mode."""

import asyncio
from collections import Counter
from datetime import timedelta
from hashlib import sha256
from typing import Any

import orjson
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from eosvolt.adapters.ocpp.conversation import INBOX
from eosvolt.adapters.ocpp.endpoint import OcppSettings
from eosvolt.application.commands.gateway import CallFailed, NotConnected, TimedOut
from eosvolt.domain.charge_points.events import (
    ChargePointBooted,
    ChargePointConnected,
    ChargePointDisconnected,
    ConnectorReported,
)
from tests.e2e.ocpp.charger import Charger, charger
from tests.e2e.ocpp.inside.gateway import Gateway, serving
from tests.e2e.ocpp.site import until

STATUS: dict[str, Any] = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
WAIT = timedelta(seconds=5)


def frame(id_: int | str, payload: dict[str, Any]) -> str:
    return orjson.dumps([2, str(id_), "StatusNotification", payload]).decode()


async def say_yes(cp: Charger, ours: list[Any]) -> None:
    status = "Unlocked" if ours[2] == "UnlockConnector" else "Accepted"
    await cp.say(orjson.dumps([3, ours[1], {"status": status}]).decode())


async def test_the_urgent_command_goes_first_and_one_is_outstanding_at_a_time(gateway: Gateway) -> None:
    key = await gateway.add_charger("CP-1")
    heard = []
    async with charger(gateway.url("242/CP-1")) as cp:
        await until(lambda: gateway.connections.holds(key))
        sendings = [asyncio.create_task(gateway.connections.send(key, "clearCache", {}, WAIT))]
        ours = await cp.receive()
        for action, payload in (("getConfiguration", {}), ("remoteStop", {"transaction": 7})):
            sendings.append(asyncio.create_task(gateway.connections.send(key, action, payload, WAIT)))
            await asyncio.sleep(0.05)
        heard.append(ours[2])
        for _ in range(2):
            await say_yes(cp, ours)
            ours = await cp.receive()
            heard.append(ours[2])
        await say_yes(cp, ours)
        assert [answer.accepted for answer in await asyncio.gather(*sendings)] == [True] * 3
    assert heard == ["ClearCache", "RemoteStopTransaction", "GetConfiguration"]


async def test_a_command_is_not_sent_after_it_has_waited_too_long(gateway: Gateway) -> None:
    key = await gateway.add_charger("CP-1")
    async with charger(gateway.url("242/CP-1")) as cp:
        await until(lambda: gateway.connections.holds(key))
        first = asyncio.create_task(gateway.connections.send(key, "clearCache", {}, timedelta(seconds=0.4)))
        await cp.receive()
        waiting = asyncio.create_task(gateway.connections.send(key, "reset", {}, timedelta(seconds=0.2)))
        with pytest.raises(CallFailed, match="busy"):
            await waiting
        with pytest.raises(TimedOut):
            await first
        third = asyncio.create_task(gateway.connections.send(key, "unlock", {"plug": 1}, WAIT))
        ours = await cp.receive()
        assert ours[2] == "UnlockConnector"
        await say_yes(cp, ours)
        assert (await third).accepted


async def test_a_lost_connection_ends_every_command(gateway: Gateway) -> None:
    key = await gateway.add_charger("CP-1")
    async with charger(gateway.url("242/CP-1")) as cp:
        await until(lambda: gateway.connections.holds(key))
        sendings = [
            asyncio.create_task(gateway.connections.send(key, "clearCache", {}, WAIT)) for _ in range(2)
        ]
        await cp.receive()
    for sending in sendings:
        with pytest.raises(NotConnected):
            await sending
    with pytest.raises(NotConnected):
        await gateway.connections.send(key, "clearCache", {}, WAIT)


@pytest.mark.parametrize(
    ("action", "payload"),
    [("fly", {}), ("unlock", {}), ("unlock", {"plug": "one"}), ("remoteStart", {"token": "x" * 21})],
)
async def test_a_command_that_cannot_be_encoded_fails_with_a_sentence(
    gateway: Gateway, action: str, payload: dict[str, Any]
) -> None:
    key = await gateway.add_charger("CP-1")
    async with charger(gateway.url("242/CP-1")):
        await until(lambda: gateway.connections.holds(key))
        with pytest.raises(CallFailed, match=f"The command '{action}' does not work like this"):
            await gateway.connections.send(key, action, payload, WAIT)
    assert not any(kept.direction == "out" for kept in gateway.frames)


@pytest.mark.parametrize("name", ["AuthorizationKey", " authorizationKEY\N{NO-BREAK SPACE}"])
async def test_a_password_on_its_way_to_a_charger_is_not_kept(gateway: Gateway, name: str) -> None:
    key = await gateway.add_charger("CP-1")
    secret = {"key": name, "value": "0123456789abcdef"}
    async with charger(gateway.url("242/CP-1")) as cp:
        await until(lambda: gateway.connections.holds(key))
        sending = asyncio.create_task(gateway.connections.send(key, "changeConfiguration", secret, WAIT))
        ours = await cp.receive()
        assert ours[3] == secret
        await say_yes(cp, ours)
        assert (await sending).accepted
    kept = [kept.text for kept in gateway.frames if kept.action == "ChangeConfiguration"]
    assert len(kept) == 2
    assert not any(secret["value"] in text for text in kept)


async def test_a_flood_fills_the_inbox_and_no_further_and_nothing_of_it_is_lost(gateway: Gateway) -> None:
    key = await gateway.add_charger("CP-1")
    flood = 4 * INBOX
    async with charger(gateway.url("242/CP-1"), max_queue=None) as cp:
        await cp.call("StatusNotification", **STATUS)
        gateway.store.there.clear()
        for number in range(flood):
            await cp.say(frame(number, STATUS | {"status": "Available" if number % 2 else "Preparing"}))
        conversation = gateway.connections._by_charge_point[key]
        await until(conversation._inbox.full)
        gateway.store.there.set()
        assert [(await cp.receive())[1] for _ in range(flood)] == [str(number) for number in range(flood)]
    assert len(gateway.events(ConnectorReported)) == flood + 1


async def test_what_a_charger_said_before_its_line_broke_is_done(gateway: Gateway) -> None:
    key = await gateway.add_charger("CP-1")
    async with charger(gateway.url("242/CP-1")) as cp:
        await cp.call("StatusNotification", **STATUS)
        gateway.store.there.clear()
        await cp.say(frame("last words", STATUS | {"status": "Charging"}))
        assert "currentTime" in await cp.call("Heartbeat")
        cp.socket.transport.abort()
        await until(lambda: not gateway.connections.holds(key))
    gateway.store.there.set()
    await until(lambda: len(gateway.events(ChargePointDisconnected)) == 1)
    assert len(gateway.events(ConnectorReported)) == 2
    assert gateway.frames.outcomes("StatusNotification", "out") == ["sent", "undelivered"]


async def test_a_connection_that_is_noted_late_is_not_later_than_what_was_said_over_it(
    gateway: Gateway,
) -> None:
    key = await gateway.add_charger("CP-1")
    turn = gateway.connections.turn(key)
    await turn.acquire()
    async with charger(gateway.url("242/CP-1")) as cp:
        boot = {"chargePointVendor": "ACME", "chargePointModel": "AC22"}
        await cp.say(orjson.dumps([2, "boot", "BootNotification", boot]).decode())
        assert "currentTime" in await cp.call("Heartbeat")
        turn.release()
        assert (await cp.receive())[1] == "boot"
    (connected,), (booted,) = gateway.events(ChargePointConnected), gateway.events(ChargePointBooted)
    assert isinstance(connected.event, ChargePointConnected)
    assert isinstance(booted.event, ChargePointBooted)
    assert connected.event.at <= booted.event.at


async def test_an_event_carries_the_digest_of_the_frame_it_came_from(gateway: Gateway) -> None:
    await gateway.add_charger("CP-1")
    async with charger(gateway.url("242/CP-1")) as cp:
        await cp.call("StatusNotification", **STATUS)
    (reported,) = gateway.events(ConnectorReported)
    (said,) = [
        kept for kept in gateway.frames if (kept.action, kept.direction) == ("StatusNotification", "in")
    ]
    assert reported.why.frame == sha256(said.text.encode()).hexdigest()


async def test_too_many_connections_within_a_minute_are_noticed(gateway: Gateway) -> None:
    await gateway.add_charger("CP-1")
    for _ in range(7):
        async with charger(gateway.url("242/CP-1")) as cp:
            await cp.call("Heartbeat")
    assert gateway.counters.flapping == 1


async def test_a_charger_that_may_not_be_here_any_more_is_closed(gateway: Gateway) -> None:
    key = await gateway.add_charger("CP-1")
    async with charger(gateway.url("242/CP-1")) as cp:
        await until(lambda: gateway.connections.holds(key))
        await gateway.connections.disconnect(key)
        with pytest.raises(ConnectionClosed) as closed:
            await cp.receive()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008
    await until(lambda: not gateway.connections.holds(key))


async def test_what_goes_through_the_endpoint_is_counted(gateway: Gateway) -> None:
    await gateway.add_charger("CP-1")
    async with charger(gateway.url("242/CP-1")) as cp:
        await cp.call("StatusNotification", **STATUS)
        await cp.call("Authorize", idTag=5)
        await cp.exchange("FooBar" + "x" * 20, {})
        assert gateway.counters.connected == 1
    await until(lambda: gateway.counters.connected == 0)
    assert gateway.counters.messages["in", "StatusNotification", "answered"] == 1
    assert gateway.counters.messages["in", "Authorize", "repaired"] == 1
    assert gateway.counters.messages["in", "", "error:NotImplemented"] == 1
    assert gateway.counters.repairs == {"type": 1}
    with pytest.raises(InvalidStatus):
        async with charger(gateway.url("242/CP-2")):
            pass
    assert gateway.counters.refusals == {404: 1}


async def test_an_application_that_cannot_authenticate_asks_to_come_again(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(company: int, charge_box_id: str) -> None:
        raise OSError(f"no database to look for {company}/{charge_box_id}")

    monkeypatch.setattr(gateway.charging, "admit", away)
    with pytest.raises(InvalidStatus) as refused:
        async with charger(gateway.url("242/CP-1")):
            pass
    assert refused.value.response.status_code == 503
    assert refused.value.response.headers["Retry-After"] == "30"


async def test_what_could_not_be_stored_is_not_acknowledged(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    await gateway.add_charger("CP-1")
    async with charger(gateway.url("242/CP-1")) as cp:
        await cp.call("StatusNotification", **STATUS)

        async def broken(*_: object) -> int:
            raise OSError("the disk is full")

        with monkeypatch.context() as patch:
            patch.setattr(gateway.store, "append", broken)
            answer = await cp.exchange("StatusNotification", STATUS | {"status": "Faulted"}, "again")
            assert answer[2] == "InternalError"
        answer = await cp.exchange("StatusNotification", STATUS | {"status": "Faulted"}, "again")
        assert answer == [3, "again", {}]


async def test_chargers_that_want_the_same_token_at_once_all_get_their_turn(gateway: Gateway) -> None:
    await gateway.add_token("TAG")
    start = {"connectorId": 1, "idTag": "TAG", "meterStart": 0, "timestamp": "2026-11-21T09:00:00Z"}

    async def begin(name: str) -> dict[str, Any]:
        async with charger(gateway.url(f"242/{name}")) as cp:
            return await cp.call("StartTransaction", **start)

    names = [f"CP-{number}" for number in range(60)]
    for name in names:
        await gateway.add_charger(name)
    answers = await asyncio.gather(*map(begin, names))
    assert len({answer["transactionId"] for answer in answers}) == 60
    assert Counter(answer["idTagInfo"]["status"] for answer in answers) == {"Accepted": 1, "ConcurrentTx": 59}


async def test_the_strict_mode_mends_nothing_but_refuses_no_transaction() -> None:
    async with serving(OcppSettings(strict=True, heartbeat_seconds=77)) as gateway:
        await gateway.add_charger("CP-1")
        async with charger(gateway.url("242/CP-1")) as cp:
            boot = await cp.call("BootNotification", chargePointVendor="A", chargePointModel="B")
            assert boot["interval"] == 77
            assert (await cp.exchange("Authorize", {"idTag": 5}))[2] == "TypeConstraintViolation"
            assert (await cp.exchange("Heartbeat", {"x": 1}))[2] == "FormationViolation"
            value = {"timestamp": "2026-11-21T10:00:00Z", "sampledValue": [{"value": 3000}]}
            assert await cp.call("MeterValues", connectorId=1, meterValue=[value]) == {}
        assert gateway.frames.outcomes("MeterValues") == ["unparsed"]
