from eosvolt.adapters.ocpp.connection import ANSWERS_REMEMBERED, REMEMBERED_SECONDS, Connection
from eosvolt.adapters.ocpp.frames import Call


def connection() -> Connection:
    return Connection("abc")


def test_one_call_is_outstanding_at_a_time() -> None:
    line = connection()
    line.ask("ClearCache", {}, 2, 30, now=0)
    line.ask("Reset", {"type": "Soft"}, 2, 30, now=0)
    first = line.next_ask(1)
    assert first is not None
    assert first.text == '[2,"abc-1","ClearCache",{}]'
    assert line.next_ask(2) is None
    assert line.settle(first.id) is first
    second = line.next_ask(3)
    assert second is not None
    assert second.action == "Reset"


def test_the_urgent_goes_before_what_waits_longer_and_equals_keep_their_order() -> None:
    line = connection()
    for action, urgency in (("A", 3), ("B", 3), ("C", 0), ("D", 1)):
        line.ask(action, {}, urgency, 30, now=0)
    order = []
    while (ask := line.next_ask(1)) is not None:
        order.append(ask.action)
        line.settle(ask.id)
    assert order == ["C", "D", "A", "B"]


def test_an_answer_counts_only_for_the_call_that_is_outstanding() -> None:
    line = connection()
    assert line.settle("abc-1") is None
    ask = line.ask("A", {}, 0, 30, now=0)
    assert line.settle(ask.id) is None
    line.next_ask(0)
    assert line.settle("other") is None
    assert line.settle(ask.id) is ask
    assert line.settle(ask.id) is None


def test_the_deadline_runs_from_the_sending_and_the_waiting_have_their_own() -> None:
    line = connection()
    sent, waiting = (line.ask(action, {}, 0, 30, now=0) for action in "AB")
    deadlines = [line.next_deadline]
    line.next_ask(10)
    deadlines.append(line.next_deadline)
    assert line.overdue(29.9) == []
    assert line.overdue(30) == [waiting]
    assert waiting.deadline == 0
    deadlines.append(line.next_deadline)
    assert line.overdue(40) == [sent]
    assert [*deadlines, line.next_deadline] == [30, 30, 40, None]
    assert line.settle(sent.id) is None


def test_a_lost_connection_abandons_everything() -> None:
    line = connection()
    asks = [line.ask(action, {}, 0, 30, now=0) for action in "AB"]
    line.next_ask(0)
    assert sorted(line.abandon()) == asks
    assert line.next_ask(1) is None
    assert line.next_deadline is None


def call(id_: str, text: str = "x") -> Call:
    return Call(id_, "StatusNotification", {}, text)


def test_the_same_call_gets_the_same_answer_for_some_minutes() -> None:
    line = connection()
    line.remember(call("1"), "answer", now=0)
    assert line.recall(call("1"), REMEMBERED_SECONDS) == "answer"
    assert line.recall(call("1"), REMEMBERED_SECONDS + 1) is None


def test_another_payload_under_the_same_id_is_another_call() -> None:
    line = connection()
    line.remember(call("1", "x"), "answer", now=0)
    assert line.recall(call("1", "y"), 1) is None
    assert line.recall(call("2", "x"), 1) is None


def test_only_the_last_answers_are_remembered() -> None:
    line = connection()
    for number in range(ANSWERS_REMEMBERED + 1):
        line.remember(call(str(number)), "answer", now=0)
    assert line.recall(call("0"), 0) is None
    assert line.recall(call("1"), 0) == "answer"
