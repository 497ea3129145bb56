"""What chargers say that breaks its schema is counted, told soon, and treated as agreed."""

from collections import Counter

import pytest

from eosvolt.domain.charge_points.events import Conformance
from eosvolt.domain.maintenance.events import ProtocolViolationsCounted
from tests.e2e.ocpp.charger import charger
from tests.e2e.ocpp.inside.gateway import Gateway
from tests.e2e.ocpp.site import until


def counted(gateway: Gateway) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """Everything that was told: repairs, and messages that nobody understood, by action and rule."""
    repaired: Counter[tuple[str, str]] = Counter()
    unreadable: Counter[tuple[str, str]] = Counter()
    for fact in gateway.events(ProtocolViolationsCounted):
        assert isinstance(fact.event, ProtocolViolationsCounted)
        for counts, violations in ((repaired, fact.event.repaired), (unreadable, fact.event.unreadable)):
            for violation in violations:
                counts[violation.action, violation.rule] += violation.count
    return repaired, unreadable


async def test_the_first_violations_are_recorded_soon_and_the_others_when_the_charger_leaves(
    gateway: Gateway,
) -> None:
    await gateway.add_charger("CP-1")
    async with charger(gateway.url("242/CP-1")) as cp:
        await cp.call("Authorize", idTag=5)
        await cp.exchange("FooBar", {})
        await cp.say("gibberish")
        await until(lambda: len(gateway.events(ProtocolViolationsCounted)) == 1)
        for _ in range(3):
            await cp.call("Authorize", idTag="TAG", connectorId=1)
        assert len(gateway.events(ProtocolViolationsCounted)) == 1
    await until(lambda: len(gateway.events(ProtocolViolationsCounted)) == 2)
    repaired, unreadable = counted(gateway)
    assert repaired == {("Authorize", "type"): 1, ("Authorize", "unknown-field"): 3}
    assert sum(unreadable.values()) == 2
    assert gateway.frames.outcomes("Authorize")[:2] == ["repaired:type", "repaired:unknown-field"]


async def test_counts_that_could_not_be_written_are_reported_later(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    await gateway.add_charger("CP-1")
    # A token that is accepted: a refusal would be stored before it is answered.
    await gateway.add_token("5")
    async with charger(gateway.url("242/CP-1")) as cp:
        await cp.call("Heartbeat")
        tried = []

        async def broken(*_: object) -> int:
            tried.append(True)
            raise OSError("the disk is full")

        with monkeypatch.context() as patch:
            patch.setattr(gateway.store, "append", broken)
            await cp.call("Authorize", idTag=5)
            await until(lambda: bool(tried))
        assert gateway.events(ProtocolViolationsCounted) == []
    await until(lambda: bool(gateway.events(ProtocolViolationsCounted)))
    assert counted(gateway)[0] == {("Authorize", "type"): 1}


async def test_another_treatment_holds_from_the_next_message_on(gateway: Gateway) -> None:
    key = await gateway.add_charger("CP-1")
    async with charger(gateway.url("242/CP-1")) as cp:
        assert (await cp.exchange("Authorize", {"idTag": 5}))[0] == 3
        gateway.connections.treat(key, Conformance.STRICT)
        assert (await cp.exchange("Authorize", {"idTag": 5}))[2] == "TypeConstraintViolation"
        gateway.connections.treat(key, Conformance.LENIENT)
        assert (await cp.exchange("Authorize", {"idTag": "TAG", "connectorId": 1}))[0] == 3
    assert gateway.frames.outcomes("Authorize") == [
        "repaired:type",
        "error:TypeConstraintViolation",
        "answered",
    ]
