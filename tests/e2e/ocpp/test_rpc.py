import asyncio
from datetime import timedelta
from time import monotonic

import orjson
import pytest
from websockets.exceptions import ConnectionClosed

from eosvolt.adapters.ocpp.conversation import INBOX
from eosvolt.application.commanding import CallFailed, NotConnected, TimedOut
from eosvolt.domain.charge_points.events import ConnectorReported
from tests.e2e.ocpp.charger import charger
from tests.e2e.ocpp.site import Site
from tests.e2e.ocpp.waiting import until

STATUS = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
GARBAGE = [
    "",
    "hello",
    "{}",
    "[]",
    "[2]",
    "null",
    '[2,"1"]',
    '[[2],"1","Heartbeat",{}]',
    "[" * 100_000 + "]" * 100_000,
    '[2,"1","Heartbeat",{"a":NaN}]',
    '[2,"1","Heartbeat",{"a":' + "9" * 5_000 + "}]",
    '[2,{"id":1},"Heartbeat",{}]',
    '[7,"1","Heartbeat",{}]',
    '[true,"1","Heartbeat",{}]',
    '[3,"never-asked",{}]',
    '[4,"never-asked","GenericError","",{}]',
    '[5,"1","GenericError","",{}]',
    '[6,"1","NotifyPeriodicEventStream",{}]',
]


async def test_an_action_that_does_not_exist_is_not_implemented(site: Site) -> None:
    """§7.4 case 13."""
    site.add_charger()
    async with charger(site.url()) as cp:
        answer = await cp.exchange("FooBar", {}, "x")
        assert answer[:3] == [4, "x", "NotImplemented"]
        assert answer[4] == {}
        assert gateway.frames.outcomes("FooBar") == ["error:NotImplemented"]


async def test_an_action_that_only_we_may_send_is_not_supported(site: Site) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        answer = await cp.exchange("RemoteStopTransaction", {"transactionId": 1})
        assert answer[2] == "NotSupported"


@pytest.mark.parametrize("garbage", GARBAGE, ids=lambda text: text[:24])
async def test_garbage_does_not_hurt_the_connection(site: Site, garbage: str) -> None:
    """§7.4 case 14."""
    site.add_charger()
    async with charger(site.url()) as cp:
        await cp.say(garbage)
        assert "currentTime" in await cp.call("Heartbeat")
        await until(lambda: len(gateway.frames) >= 2)
        assert gateway.frames[0].text == garbage
        assert gateway.frames[0].outcome in {"ignored", "late"}


@pytest.mark.parametrize(
    "frame", ['[2,"1",["Heartbeat"],{}]', '[2,"1",5,{}]', '[2,"1","Heartbeat",{},{}]', '[2,"1","",{}]']
)
async def test_a_call_that_cannot_be_read_but_has_an_id_is_told_so(site: Site, frame: str) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        await cp.say(frame)
        assert (await cp.hear())[:3] == [4, "1", "FormationViolation"]
        assert "currentTime" in await cp.call("Heartbeat")


@pytest.mark.parametrize(
    "frame", ['[2,"7","Heartbeat",null]', '[2,"7","Heartbeat"]', '[2,"7","Heartbeat",{}]']
)
async def test_an_absent_payload_is_an_empty_one(site: Site, frame: str) -> None:
    """§7.4 case 15."""
    site.add_charger()
    async with charger(site.url()) as cp:
        await cp.say(frame)
        answer = await cp.hear()
        assert answer[:2] == [3, "7"]


async def test_ids_come_back_as_they_were_sent(site: Site) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        for id_ in (17, "x" * 36, "x" * 200, "ünï"):
            answer = await cp.exchange("Heartbeat", {}, id_)
            assert answer[:2] == [3, id_]


async def test_a_binary_frame_is_read_like_a_text_frame(site: Site) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        await cp.say(b'[2,"1","Heartbeat",{}]')
        assert (await cp.hear())[:2] == [3, "1"]


async def test_a_text_with_a_nul_character_is_taken_without_it(site: Site) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        await cp.call("StatusNotification", **STATUS, info="a\x00b")
        (fact,) = gateway.events(ConnectorReported)
        assert isinstance(fact.event, ConnectorReported)
        assert fact.event.info == "ab"


async def test_a_frame_of_300_kib_closes_the_connection(site: Site) -> None:
    """§7.4 case 16."""
    site.add_charger()
    async with charger(site.url()) as cp:
        await cp.say('[2,"1","DataTransfer",{"vendorId":"V","data":"' + "x" * 300 * 1024 + '"}]')
        with pytest.raises(ConnectionClosed) as closed:
            await cp.hear()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


async def test_calls_sent_back_to_back_are_answered_in_order(site: Site) -> None:
    """§7.4 case 17."""
    site.add_charger()
    async with charger(site.url()) as cp:
        for number in range(20):
            status = {**STATUS, "status": "Available" if number % 2 else "Preparing"}
            await cp.say(orjson.dumps([2, str(number), "StatusNotification", status]).decode())
        assert [(await cp.hear())[1] for _ in range(20)] == [str(number) for number in range(20)]
    statuses = [fact.event for fact in gateway.events(ConnectorReported)]
    assert len(statuses) == 20


async def test_calls_that_cross_each_other_are_both_answered(site: Site) -> None:
    """§7.4 case 17."""
    key = site.add_charger()
    async with charger(site.url()) as cp:
        await until(lambda: gateway.presence.holds(key))
        telling = asyncio.create_task(gateway.presence.tell(key, "clearCache", {}, timedelta(seconds=5)))
        ours = await cp.hear()
        assert ours[2] == "ClearCache"
        assert await cp.call("StatusNotification", **STATUS) == {}
        await cp.say(orjson.dumps([3, ours[1], {"status": "Accepted"}]).decode())
        answer = await telling
        assert answer.accepted
        assert answer.response == {"status": "Accepted"}


async def test_a_call_without_an_answer_times_out_and_the_next_one_may_go(site: Site) -> None:
    """§7.4 case 18."""
    key = site.add_charger()
    async with charger(site.url()) as cp:
        await until(lambda: gateway.presence.holds(key))
        first = asyncio.create_task(gateway.presence.tell(key, "clearCache", {}, timedelta(seconds=0.2)))
        unanswered = await cp.hear()
        with pytest.raises(TimedOut):
            await first
        second = asyncio.create_task(gateway.presence.tell(key, "unlock", {"plug": 1}, timedelta(seconds=5)))
        current = await cp.hear()
        await cp.say(orjson.dumps([3, unanswered[1], {"status": "Rejected"}]).decode())
        await cp.say(orjson.dumps([3, current[1], {"status": "Unlocked"}]).decode())
        answer = await second
        assert answer.accepted
        assert answer.response == {"status": "Unlocked"}
        assert [f.outcome for f in gateway.frames if f.direction == "in"] == ["late", "answered"]


async def test_one_call_of_ours_is_outstanding_at_a_time_and_the_urgent_goes_first(site: Site) -> None:
    key = site.add_charger()
    heard = []
    async with charger(site.url()) as cp:
        await until(lambda: gateway.presence.holds(key))
        wait = timedelta(seconds=5)
        tellings = [asyncio.create_task(gateway.presence.tell(key, "clearCache", {}, wait))]
        ours = await cp.hear()
        for action, payload in (("getConfiguration", {}), ("remoteStop", {"transaction": 7})):
            tellings.append(asyncio.create_task(gateway.presence.tell(key, action, payload, wait)))
            await asyncio.sleep(0.05)
        for _ in range(3):
            heard.append(ours[2])
            await cp.say(orjson.dumps([3, ours[1], {"status": "Accepted"}]).decode())
            if len(heard) < 3:
                ours = await cp.hear()
        assert [answer.accepted for answer in await asyncio.gather(*tellings)] == [True] * 3
    assert heard == ["ClearCache", "RemoteStopTransaction", "GetConfiguration"]


async def test_an_error_from_the_charger_is_the_command_s_failure(site: Site) -> None:
    key = site.add_charger()
    async with charger(site.url()) as cp:
        await until(lambda: gateway.presence.holds(key))
        telling = asyncio.create_task(gateway.presence.tell(key, "clearCache", {}, timedelta(seconds=5)))
        ours = await cp.hear()
        await cp.say(orjson.dumps([4, ours[1], "NotSupported", "no cache", {}]).decode())
        with pytest.raises(CallFailed, match="NotSupported no cache"):
            await telling


async def test_a_lost_connection_ends_the_call_and_an_absent_charger_cannot_be_told(site: Site) -> None:
    key = site.add_charger()
    async with charger(site.url()) as cp:
        await until(lambda: gateway.presence.holds(key))
        telling = asyncio.create_task(gateway.presence.tell(key, "clearCache", {}, timedelta(seconds=5)))
        await cp.hear()
    with pytest.raises(NotConnected):
        await telling
    await until(lambda: not gateway.presence.holds(key))
    with pytest.raises(NotConnected):
        await gateway.presence.tell(key, "clearCache", {}, timedelta(seconds=5))


async def test_the_same_call_again_gets_the_same_answer_again_and_happens_once(site: Site) -> None:
    site.add_charger()
    await gateway.add_token("TAG")
    async with charger(site.url()) as cp:
        start = {"connectorId": 1, "idTag": "TAG", "meterStart": 0, "timestamp": "2026-11-21T10:00:00Z"}
        first = await cp.exchange("StartTransaction", start, "same")
        assert await cp.exchange("StartTransaction", start, "same") == first
        assert gateway.frames.outcomes("StartTransaction") == ["answered", "repeated"]
        other = await cp.exchange("StatusNotification", STATUS, "same")
        assert other == [3, "same", {}]


async def test_heartbeats_and_pings_are_answered_while_the_database_is_away(site: Site) -> None:
    """§7.4 case 20."""
    site.add_charger()
    async with charger(site.url()) as cp:
        await cp.call("StatusNotification", **STATUS)
        gateway.store.there.clear()
        await cp.say(
            orjson.dumps([2, "slow", "StatusNotification", {**STATUS, "status": "Preparing"}]).decode()
        )
        began = monotonic()
        assert "currentTime" in await cp.call("Heartbeat")
        async with asyncio.timeout(1):
            await (await cp.socket.ping())
        assert monotonic() - began < 1
        assert len(gateway.events(ConnectorReported)) == 1
        gateway.store.there.set()
        assert await cp.hear() == [3, "slow", {}]
        assert len(gateway.events(ConnectorReported)) == 2


async def test_a_flood_fills_the_inbox_and_no_further_and_nothing_of_it_is_lost(site: Site) -> None:
    site.add_charger()
    flood = 4 * INBOX
    async with charger(gateway, max_queue=None) as cp:
        await cp.call("StatusNotification", **STATUS)
        gateway.store.there.clear()
        for number in range(flood):
            status = {**STATUS, "status": "Available" if number % 2 else "Preparing"}
            await cp.say(orjson.dumps([2, str(number), "StatusNotification", status]).decode())
        await asyncio.sleep(0.2)
        gateway.store.there.set()
        assert [(await cp.hear())[1] for _ in range(flood)] == [str(number) for number in range(flood)]
    assert len(gateway.events(ConnectorReported)) == flood + 1


async def test_what_a_charger_said_before_its_line_broke_is_done(site: Site) -> None:
    key = site.add_charger()
    async with charger(site.url()) as cp:
        await cp.call("Heartbeat")
        gateway.store.there.clear()
        await cp.say(orjson.dumps([2, "1", "StatusNotification", STATUS]).decode())
        assert "currentTime" in await cp.call("Heartbeat")
        cp.socket.transport.abort()
        await until(lambda: not gateway.presence.holds(key))
    gateway.store.there.set()
    await until(lambda: len(gateway.events(ConnectorReported)) == 1)
    await until(lambda: gateway.frames.outcomes("StatusNotification", "out") == ["undelivered"])
