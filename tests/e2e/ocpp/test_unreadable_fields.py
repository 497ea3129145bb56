"""Starts and stops with fields that nobody can read, over a real socket: answered, kept, and nothing lost."""

from typing import Any

import orjson
import pytest

from tests.e2e.ocpp.charger import charger
from tests.e2e.ocpp.site import Site

AT, LATER = "2026-11-21T10:00:00Z", "2026-11-21T11:00:00Z"
UNREADABLE: list[tuple[str, Any]] = [
    ("meterStart", "none"),
    ("meterStart", 10**18),
    ("meterStart", {"value": 1}),
    ("meterStart", -1),
    ("idTag", None),
    ("idTag", "X" * 5_000),
    ("idTag", ["TAG"]),
    ("connectorId", "left"),
    ("connectorId", 2**40),
    ("timestamp", "yesterday"),
]


def was_repaired(outcome: str) -> bool:
    return outcome == "answered" or outcome.startswith("repaired:")


@pytest.mark.parametrize("conformance", ["tolerant", "trust", "strict"])
async def test_no_field_of_a_start_or_a_stop_loses_a_session(site: Site, conformance: str) -> None:
    """Kind D of the field cases, for starts too; also of a charger that is held to its schema."""
    site.add_charger(conformance=conformance)
    card = site.add_token(concurrent=True)
    numbers = []
    async with charger(site.url()) as cp:
        for index, (field, value) in enumerate(UNREADABLE):
            good = {"connectorId": 1, "idTag": card, "meterStart": 1000 * index, "timestamp": AT}
            good["timestamp"] = f"2026-11-21T10:{index:02}:00Z"
            kind, _, answer = await cp.exchange("StartTransaction", good | {field: value})
            assert kind == 3
            assert answer["idTagInfo"]["status"] == ("Invalid" if field == "idTag" else "Accepted")
            numbers.append(answer["transactionId"])
            stop = {"transactionId": numbers[-1], "meterStop": 1000 * index + 500, "timestamp": LATER}
            kind, _, _ = await cp.exchange("StopTransaction", stop | {"idTag": {"uid": card}})
            assert kind == 3
    assert len(set(numbers)) == len(UNREADABLE)
    started = site.events("session-started")
    assert [each["number"] for each in started] == numbers
    assert [each.get("metered", True) for each in started] == [
        field != "meterStart" for field, _ in UNREADABLE
    ]
    assert len(site.events("charging-ended")) == len(UNREADABLE)
    for action in ("StartTransaction", "StopTransaction"):
        outcomes = await site.outcomes(action, len(UNREADABLE))
        assert all(was_repaired(outcome) for outcome in outcomes), outcomes
    sent = [
        orjson.loads(f.text) for f in site.frames() if (f.action, f.direction) == ("StartTransaction", "in")
    ]
    assert sent[0][3]["meterStart"] == "none"


async def test_a_start_of_which_nothing_can_be_read_is_answered_and_kept(site: Site) -> None:
    """It opens nothing, its answer names a transaction that nobody has, and the log has what came."""
    site.add_charger(conformance="tolerant")
    async with charger(site.url()) as cp:
        nothing = {"connectorId": {}, "idTag": 7, "meterStart": [], "timestamp": None}
        kind, _, answer = await cp.exchange("StartTransaction", nothing)
    assert (kind, answer["idTagInfo"]["status"]) == (3, "Invalid")
    assert await site.outcomes("StartTransaction", 1) == ["unparsed"]
    assert site.events("session-started") == []
