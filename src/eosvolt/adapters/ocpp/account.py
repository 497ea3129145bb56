"""An account of a charger's messages that broke their schema, closed every now and then.

The first of a kind is told at once, so that an operator sees it; then once a minute, so that a charger that
errs with every message does not fill the history. What is not yet told is lost with the process: the message
log still has each of them.
"""

from collections import Counter
from datetime import datetime
from typing import NamedTuple

FIRST_WITHIN_SECONDS = 1.0
EVERY_SECONDS = 60.0


class Closed(NamedTuple):
    """Counts by (action, rule) since ``since``."""

    since: datetime
    repaired: Counter[tuple[str, str]]
    unreadable: Counter[tuple[str, str]]


class Account:
    """Counts. Times of ``wait`` are seconds of one monotonic clock that the caller reads."""

    def __init__(self) -> None:
        self._since: datetime | None = None
        self._repaired: Counter[tuple[str, str]] = Counter()
        self._unreadable: Counter[tuple[str, str]] = Counter()
        self._closed_at: float | None = None

    def repaired(self, action: str, rules: list[str], at: datetime) -> None:
        """A message was understood with the help of ``rules``."""
        self._since = self._since or at
        self._repaired.update((action, rule) for rule in rules)

    def unreadable(self, action: str, rule: str, at: datetime) -> None:
        """A message was not understood."""
        self._since = self._since or at
        self._unreadable[action, rule] += 1

    def wait(self, now: float) -> float | None:
        """How long until the account should be closed; ``None`` where it is empty."""
        if self._since is None:
            return None
        if self._closed_at is None:
            return FIRST_WITHIN_SECONDS
        return max(FIRST_WITHIN_SECONDS, self._closed_at + EVERY_SECONDS - now)

    def close(self, now: float) -> Closed | None:
        """What was counted, and begin anew; ``None`` where there is nothing."""
        if self._since is None:
            return None
        closed = Closed(self._since, self._repaired, self._unreadable)
        self._since, self._repaired, self._unreadable = None, Counter(), Counter()
        self._closed_at = now
        return closed

    def reopen(self, closed: Closed) -> None:
        """Nobody could be told: count on from where it was closed."""
        self._since = closed.since if self._since is None else min(self._since, closed.since)
        self._repaired.update(closed.repaired)
        self._unreadable.update(closed.unreadable)
