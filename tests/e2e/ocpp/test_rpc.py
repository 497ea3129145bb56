import asyncio
from hashlib import sha256
from typing import Any

import orjson
import pytest
from websockets.exceptions import ConnectionClosed

from eosvolt.adapters.postgres.frame_budget import UNPROCESSED_KEPT
from tests.e2e.ocpp.charger import Charger, charger
from tests.e2e.ocpp.site import Site

STATUS: dict[str, Any] = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
GARBAGE = [
    "",
    "hello",
    "h\x00llo",
    "{}",
    "[]",
    "[2]",
    "null",
    '[2,"1"]',
    '[[2],"1","Heartbeat",{}]',
    "[" * 100_000 + "]" * 100_000,
    '[2,null,"Heartbeat",{"a":NaN}]',
    '[3,"1",{"a":' + "9" * 5_000 + "}]",
    '[2,{"id":1},"Heartbeat",{}]',
    '[7,"1","Heartbeat",{}]',
    '[true,"1","Heartbeat",{}]',
    '[3,"never-asked",{}]',
    '[4,"never-asked","GenericError","",{}]',
    '[5,"1","GenericError","",{}]',
    '[6,"1","NotifyPeriodicEventStream",{}]',
]
UNREADABLE = [
    '[2,"1",["Heartbeat"],{}]',
    '[2,"1",5,{}]',
    '[2,"1","Heartbeat",{},{}]',
    '[2,"1","",{}]',
    '[2,"1","Heartbeat",{"a":NaN}]',
    '[2,"1","Heartbeat",{"a":' + "9" * 5_000 + "}]",
    '[2,"1","MeterValues",{"connectorId":1',
]
BOOT = '[2,"1","BootNotification",{"chargePointVendor":"Wallbe","chargePointModel":"Pro"%s}]'
NEARLY_JSON = {
    "NUL inside a text": BOOT % ',"chargePointSerialNumber":"12345\x00\x00"',
    "NUL behind the end": BOOT % "" + "\x00",
    "line end inside a text": BOOT % ',"iccid":"8949\r\n"',
    "other control characters": "\x02" + BOOT % ',"imsi":"\x1b1"' + "\x03",
    "byte order mark": "\ufeff" + BOOT % "",
    "missing value": BOOT % ',"iccid":,"imsi": ',
}
AGAINST_THE_RULES = {
    "an id that is a number": '[2,17,"Heartbeat",{}]',
    "an id of 37 characters": '[2,"' + "x" * 37 + '","Heartbeat",{}]',
    "three elements": '[2,"1","Heartbeat"]',
    "five elements": '[2,"1","Heartbeat",{},{}]',
    "null": '[2,"1","Heartbeat",null]',
    "a list": '[2,"1","Heartbeat",[]]',
    "a byte order mark": '\ufeff[2,"1","Heartbeat",{}]',
}


def frame(id_: str, payload: dict[str, Any], action: str = "StatusNotification") -> str:
    return orjson.dumps([2, id_, action, payload]).decode()


async def answer_ours(cp: Charger, payload: dict[str, Any]) -> str:
    """Take the next CALL of the system, answer it and return its action."""
    _, id_, action, _ = await cp.receive()
    await cp.say(orjson.dumps([3, id_, payload]).decode())
    return str(action)


async def test_an_action_that_does_not_exist_is_not_implemented(site: Site) -> None:
    """§7.4 case 13."""
    site.add_charger()
    async with charger(site.url()) as cp:
        answer = await cp.exchange("FooBar", {}, "x")
        assert answer[:3] == [4, "x", "NotImplemented"]
        assert answer[4] == {}
    assert await site.outcomes("FooBar", 1) == ["error:NotImplemented"]


async def test_an_action_that_only_we_may_send_is_not_supported(site: Site) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        answer = await cp.exchange("RemoteStopTransaction", {"transactionId": 1})
        assert answer[2] == "NotSupported"


async def test_garbage_does_not_hurt_the_connection(site: Site) -> None:
    """§7.4 case 14."""
    site.add_charger()
    async with charger(site.url()) as cp:
        for garbage in GARBAGE:
            await cp.say(garbage)
            assert "currentTime" in await cp.call("Heartbeat")
        assert await site.outcomes("Heartbeat", len(GARBAGE)) == ["answered"] * len(GARBAGE)
    kept = [(f.text, f.outcome) for f in site.frames() if f.direction == "in" and not f.action]
    for (text, _), garbage in zip(kept, GARBAGE, strict=True):
        said = garbage.replace("\x00", "\ufffd")
        note = f" … cut: {len(said.encode())} bytes in all, SHA-256 {sha256(said.encode()).hexdigest()}"
        assert text == (said if len(said) <= UNPROCESSED_KEPT else said[:UNPROCESSED_KEPT] + note)
    assert {outcome for _, outcome in kept} == {"ignored", "late"}


@pytest.mark.parametrize("unreadable", UNREADABLE)
async def test_a_call_that_cannot_be_read_but_has_an_id_gets_an_error(site: Site, unreadable: str) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        await cp.say(unreadable)
        assert (await cp.receive())[:3] == [4, "1", "FormationViolation"]
        assert "currentTime" in await cp.call("Heartbeat")


@pytest.mark.parametrize(
    "text", ['[2,"7","Heartbeat",null]', '[2,"7","Heartbeat"]', '[2,"7","Heartbeat",{}]']
)
async def test_an_absent_payload_is_an_empty_one(site: Site, text: str) -> None:
    """§7.4 case 15."""
    site.add_charger(conformance="tolerant")
    async with charger(site.url()) as cp:
        await cp.say(text)
        assert (await cp.receive())[:2] == [3, "7"]


@pytest.mark.parametrize("what", NEARLY_JSON)
async def test_what_is_nearly_json_is_answered(site: Site, what: str) -> None:
    """Field case evcc #3685: a boot that is not answered is sent for ever."""
    site.add_charger(conformance="tolerant")
    async with charger(site.url()) as cp:
        await cp.say(NEARLY_JSON[what])
        answer = await cp.receive()
        assert (answer[:2], answer[2]["status"]) == ([3, "1"], "Accepted")
    (kept,) = await site.outcomes("BootNotification", 1)
    assert kept.startswith("repaired:")


async def test_samples_with_a_missing_value_beside_them_count(site: Site) -> None:
    """Field case lbbrhzn #2032: every MeterValues holds `"transactionId":,` and times without a zone."""
    site.add_charger(conformance="tolerant")
    async with charger(site.url()) as cp:
        await cp.call("BootNotification", chargePointVendor="AEFA", chargePointModel="Home")
        await cp.say(
            '[2,"m1","MeterValues",{"connectorId":1,"transactionId":,"meterValue":[{"timestamp":'
            '"2026-11-21T10:00:00","sampledValue":[{"value":"1750","unit":"Wh"}]}]}]'
        )
        assert await cp.receive() == [3, "m1", {}]
    assert await site.outcomes("MeterValues", 1) == ["repaired:missing-value,null"]


@pytest.mark.parametrize("what", AGAINST_THE_RULES)
async def test_a_strict_charger_s_frames_are_as_the_specification_has_them(site: Site, what: str) -> None:
    """OCPP-J 1.6 §4.1.4 and §4.2."""
    site.add_charger(conformance="strict")
    async with charger(site.url()) as cp:
        await cp.say(AGAINST_THE_RULES[what])
        kind, _, code, *_ = await cp.receive()
        assert (kind, code) == (4, "FormationViolation")
        assert (await cp.exchange("Heartbeat", {}, "x" * 36))[:2] == [3, "x" * 36]


async def test_ids_come_back_as_they_were_sent(site: Site) -> None:
    site.add_charger(conformance="tolerant")
    async with charger(site.url()) as cp:
        for id_ in (17, "x" * 36, "x" * 200, "ünï"):
            assert (await cp.exchange("Heartbeat", {}, id_))[:2] == [3, id_]


async def test_a_binary_frame_is_read_like_a_text_frame(site: Site) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        await cp.say(b'[2,"1","Heartbeat",{}]')
        assert (await cp.receive())[:2] == [3, "1"]


async def test_a_text_with_a_nul_character_is_taken_without_it(site: Site) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        await cp.call("StatusNotification", **STATUS, info="a\x00b")
        (reported,) = site.events("connector-reported")
        assert reported["info"] == "ab"
    assert await site.outcomes("StatusNotification", 1) == ["answered"]


async def test_a_frame_of_300_kib_closes_the_connection(site: Site) -> None:
    """§7.4 case 16."""
    site.add_charger()
    async with charger(site.url()) as cp:
        await cp.say(frame("1", {"vendorId": "V", "data": "x" * 300 * 1024}, "DataTransfer"))
        with pytest.raises(ConnectionClosed) as closed:
            await cp.receive()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


async def test_calls_sent_back_to_back_are_answered_in_order(site: Site) -> None:
    """§7.4 case 17."""
    site.add_charger()
    async with charger(site.url()) as cp:
        for number in range(20):
            await cp.say(frame(str(number), STATUS | {"status": "Available" if number % 2 else "Preparing"}))
        assert [(await cp.receive())[1] for _ in range(20)] == [str(number) for number in range(20)]
    statuses = [event["status"] for event in site.events("connector-reported")]
    assert statuses == ["Preparing", "Available"] * 10


async def test_calls_that_cross_each_other_are_both_answered(site: Site) -> None:
    """§7.4 case 17."""
    site.add_charger()
    async with charger(site.url()) as cp:
        await cp.call("StatusNotification", **STATUS)
        sending = asyncio.create_task(site.tell({"type": "clearCache"}))
        _, ours, action, _ = await cp.receive()
        assert action == "ClearCache"
        assert await cp.call("StatusNotification", **STATUS) == {}
        await cp.say(orjson.dumps([3, ours, {"status": "Accepted"}]).decode())
        command = await sending
        assert (command["state"], command["response"]) == ("accepted", {"status": "Accepted"})


async def test_a_call_unanswered_for_half_a_minute_times_out_and_the_next_one_may_go(site: Site) -> None:
    """§7.4 case 18."""
    site.add_charger()
    async with charger(site.url()) as cp:
        await cp.call("StatusNotification", **STATUS)
        sending = asyncio.create_task(site.tell({"type": "clearCache"}, patience=45))
        _, unanswered, action, _ = await cp.receive()
        assert action == "ClearCache"
        assert (await sending)["state"] == "timedOut"
        sending = asyncio.create_task(site.tell({"type": "unlock", "plug": 1}))
        _, current, action, _ = await cp.receive()
        assert action == "UnlockConnector"
        await cp.say(orjson.dumps([3, unanswered, {"status": "Accepted"}]).decode())
        await cp.say(orjson.dumps([3, current, {"status": "UnlockFailed"}]).decode())
        command = await sending
        assert (command["state"], command["response"]) == ("rejected", {"status": "UnlockFailed"})
        assert await site.outcomes("ClearCache", 1) == ["late"]


async def test_an_error_from_the_charger_is_the_command_s_failure(site: Site) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        await cp.call("StatusNotification", **STATUS)
        sending = asyncio.create_task(site.tell({"type": "clearCache"}))
        ours = await cp.receive()
        await cp.say(orjson.dumps([4, ours[1], "NotSupported", "no cache", {}]).decode())
        assert (await sending)["state"] == "failed"


async def test_a_lost_connection_is_the_command_s_failure(site: Site) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        await cp.call("StatusNotification", **STATUS)
        sending = asyncio.create_task(site.tell({"type": "clearCache"}))
        await cp.receive()
    assert (await sending)["state"] == "failed"


async def test_the_same_call_again_gets_the_same_answer_again_and_happens_once(site: Site) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        start = {
            "connectorId": 1,
            "idTag": site.add_token(),
            "meterStart": 0,
            "timestamp": "2026-11-21T09:00:00Z",
        }
        first = await cp.exchange("StartTransaction", start, "same")
        assert await cp.exchange("StartTransaction", start, "same") == first
        assert await cp.exchange("StatusNotification", STATUS, "same") == [3, "same", {}]
    assert await site.outcomes("StartTransaction", 2) == ["answered", "repeated"]
    assert len(site.events("session-started")) == 1


async def test_heartbeats_and_pings_are_answered_while_the_database_takes_nothing(site: Site) -> None:
    """§7.4 case 20, with a database that is slow for five seconds."""
    site.add_charger()
    async with charger(site.url()) as cp:
        await cp.call("StatusNotification", **STATUS)
        with site.nothing_written():
            await cp.say(frame("slow", STATUS | {"status": "Preparing"}))
            for _ in range(10):
                async with asyncio.timeout(30):
                    assert "currentTime" in await cp.call("Heartbeat")
                    await (await cp.socket.ping())
                await asyncio.sleep(0.5)
        assert await cp.receive() == [3, "slow", {}]
    assert [event["status"] for event in site.events("connector-reported")] == ["Available", "Preparing"]
