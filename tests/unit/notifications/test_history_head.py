"""The head of the history goes outside every hour or day, and what is wrong with it at once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from eosvolt.application.history_head_messages import HistoryHeadMessages, HistoryState
from eosvolt.application.notification_messages import Undelivered
from eosvolt.domain.notification_rules.commands import ChangeNotificationRule, RemoveNotificationRule
from eosvolt.domain.notification_rules.decider import notification_rules
from eosvolt.domain.notification_rules.events import HeadEvery, Terms, Trigger
from eosvolt.domain.notifications.decider import PAUSES
from eosvolt.domain.notifications.events import HistoryHead
from eosvolt.projections.notification_rules import notification_rules as rule_rows
from tests.scenario import WHY
from tests.unit.notifications.notification_scenario import RULE, NotificationScenario

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TROUBLE = "The history in the database ends at position 7, before the known head at position 9."


def head(position: int) -> HistoryHead:
    return HistoryHead(position, f"{position:064x}", NOON - timedelta(seconds=1), "ab" * 32)


class HistoryHeadScenario(NotificationScenario):
    """A scenario whose history is sealed."""

    def __init__(self) -> None:
        super().__init__()
        self.history = HistoryHeadMessages(self.application, self, self.clock)

    async def head_rules(self) -> Sequence[str]:
        wanted = self.models.rows(
            rule_rows, lambda row: row.terms.trigger is Trigger.HISTORY_HEAD and not row.removed
        )
        return sorted(row.rule for row in wanted)

    async def at(self, when: datetime, position: int | None, trouble: str = "") -> list[str]:
        """The kinds of messages that arrive when the history ends there then."""
        self.later(when)
        before = len(self.receiver.taken)
        state = HistoryState(None if position is None else head(position), trouble)
        await self.history.request_due(state)
        await self.history.request_due(state)
        await self.tells()
        return [message.type for message in self.receiver.taken[before:]]


@pytest.fixture
async def t() -> HistoryHeadScenario:
    sending = HistoryHeadScenario()
    await sending.opened()
    return sending


async def test_the_head_is_reported_with_all_that_proves_it_later(t: HistoryHeadScenario) -> None:
    await t.rule(trigger=Trigger.HISTORY_HEAD)
    assert await t.at(NOON, 9) == ["history.head"]
    (message,) = t.receiver.taken
    assert message.data == {
        "head": {
            "position": 9,
            "digest": f"{9:064x}",
            "sealedAt": "2026-11-21T11:59:59Z",
            "signature": "ab" * 32,
        }
    }
    assert message.subject == "Head of the history at position 9"
    assert message.text.endswith(f"eosvolt verify --expect {9:064x}")


async def test_each_hour_has_one_message(t: HistoryHeadScenario) -> None:
    await t.rule(trigger=Trigger.HISTORY_HEAD)
    assert await t.at(NOON, 9) == ["history.head"]
    assert await t.at(NOON + timedelta(minutes=59, seconds=59), 10) == []
    assert await t.at(NOON + timedelta(hours=1), 11) == ["history.head"]
    assert [message.data["head"]["position"] for message in t.receiver.taken] == [9, 11]


async def test_each_day_has_one_message_where_that_is_wanted(t: HistoryHeadScenario) -> None:
    await t.rule(trigger=Trigger.HISTORY_HEAD, head_every=HeadEvery.DAY)
    assert await t.at(NOON, 9) == ["history.head"]
    assert await t.at(NOON + timedelta(hours=11, minutes=59), 10) == []
    assert await t.at(NOON + timedelta(hours=12), 11) == ["history.head"]


async def test_what_is_wrong_is_reported_at_once_and_once_a_day(t: HistoryHeadScenario) -> None:
    await t.rule(trigger=Trigger.HISTORY_HEAD, head_every=HeadEvery.DAY)
    assert await t.at(NOON, 9) == ["history.head"]
    assert await t.at(NOON + timedelta(seconds=5), 9, TROUBLE) == ["history.alarm"]
    alarm = t.receiver.taken[-1]
    assert alarm.subject.startswith("ALARM")
    assert (alarm.data["trouble"], alarm.data["head"]["position"]) == (TROUBLE, 9)
    assert TROUBLE in alarm.text
    assert await t.at(NOON + timedelta(hours=6), 9, TROUBLE) == []
    assert await t.at(NOON + timedelta(hours=7), 9, "Something else.") == ["history.alarm"]
    assert await t.at(NOON + timedelta(hours=12), 9, TROUBLE) == ["history.alarm"]


async def test_an_alarm_needs_no_head_that_is_known(t: HistoryHeadScenario) -> None:
    await t.rule(trigger=Trigger.HISTORY_HEAD)
    assert await t.at(NOON, None) == []
    assert await t.at(NOON, None, TROUBLE) == ["history.alarm"]
    assert t.receiver.taken[0].data == {"trouble": TROUBLE}


async def test_a_rule_about_faults_receives_nothing_of_the_history_nor_the_other_way_round(
    t: HistoryHeadScenario,
) -> None:
    await t.rule("faults")
    await t.rule("head", trigger=Trigger.HISTORY_HEAD)
    await t.reports(1, "Faulted", error="GroundFailure")
    await t.tells()
    assert await t.at(NOON, 9) == ["history.head"]
    assert [(row.rule, row.occasion) for row in t.messages()] == [
        ("faults", "opened"),
        ("head", "historyHead"),
    ]


async def test_a_rule_that_is_off_or_gone_gets_no_messages(t: HistoryHeadScenario) -> None:
    await t.rule("off", trigger=Trigger.HISTORY_HEAD, enabled=False)
    await t.rule("gone", trigger=Trigger.HISTORY_HEAD)
    remove = RemoveNotificationRule(at=t.clock.now())
    await t.application.execute(notification_rules, "gone", remove, WHY)
    assert await t.at(NOON, 9) == []
    assert t.messages() == []


async def test_an_undelivered_head_is_sent_again_unchanged(t: HistoryHeadScenario) -> None:
    await t.rule(trigger=Trigger.HISTORY_HEAD)
    t.receiver.refuses = Undelivered("It answered with status 500.")
    assert await t.at(NOON, 9) == []
    t.receiver.refuses = None
    assert await t.at(NOON + PAUSES[0], 12) == ["history.head"]
    assert t.receiver.taken[0].data["head"]["position"] == 9


async def test_a_rule_that_was_disabled_before_the_delivery_sends_nothing(t: HistoryHeadScenario) -> None:
    await t.rule(trigger=Trigger.HISTORY_HEAD)
    t.receiver.refuses = Undelivered("It answered with status 500.")
    assert await t.at(NOON, 9) == []
    t.receiver.refuses = None
    off = Terms(name="On call", trigger=Trigger.HISTORY_HEAD, enabled=False)
    change = ChangeNotificationRule(terms=off, at=t.clock.now())
    await t.application.execute(notification_rules, RULE, change, WHY)
    assert await t.at(NOON + PAUSES[0], 12) == []
    assert [row.state for row in t.messages()] == ["dropped"]
