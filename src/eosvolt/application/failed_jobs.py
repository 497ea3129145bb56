"""Work that failed: when it is tried again, and when it is left to an operator as a dead letter."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol

# The pause after each failed attempt: about eight hours in all, then nothing happens by itself any more.
PAUSES = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
)
# The company of jobs that belong to the whole installation.
INSTALLATION = 0
LONGEST_ERROR = 500


class Job(StrEnum):
    """What can fail. The values are stored and shown by the API."""

    DEADLINE = "deadline"
    NOTIFICATION_REQUEST = "notification request"
    NOTIFICATION_DELIVERY = "notification delivery"
    BACKGROUND = "background"
    HISTORY_CHAIN = "history chain"


class FailedJob(NamedTuple):
    """One job that failed ``attempts`` times; without ``next_attempt_at`` it was given up.

    ``deadline`` is the instant at which a job of kind ``Job.DEADLINE`` was due.
    """

    id: int
    job: str
    subject: str
    company: int
    deadline: datetime | None
    attempts: int
    first_failed_at: datetime
    last_failed_at: datetime
    next_attempt_at: datetime | None
    error: str

    @property
    def given_up(self) -> bool:
        """Whether it waits for an operator."""
        return self.next_attempt_at is None


class FailedJobs(Protocol):
    """The list of failed jobs, which survives restarts."""

    async def failed(
        self,
        job: Job,
        subject: str,
        company: int,
        error: str,
        now: datetime,
        *,
        deadline: datetime | None = None,
        again_in: timedelta | None = None,
    ) -> None:
        """Count a failed attempt. The next follows ``again_in``, without it by ``next_attempt``."""
        ...

    async def succeeded(self, job: Job, subject: str) -> None:
        """Take it off the list."""
        ...

    async def due_again(self, job: Job, now: datetime) -> Sequence[FailedJob]:
        """Those of one kind whose next attempt is due, the earliest first."""
        ...


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When a job that has failed ``attempts`` times is tried again; ``None``: it is given up."""
    return now + PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def in_short(error: BaseException) -> str:
    """An error as one line for operators: its type and the first line of its text."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}"[:LONGEST_ERROR] if lines else type(error).__name__
