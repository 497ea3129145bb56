"""A session's log has its own messages, each answer with its call, and nothing about anybody else."""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from eosvolt.adapters.postgres.queries.session_log import Subject, of_session, window
from eosvolt.application.ports import Frame
from tests.examples import TARIFF_WITH_CAPPED_FEE
from tests.refunds import refund
from tests.scenario import Scenario

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
OURS, THEIRS = 170_001, 170_002
ANNA, BEN = "04A1ANNA", "04B2BEN"
START = {"connectorId": 1, "idTag": ANNA, "meterStart": 5, "timestamp": "2026-11-20T12:00:00Z"}


class Talk:
    """A conversation on a charger with two plugs."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.numbers: list[str] = []

    def call(self, action: str, payload: object, answer: object = None, *, by: str = "in") -> str:
        """A message with its answer; returns its text."""
        number = str(len(self.numbers) + 1)
        self.numbers.append(number)
        text = payload if isinstance(payload, str) else json.dumps([2, number, action, payload])
        self._put(by, text, number, action)
        self._put("out" if by == "in" else "in", json.dumps([3, number, answer or {}]), number, action)
        return text

    def _put(self, direction: str, text: str, number: str, action: str) -> None:
        at = AT + timedelta(seconds=len(self.frames))
        self.frames.append(Frame(1, "1/TWO", "c", direction, at, text, number, action, "answered"))

    async def log(self, *own: str, tokens: Sequence[str] = (ANNA,)) -> list[Frame]:
        """The log of Anna's session on plug 1; ``own`` are the frames that led to its events."""
        subject = Subject(
            1, OURS, frozenset(tokens), frozenset(sha256(text.encode()).hexdigest() for text in own)
        )
        return [frame async for frame in of_session(self._read(), subject)]

    async def _read(self) -> AsyncIterator[Frame]:
        for frame in self.frames:
            yield frame


def calls(log: list[Frame]) -> list[Any]:
    return [json.loads(frame.text)[2] for frame in log if frame.text.startswith("[2")]


async def test_messages_are_those_until_the_plug_was_free_whatever_the_office_does_later() -> None:
    scenario = await Scenario().opened(TARIFF_WITH_CAPPED_FEE)
    started = await scenario.starts(0)
    await scenario.stops(20, started.transaction, 6000)
    running = scenario.store.facts
    session = f"session:{started.transaction}"

    def came(*, over: bool) -> tuple[datetime, datetime]:
        return window([fact for fact in scenario.store.facts if fact.stream == session], over=over)

    begun = next(fact.recorded_at for fact in running if fact.stream == session)
    assert came(over=False) == (begun - timedelta(minutes=2), datetime(9999, 1, 1, tzinfo=UTC))
    await scenario.reports(21, "Available")
    free = scenario.store.facts[-1].recorded_at
    await refund(scenario, 60 * 24 * 7, started.transaction, "1.00")
    assert scenario.store.facts[-1].recorded_at > free + timedelta(days=6)
    assert came(over=True) == (begun - timedelta(minutes=2), free + timedelta(minutes=1))


async def test_a_session_without_neighbours_has_all_its_messages() -> None:
    talk = Talk()
    talk.call("Authorize", {"idTag": ANNA.lower()}, {"idTagInfo": {"status": "Accepted"}})
    start = talk.call("StartTransaction", START, {"transactionId": OURS})
    talk.call("StatusNotification", {"connectorId": 1, "status": "Charging"})
    talk.call("MeterValues", {"connectorId": 1, "transactionId": OURS, "meterValue": []})
    talk.call("MeterValues", {"connectorId": 1, "meterValue": []})
    talk.call("RemoteStopTransaction", {"transactionId": OURS}, {"status": "Accepted"}, by="out")
    talk.call("StopTransaction", {"transactionId": OURS, "meterStop": 9})
    talk.call("BootNotification", {"chargePointVendor": "V", "chargePointModel": "M"})
    assert await talk.log(start) == talk.frames


@pytest.mark.parametrize(
    ("action", "payload", "by"),
    [
        ("Authorize", {"idTag": BEN}, "in"),
        ("StartTransaction", {**START, "connectorId": 2, "idTag": BEN}, "in"),
        ("StartTransaction", {**START, "connectorId": 2}, "in"),
        ("MeterValues", {"connectorId": 2, "transactionId": THEIRS}, "in"),
        ("MeterValues", {"connectorId": 2}, "in"),
        ("StatusNotification", {"connectorId": 2, "status": "Charging"}, "in"),
        ("StopTransaction", {"transactionId": THEIRS, "idTag": BEN}, "in"),
        ("StopTransaction", {"transactionId": str(THEIRS)}, "in"),
        ("StopTransaction", {"transactionId": -1, "idTag": BEN}, "in"),
        ("StopTransaction", {"transactionId": -1}, "in"),
        ("RemoteStartTransaction", {"idTag": BEN}, "out"),
        ("RemoteStartTransaction", {"idTag": BEN, "connectorId": 1}, "out"),
        ("RemoteStopTransaction", {"transactionId": THEIRS}, "out"),
        ("UnlockConnector", {"connectorId": 2}, "out"),
        ("ReserveNow", {"connectorId": 1, "idTag": BEN}, "out"),
        ("SendLocalList", {"localAuthorizationList": [{"idTag": BEN}]}, "out"),
        ("DataTransfer", {"vendorId": "V", "data": BEN}, "in"),
        ("SetChargingProfile", {"connectorId": 1, "csChargingProfiles": {"transactionId": THEIRS}}, "out"),
        ("Heartbeat", {}, "in"),
    ],
)
async def test_what_is_about_another_session_is_left_out_with_its_answer(
    action: str, payload: dict[str, Any], by: str
) -> None:
    talk = Talk()
    start = talk.call("StartTransaction", START)
    talk.call(action, payload, {"idTagInfo": {"status": "Accepted", "parentIdTag": "FLEET"}}, by=by)
    assert calls(await talk.log(start)) == ["StartTransaction"]
    assert len(await talk.log(start)) == 2


async def test_the_next_driver_on_the_same_plug_is_another_driver() -> None:
    talk = Talk()
    start = talk.call("StartTransaction", START)
    talk.call("StopTransaction", {"transactionId": OURS})
    talk.call("StatusNotification", {"connectorId": 1, "status": "Available"})
    own = len(talk.frames)
    talk.call("StartTransaction", {**START, "idTag": BEN, "timestamp": "2026-11-20T12:01:00Z"})
    talk.call("StatusNotification", {"connectorId": 1, "status": "Charging"})
    talk.call("MeterValues", {"connectorId": 1})
    talk.call("StopTransaction", {"transactionId": THEIRS})
    assert await talk.log(start) == talk.frames[:own]


async def test_the_same_driver_s_next_session_is_another_one() -> None:
    talk = Talk()
    start = talk.call("StartTransaction", START)
    talk.call("StopTransaction", {"transactionId": OURS})
    talk.call("StartTransaction", {**START, "timestamp": "2026-11-20T12:01:00Z"})
    assert calls(await talk.log(start)) == ["StartTransaction", "StopTransaction"]


async def test_a_repeated_start_belongs() -> None:
    talk = Talk()
    start = talk.call("StartTransaction", START)
    talk.call("StartTransaction", START)
    assert await talk.log(start) == talk.frames


async def test_a_driver_who_leaves_when_ours_comes_is_another_driver() -> None:
    talk = Talk()
    talk.call("MeterValues", {"connectorId": 1, "transactionId": THEIRS})
    talk.call("StatusNotification", {"connectorId": 1, "status": "Finishing"})
    talk.call("StopTransaction", {"transactionId": THEIRS, "idTag": BEN})
    foreign = len(talk.frames)
    talk.call("StatusNotification", {"connectorId": 1, "status": "Preparing"})
    start = talk.call("StartTransaction", START)
    assert await talk.log(start) == talk.frames[foreign:]


async def test_a_stop_without_a_number_belongs_where_it_ended_the_session() -> None:
    talk = Talk()
    start = talk.call("StartTransaction", START)
    stop = talk.call("StopTransaction", {"transactionId": -1})
    assert calls(await talk.log(start, stop)) == ["StartTransaction", "StopTransaction"]


async def test_messages_that_had_to_be_repaired_are_read_all_the_same() -> None:
    talk = Talk()
    start = talk.call("StartTransaction", START)
    talk.call("StopTransaction", f'[2,"2","StopTransaction",{{"transactionId":{OURS},"meterStop":}}]')
    talk.call("StopTransaction", f'[2,"3","StopTransaction",{{"transactionId":{THEIRS},"meterStop":}}]')
    assert [frame.message_id for frame in await talk.log(start)] == ["1", "1", "2", "2"]


async def test_a_session_from_before_events_named_their_frames_is_known_by_its_token() -> None:
    talk = Talk()
    talk.call("StartTransaction", {**START, "idTag": BEN})
    talk.call("StartTransaction", START)
    assert await talk.log() == talk.frames[2:]


async def test_another_message_with_a_number_that_was_used_before_is_judged_on_its_own() -> None:
    talk = Talk()
    start = talk.call("StartTransaction", START)
    frame = talk.frames[0]
    other = json.dumps([2, "1", "Authorize", {"idTag": BEN}])
    talk.frames += [
        frame._replace(text=other, action="Authorize"),
        talk.frames[1]._replace(text='[3,"1",{"idTagInfo":{"parentIdTag":"FLEET"}}]', action="Authorize"),
    ]
    assert await talk.log(start) == talk.frames[:2]
