"""Nobody is told again that a fault is open which somebody looks after."""

from eosvolt.application.explanation_sentences import in_words
from eosvolt.domain.faults.commands import (
    AcknowledgeFault,
    FaultCommand,
    SnoozeFault,
    UnacknowledgeFault,
)
from eosvolt.domain.faults.decider import faults
from tests.examples import after, fault_report
from tests.scenario import WHY
from tests.unit.notifications.notification_scenario import NotificationScenario

BY = "admin:a1"


async def does(t: NotificationScenario, command: FaultCommand) -> None:
    await t.application.execute(faults, "242/CP-1/1/HighTemperature", command, WHY)


async def fails(t: NotificationScenario, minute: float) -> None:
    await t.reports(minute, "Faulted", error="HighTemperature")


async def is_seen_again(t: NotificationScenario, minute: float) -> None:
    t.later(after(minute))
    await does(t, fault_report(minute))


async def tells_at(t: NotificationScenario, minute: float) -> None:
    await t.tells()
    t.later(after(minute))
    await t.tells()


async def a_rule_that_waits() -> NotificationScenario:
    t = NotificationScenario()
    await t.opened()
    await t.rule(after_minutes=10)
    await fails(t, 1)
    return t


async def test_a_rule_with_a_delay_does_not_report_an_acknowledged_fault() -> None:
    t = await a_rule_that_waits()
    await does(t, AcknowledgeFault(number=1, at=after(2), by=BY))
    await tells_at(t, 12)
    assert t.receiver.taken == []
    assert [in_words(row.reason, row.explanation) for row in t.messages()] == [
        "Somebody has acknowledged it."
    ]


async def test_it_does_where_the_acknowledgement_was_withdrawn() -> None:
    t = await a_rule_that_waits()
    await does(t, AcknowledgeFault(number=1, at=after(2), by=BY))
    await does(t, UnacknowledgeFault(number=1, at=after(3), by=BY))
    await tells_at(t, 12)
    assert len(t.receiver.taken) == 1


async def test_a_rule_with_a_delay_does_not_report_a_snoozed_fault() -> None:
    t = await a_rule_that_waits()
    await does(t, SnoozeFault(number=1, at=after(2), by=BY, until=after(60)))
    await tells_at(t, 12)
    assert [in_words(row.reason, row.explanation) for row in t.messages()] == ["It is snoozed."]


async def test_a_snooze_that_is_over_by_then_does_not_prevent_a_message() -> None:
    t = await a_rule_that_waits()
    await does(t, SnoozeFault(number=1, at=after(2), by=BY, until=after(5)))
    await tells_at(t, 12)
    assert len(t.receiver.taken) == 1


async def test_a_snoozed_fault_that_is_seen_again_is_reported() -> None:
    t = NotificationScenario()
    await t.opened()
    await t.rule()
    await fails(t, 1)
    await t.tells()
    await does(t, SnoozeFault(number=1, at=after(2), by=BY, until=after(60)))
    await is_seen_again(t, 20)
    await t.tells()
    assert len(t.receiver.taken) == 2
    await is_seen_again(t, 25)
    await t.tells()
    assert len(t.receiver.taken) == 2


async def test_an_acknowledged_fault_that_comes_and_goes_is_reported_once() -> None:
    t = NotificationScenario()
    await t.opened()
    await t.rule()
    await fails(t, 1)
    await t.tells()
    await does(t, AcknowledgeFault(number=1, at=after(2), by=BY))
    await t.reports(3, "Available")
    await fails(t, 4)
    await t.tells()
    assert len(t.receiver.taken) == 1


async def test_an_acknowledged_warning_that_becomes_an_error_is_reported() -> None:
    t = NotificationScenario()
    await t.opened()
    await t.rule()
    await t.reports(1, "Available", error="HighTemperature")
    await t.tells()
    await does(t, AcknowledgeFault(number=1, at=after(2), by=BY))
    await fails(t, 4)
    await t.tells()
    assert len(t.receiver.taken) == 2
