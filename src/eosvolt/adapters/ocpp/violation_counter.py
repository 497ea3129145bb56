"""Counts a charger's messages that broke their schema, until the counts are recorded.

The first violation is recorded within a second, so that an operator sees it. After that the counts are
recorded once a minute, so that a charger that errs with every message does not fill the history. Counts that
are not recorded yet are lost with the process; the message log still has each message.
"""

from collections import Counter
from datetime import datetime
from typing import NamedTuple

FIRST_WITHIN_SECONDS = 1.0
EVERY_SECONDS = 60.0


class Counts(NamedTuple):
    """Numbers of violations by (action, rule) since ``since``."""

    since: datetime
    repaired: Counter[tuple[str, str]]
    unreadable: Counter[tuple[str, str]]


class ViolationCounter:
    """The violations of one connection. Times are seconds of a monotonic clock that the caller reads."""

    def __init__(self) -> None:
        self._since: datetime | None = None
        self._repaired: Counter[tuple[str, str]] = Counter()
        self._unreadable: Counter[tuple[str, str]] = Counter()
        self._flushed_at: float | None = None

    def repaired(self, action: str, rules: list[str], at: datetime) -> None:
        """Count a message that was repaired by ``rules``."""
        self._since = self._since or at
        self._repaired.update((action, rule) for rule in rules)

    def unreadable(self, action: str, rule: str, at: datetime) -> None:
        """Count a message that could not be read."""
        self._since = self._since or at
        self._unreadable[action, rule] += 1

    def wait(self, now: float) -> float | None:
        """The seconds until the counts should be recorded; ``None`` where there are none."""
        if self._since is None:
            return None
        if self._flushed_at is None:
            return FIRST_WITHIN_SECONDS
        return max(FIRST_WITHIN_SECONDS, self._flushed_at + EVERY_SECONDS - now)

    def flush(self, now: float) -> Counts | None:
        """Return the counts and start again from zero; ``None`` where there are none."""
        if self._since is None:
            return None
        counts = Counts(self._since, self._repaired, self._unreadable)
        self._since, self._repaired, self._unreadable = None, Counter(), Counter()
        self._flushed_at = now
        return counts

    def restore(self, counts: Counts) -> None:
        """Add ``counts`` again after they could not be recorded."""
        self._since = counts.since if self._since is None else min(self._since, counts.since)
        self._repaired.update(counts.repaired)
        self._unreadable.update(counts.unreadable)
