"""One rule of one decider: ``Rule(decider).given(*events).when(command).then(*events)``."""

from collections.abc import Sequence
from typing import Any

from eosvolt.domain.kernel import Command, Decider, Event


class Rule:
    """``Rule(decider).given(*events).when(command).then(*events)``.

    What a decider decides, and that it does so once.
    """

    def __init__(self, decider: Decider[Any, Any, Any]) -> None:
        self._decider = decider
        self._state = decider.initial
        self._decided: Sequence[Event] = ()
        self._command: Command | None = None

    def given(self, *events: Event) -> "Rule":
        self._state = self._decider.fold(list(events), self._state)
        return self

    def when(self, command: Command) -> "Rule":
        self._command = command
        self._decided = self._decider.decide(command, self._state)
        return self

    def then(self, *events: Event) -> "Rule":
        assert list(self._decided) == list(events)
        self._state = self._decider.fold(list(self._decided), self._state)
        assert list(self._decider.decide(self._command, self._state)) == [], (
            "the command decides something twice"
        )
        return self
