"""Every CALL of ours comes to exactly one end, whatever the charger answers and when."""

import json

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from eosvolt.adapters.ocpp import frames
from eosvolt.adapters.ocpp.connection import Ask, Connection

PATIENCE = 30.0


class Line(RuleBasedStateMachine):
    """A connection between an impatient system and a charger that answers what it likes."""

    def __init__(self) -> None:
        super().__init__()
        self.line = Connection("x")
        self.now = 0.0
        self.asked: dict[int, Ask] = {}
        self.ended: list[int] = []
        self.sent: list[Ask] = []

    @rule(urgency=st.integers(0, 3))
    def ask(self, urgency: int) -> None:
        ask = self.line.ask("Reset", {}, urgency, PATIENCE, self.now)
        self.asked[ask.number] = ask

    @rule()
    def send(self) -> None:
        waiting = [
            ask for ask in self.asked.values() if ask.number not in self.ended and ask not in self.sent
        ]
        ask = self.line.next_ask(self.now)
        if ask is not None:
            assert ask == min(waiting)
            self.sent.append(ask)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        answered = data.draw(st.sampled_from(self.sent))
        outstanding = self.line.outstanding
        settled = self.line.settle(answered.id)
        assert (settled is not None) == (outstanding is answered)
        if settled is not None:
            self.ended.append(settled.number)

    @rule(seconds=st.floats(0, 40))
    def wait(self, seconds: float) -> None:
        self.now += seconds
        due = self.line.next_deadline
        dead = self.line.overdue(self.now)
        assert bool(dead) == (due is not None and due <= self.now)
        self.ended.extend(ask.number for ask in dead)

    @rule()
    def lose(self) -> None:
        self.ended.extend(ask.number for ask in self.line.abandon())
        assert len(self.ended) == len(self.asked)

    @invariant()
    def nothing_ends_twice(self) -> None:
        assert len(self.ended) == len(set(self.ended))

    @invariant()
    def at_most_one_is_outstanding_and_it_has_not_ended(self) -> None:
        outstanding = self.line.outstanding
        assert outstanding is None or (outstanding in self.sent and outstanding.number not in self.ended)

    @invariant()
    def nothing_waits_without_a_deadline(self) -> None:
        assert (self.line.next_deadline is None) == (len(self.ended) == len(self.asked))


TestLine = Line.TestCase

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(
    st.text()
    | JSON.map(json.dumps)
    | st.lists(JSON, min_size=2, max_size=5).map(lambda x: json.dumps([2, *x]))
)
def test_any_text_is_something(text: str) -> None:
    message = frames.parse(text)
    assert isinstance(
        message, frames.Call | frames.Result | frames.Refusal | frames.Malformed | frames.InvalidFrame
    )
    if isinstance(message, frames.Call | frames.Malformed):
        assert json.loads(frames.error(message.id, "GenericError", "no"))[1] == message.id
