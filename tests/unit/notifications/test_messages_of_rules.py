"""Of what a company is told, when, and what happens when nobody takes the message."""

from datetime import timedelta
from typing import Any

import pytest

from eosvolt.application.explanation_sentences import in_words
from eosvolt.application.notification_messages import Undelivered
from eosvolt.domain.faults.commands import SolveFault
from eosvolt.domain.faults.decider import faults
from eosvolt.domain.faults.events import FaultKind, Severity
from eosvolt.domain.notification_rules.commands import ChangeNotificationRule, RemoveNotificationRule
from eosvolt.domain.notification_rules.decider import notification_rules
from eosvolt.domain.notification_rules.events import Channel, Terms
from eosvolt.domain.notifications.commands import ResendNotification
from eosvolt.domain.notifications.decider import PAUSES, notifications
from tests.examples import LOCATION, after
from tests.scenario import WHY
from tests.unit.notifications.notification_scenario import RULE, NotificationScenario


@pytest.fixture
async def t() -> NotificationScenario:
    sending = NotificationScenario()
    await sending.opened()
    return sending


async def test_a_fault_is_reported_once_with_all_that_helps(t: NotificationScenario) -> None:
    await t.rule()
    await t.reports(1, "Faulted", error="GroundFailure")
    await t.tells()
    await t.tells_again_from_the_beginning()
    (message,) = t.receiver.taken
    assert message.subject == "GroundFailure at CP-1, plug 1, Harbour"
    assert message.type == "fault.opened"
    assert "https://cpo.example/diagnostics/242/CP-1/1/GroundFailure#1" in message.text
    assert (message.data["chargeBoxId"], message.data["plug"], message.data["kind"]) == (
        "CP-1",
        1,
        "hardware",
    )
    assert [row.state for row in t.messages()] == ["delivered"]


async def test_a_fault_that_is_seen_again_while_it_is_open_is_no_news(t: NotificationScenario) -> None:
    await t.rule()
    await t.reports(1, "Faulted", error="GroundFailure")
    await t.reports(2, "Faulted", error="OverVoltage")
    await t.tells()
    await t.reports(3, "Faulted", error="GroundFailure")
    await t.tells()
    assert [subject.split()[0] for subject in t.receiver.subjects] == [
        "GroundFailure",
        "OverVoltage",
        "GroundFailure",
    ]
    assert t.receiver.taken[2].data["occurrences"] == 2


async def test_a_warning_that_becomes_an_error_is_news_for_who_wants_errors(t: NotificationScenario) -> None:
    await t.rule(severities=(Severity.ERROR,))
    await t.reports(1, "Charging", error="HighTemperature")
    await t.tells()
    assert t.receiver.taken == []
    await t.reports(2, "Faulted", error="HighTemperature")
    await t.tells()
    assert len(t.receiver.taken) == 1


@pytest.mark.parametrize(
    "terms",
    [
        {"kinds": (FaultKind.POWER,)},
        {"codes": ("OverVoltage",)},
        {"locations": ("elsewhere",)},
        {"severities": (Severity.WARNING,)},
        {"enabled": False},
    ],
)
async def test_a_rule_is_only_about_what_it_names(t: NotificationScenario, terms: dict[str, Any]) -> None:
    await t.rule(**terms)
    await t.rule("other", kinds=(FaultKind.HARDWARE,), codes=("groundfailure",), locations=(LOCATION,))
    await t.reports(1, "Faulted", error="GroundFailure")
    await t.tells()
    assert [(row.rule, row.state) for row in t.messages()] == [("other", "delivered")]


async def test_faults_from_before_the_rule_are_not_reported(t: NotificationScenario) -> None:
    await t.reports(1, "Faulted", error="GroundFailure")
    t.later(after(2))
    await t.rule(on_recovery=True)
    await t.tells()
    await t.reports(3, "Available")
    await t.tells()
    assert t.messages() == []


async def test_a_fault_that_is_over_soon_is_not_reported_where_the_rule_waits(
    t: NotificationScenario,
) -> None:
    await t.rule(after_minutes=10, on_recovery=True)
    await t.reports(1, "Faulted", error="GroundFailure")
    await t.reports(3, "Available")
    await t.reports(8, "Faulted", error="GroundFailure")
    await t.tells()
    t.later(after(11.5))
    await t.tells()
    assert t.receiver.taken == []
    t.later(after(18.5))
    await t.tells()
    assert len(t.receiver.taken) == 1
    assert [in_words(row.reason, row.explanation) for row in t.messages()] == [
        "It was over before it was due.",
        "",
    ]


async def test_a_fault_that_was_solved_meanwhile_is_not_reported(t: NotificationScenario) -> None:
    await t.rule(after_minutes=10)
    await t.reports(1, "Faulted", error="GroundFailure")
    solve = SolveFault(number=1, at=after(2), by="admin:a1")
    await t.application.execute(faults, "242/CP-1/1/GroundFailure", solve, WHY)
    await t.tells()
    t.later(after(12))
    await t.tells()
    assert [row.state for row in t.messages()] == ["dropped"]


async def test_what_is_over_by_the_time_it_is_seen_is_reported_at_once(t: NotificationScenario) -> None:
    await t.rule()
    await t.disconnects(30)
    await t.connects(30.5)
    await t.boots(30.6)
    await t.tells()
    assert [subject.split()[0] for subject in t.receiver.subjects] == ["UnexpectedReboot"]


async def test_the_end_is_reported_where_the_rule_wants_it(t: NotificationScenario) -> None:
    await t.rule(on_recovery=True)
    await t.reports(1, "Faulted", error="GroundFailure")
    await t.tells()
    await t.reports(5, "Available")
    await t.tells()
    assert t.receiver.subjects[1] == "Over: GroundFailure at CP-1, plug 1, Harbour"
    assert t.receiver.taken[1].type == "fault.recovered"
    assert t.receiver.taken[1].data["recoveredAt"] == after(5).isoformat().replace("+00:00", "Z")


async def test_a_refused_message_is_tried_again_with_longer_pauses_and_given_up_after_the_last(
    t: NotificationScenario,
) -> None:
    await t.rule()
    t.receiver.refuses = Undelivered("It answered with status 503.")
    await t.reports(1, "Faulted", error="GroundFailure")
    await t.tells()
    for attempt, pause in enumerate(PAUSES, start=1):
        (row,) = t.messages()
        assert (row.state, row.attempts, row.due_at) == ("waiting", attempt, t.clock.now() + pause)
        t.later(t.clock.now() + pause - timedelta(seconds=1))
        await t.tells()
        assert t.messages()[0].attempts == attempt
        t.later(t.clock.now() + timedelta(seconds=1))
        await t.tells()
    (row,) = t.messages()
    assert (row.state, in_words(row.reason, row.explanation), row.due_at) == (
        "givenUp",
        "It answered with status 503.",
        None,
    )
    t.receiver.refuses = None
    resend = ResendNotification(at=t.clock.now(), by="admin:a1")
    await t.application.execute(notifications, row.notification, resend, WHY)
    await t.tells()
    assert t.messages()[0].state == "delivered"
    assert t.receiver.taken[0].id == row.notification


async def test_a_message_that_never_will_be_taken_is_given_up_at_once(t: NotificationScenario) -> None:
    await t.rule()
    t.receiver.refuses = Undelivered("It is gone.", final=True)
    await t.reports(1, "Faulted", error="GroundFailure")
    await t.tells()
    assert [row.state for row in t.messages()] == ["givenUp"]


async def test_a_rule_without_a_target_says_so(t: NotificationScenario) -> None:
    await t.rule()
    t.addressless = True
    await t.reports(1, "Faulted", error="GroundFailure")
    await t.tells()
    assert [(row.state, in_words(row.reason, row.explanation)) for row in t.messages()] == [
        ("givenUp", "Nobody said where the messages of this rule go.")
    ]


async def test_messages_by_a_channel_that_is_not_set_up_wait(t: NotificationScenario) -> None:
    await t.rule(channel=Channel.EMAIL)
    await t.reports(1, "Faulted", error="GroundFailure")
    await t.tells()
    t.later(after(60 * 24 * 30))
    await t.tells()
    assert [(row.state, row.attempts) for row in t.messages()] == [("waiting", 0)]


async def test_a_flood_ends_in_one_summary(t: NotificationScenario) -> None:
    await t.rule(most_per_hour=3)
    for number in range(10):
        await t.reports(1 + number, "Faulted", error=f"Error{number}")
        await t.tells()
    assert len(t.receiver.taken) == 3
    t.later(after(60))
    await t.tells()
    assert [message.type for message in t.receiver.taken[3:]] == ["faults.summary"]
    summary = t.receiver.taken[3]
    assert summary.subject == "7 more messages about faults"
    assert summary.data["count"] == 7
    assert "Error9 at CP-1, plug 1, Harbour" in summary.text
    await t.reports(120, "Faulted", error="Later")
    await t.tells()
    assert len(t.receiver.taken) == 5


async def test_a_rule_that_is_gone_or_switched_off_sends_nothing_that_waits(t: NotificationScenario) -> None:
    await t.rule(after_minutes=10)
    await t.rule("second", after_minutes=10)
    await t.reports(1, "Faulted", error="GroundFailure")
    await t.tells()
    await t.application.execute(notification_rules, RULE, RemoveNotificationRule(at=after(2)), WHY)
    off = ChangeNotificationRule(terms=Terms(name="Second", after_minutes=10, enabled=False), at=after(2))
    await t.application.execute(notification_rules, "second", off, WHY)
    t.later(after(20))
    await t.tells()
    assert t.receiver.taken == []
    assert sorted(in_words(row.reason, row.explanation) for row in t.messages()) == [
        "The rule was removed.",
        "The rule was switched off.",
    ]


async def test_what_chargers_write_does_not_break_a_subject(t: NotificationScenario) -> None:
    await t.rule()
    await t.reports(1, "Faulted", error="Ground\r\nBcc: everybody@cpo.example")
    await t.tells()
    assert t.receiver.subjects == ["Ground Bcc: everybody@cpo.example at CP-1, plug 1, Harbour"]
