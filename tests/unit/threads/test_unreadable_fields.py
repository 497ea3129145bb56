"""Nothing that a charger gets wrong in a start or a stop loses the session or its end.

Every field with every kind of value that nobody can read, one at a time: the message is understood, the
session opens or ends, and what cannot be known is said to be so.
"""

from typing import Any

import pytest

from eosvolt.adapters.ocpp import v16
from eosvolt.adapters.ocpp.schemas import Violation
from eosvolt.domain.charge_points.reports import StartReport, StopReport
from eosvolt.domain.sessions.events import SessionStarted
from eosvolt.domain.tokens.events import Authorization
from tests.examples import CHARGE_POINT, TOKEN, after
from tests.scenario import Scenario

NUMBERS: dict[str, Any] = {
    "null": None,
    "empty": "",
    "word": "none",
    "half a number": "12Wh",
    "true": True,
    "list": [1],
    "object": {"value": 1},
    "infinite": "1e400",
    "huge": 10**30,
    "huge text": "9" * 40,
    "negative": -5,
    "negative text": "-5",
}
CARDS: dict[str, Any] = {
    "null": None,
    "empty": "",
    "blanks": "   ",
    "true": True,
    "list": ["TAG"],
    "object": {"idToken": "TAG"},
    "endless": "X" * 5_000,
}
TIMES: dict[str, Any] = {
    "null": None,
    "empty": "",
    "word": "yesterday",
    "number": 1_700_000_000,
    "list": [],
    "object": {},
    "true": True,
    "1970": "1970-01-01T00:00:00Z",
    "month 13": "2026-13-41T25:61:61Z",
    "next year": "2027-11-21T10:00:00Z",
}
ABSENT = object()
AT = "2026-11-21T10:00:00Z"
START = {"connectorId": 1, "idTag": TOKEN, "meterStart": 1000, "timestamp": AT}
STOP = {"transactionId": 170001, "meterStop": 11_000, "timestamp": "2026-11-21T11:00:00Z", "idTag": TOKEN}
BAD = {
    "connectorId": NUMBERS,
    "meterStart": NUMBERS,
    "meterStop": NUMBERS,
    "transactionId": NUMBERS,
    "idTag": CARDS,
    "timestamp": TIMES,
    "reservationId": NUMBERS,
    "reason": CARDS | {"word": "Bored"},
    "transactionData": {
        "null": None,
        "text": "none",
        "list of nonsense": [None, 1, "x"],
        "object": {"timestamp": AT},
    },
}


def cases(payload: dict[str, Any], *more: str) -> list[Any]:
    """All fields of a message, and ``more`` that may be there, each with all that nobody can read."""
    return [
        pytest.param(field, value, id=f"{field}: {name}")
        for field in (*payload, *more)
        for name, value in (BAD[field] | {"absent": ABSENT}).items()
    ]


def heard(action: str, payload: dict[str, Any], field: str, value: object, s: Scenario, **way: bool) -> Any:
    """What the message says with one field as it is, at the scenario's time."""
    changed = {**payload, field: value}
    if value is ABSENT:
        del changed[field]
    understood = v16.parse(action, changed, s.clock.now(), strict=False, **way)
    assert not isinstance(understood, Violation), understood
    return understood.message


@pytest.mark.parametrize("trusting", [False, True], ids=["tolerant", "trusted"])
@pytest.mark.parametrize(("field", "value"), cases(START, "reservationId"))
async def test_a_start_opens_its_session_whatever_cannot_be_read_of_it(
    field: str, value: object, trusting: bool
) -> None:
    s = await Scenario().opened()
    await s.reports(-1, "Unavailable", plug=2)
    s.clock.set(after(0.1))
    report = heard("StartTransaction", START, field, value, s, lenient=trusting)
    assert isinstance(report, StartReport)
    answer = await s.charging.started(CHARGE_POINT, report)
    again = await s.charging.started(CHARGE_POINT, report)
    assert answer == again
    (fact,) = s.events(SessionStarted)
    start = fact.event
    assert isinstance(start, SessionStarted)
    assert answer.transaction == start.number
    assert start.token == ("" if field == "idTag" else TOKEN)
    good = Authorization.INVALID if field == "idTag" else Authorization.ACCEPTED
    assert start.authorization is answer.token.authorization is good
    assert (start.metered, start.meter_start_wh) == ((False, 0) if field == "meterStart" else (True, 1000))
    assert ("startUnread" in start.flags) == (field == "meterStart")
    assert report.timed == (field != "timestamp")
    await s.meters(20, 4_000, transaction=answer.transaction)
    await s.stops(60, answer.transaction, 11_000)
    row = s.session(start.number)
    assert row.energy_wh == (7_000 if field == "meterStart" else 10_000)
    assert row.held_wh == 0


@pytest.mark.parametrize("trusting", [False, True], ids=["tolerant", "trusted"])
@pytest.mark.parametrize(("field", "value"), cases(STOP, "reason", "transactionData"))
async def test_a_stop_ends_its_session_whatever_cannot_be_read_of_it(
    field: str, value: object, trusting: bool
) -> None:
    s = await Scenario().opened()
    number = (await s.starts(0, 1000)).transaction
    assert number == STOP["transactionId"]
    await s.meters(59, 10_900, transaction=number)
    s.clock.set(after(60.1))
    report = heard("StopTransaction", STOP, field, value, s, lenient=trusting)
    assert isinstance(report, StopReport)
    for _ in range(2):
        await s.charging.stopped(CHARGE_POINT, report)
    (row,) = s.sessions()
    assert row.ended_at == (s.clock.now() if field == "timestamp" else after(60))
    assert row.energy_wh == (9_900 if field == "meterStop" else 10_000)


async def test_a_start_without_a_register_counts_from_the_first_value_that_is_right() -> None:
    s = await Scenario().opened()
    report = heard("StartTransaction", START, "meterStart", "none", s)
    number = (await s.charging.started(CHARGE_POINT, report)).transaction
    for minutes, wh in ((5, 2**32 - 1), (10, 185_000), (15, 186_500), (20, 188_000)):
        await s.meters(minutes, wh, transaction=number)
    await s.stops(60, number, 200_000)
    assert (s.session(number).energy_wh, s.session(number).held_wh) == (15_000, 0)


async def test_a_start_without_a_register_and_without_samples_bills_nothing() -> None:
    s = await Scenario().opened()
    report = heard("StartTransaction", START, "meterStart", None, s)
    number = (await s.charging.started(CHARGE_POINT, report)).transaction
    await s.stops(60, number, 200_000)
    assert (s.session(number).energy_wh, s.session(number).total_gross) == (0, 0)
    assert s.session(number).meter_start_wh is None


async def test_a_register_that_cannot_be_read_ends_no_other_session_with_its_zero() -> None:
    s = await Scenario().opened()
    first = (await s.starts(0, 50_000)).transaction
    s.clock.set(after(60))
    report = heard("StartTransaction", START | {"timestamp": "2026-11-21T11:00:00Z"}, "meterStart", "", s)
    await s.charging.started(CHARGE_POINT, report)
    row = s.session(first)
    assert (row.ended_at, row.energy_wh, row.meter_stop_wh) == (after(60), 0, None)


async def test_a_stop_that_came_first_waits_for_a_start_whose_card_cannot_be_read() -> None:
    s = await Scenario().opened()
    await s.stops(60, -1, 11_000, token=TOKEN)
    report = heard("StartTransaction", START, "idTag", ["x"], s)
    await s.charging.started(CHARGE_POINT, report)
    (row,) = s.sessions()
    assert (row.energy_wh, row.authorization) == (10_000, "Invalid")
