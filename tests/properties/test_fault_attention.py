"""Whatever people do with a fault and whatever it does: page and rules agree on who looks after it."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from eosvolt.domain.faults.commands import (
    AcknowledgeFault,
    AssignFault,
    FaultCommand,
    RecoverFault,
    SnoozeFault,
    SolveFault,
    UnacknowledgeFault,
    WakeFault,
)
from eosvolt.domain.faults.decider import Fault, FaultRecord, faults
from eosvolt.domain.faults.events import Severity
from eosvolt.domain.kernel import Fact, Provenance, Rejected
from eosvolt.projections.faults import FaultRow
from eosvolt.projections.faults import faults as rows
from tests.examples import COMPANY, after, fault_report

SUBJECT = "242/CP-1/1/HighTemperature"
PEOPLE = ("", "admin:anna", "admin:ben")


def command(kind: str, minute: int, number: int, choice: int) -> FaultCommand:
    at, by = after(minute), PEOPLE[1 + choice % 2]
    report = fault_report(minute, severity=Severity.ERROR if choice % 2 else Severity.WARNING)
    until = at + timedelta(minutes=5 * choice)
    made: dict[str, FaultCommand] = {
        "report": report,
        "recover": RecoverFault(at=at),
        "solve": SolveFault(number=number, at=at, by=by),
        "acknowledge": AcknowledgeFault(number=number, at=at, by=by),
        "unacknowledge": UnacknowledgeFault(number=number, at=at, by=by),
        "assign": AssignFault(number=number, at=at, by=by, owner=PEOPLE[choice]),
        "snooze": SnoozeFault(number=number, at=at, by=by, until=until),
        "wake": WakeFault(number=number, at=at, by=by),
    }
    return made[kind]


KINDS = ("report", "recover", "solve", "acknowledge", "unacknowledge", "assign", "snooze", "wake")
STEPS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(1, 3), st.integers(1, 2), st.integers(0, 2)), max_size=40
)


@given(STEPS)
def test_page_and_rules_agree_and_nothing_is_decided_twice(steps: list[tuple[str, int, int, int]]) -> None:
    state: Fault = faults.initial
    found: dict[str, FaultRow] = {}
    minute = version = 0
    for kind, passed, number, choice in steps:
        minute += passed
        wanted = command(kind, minute, number, choice)
        try:
            events = list(faults.decide(wanted, state))
        except Rejected:
            continue
        state = faults.fold(events, state)
        assert list(faults.decide(wanted, state)) == []
        for event in events:
            version += 1
            why = Provenance(COMPANY, "admin:anna")
            fact = Fact(version, f"fault:{SUBJECT}", version, event, after(minute), why)
            for key in rows.keys(fact):
                row = rows.apply(found.get(key), fact, key)
                assert row is not None
                found[key] = row
        if not isinstance(state, FaultRecord):
            continue
        shown = found[f"{SUBJECT}#{state.number}"]
        assert (shown.acknowledged_at is not None) == state.attention.acknowledged
        assert (shown.owner, shown.snoozed_until) == (state.attention.owner, state.attention.snoozed_until)
        assert shown.state == state.state
        assert (shown.down_since is not None) == (state.state == "open")
        assert timedelta() <= shown.down(after(minute)) <= after(minute) - shown.since
