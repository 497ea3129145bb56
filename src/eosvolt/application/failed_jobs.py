"""Failed jobs: when they are tried again, and when they are left to an operator as dead letters."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol

# The pause after each failed attempt, about eight hours in all. Then there are no automatic attempts.
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
# Stands for the company of jobs of the whole installation.
INSTALLATION = 0
LONGEST_ERROR = 500


class Job(StrEnum):
    """The kinds of jobs. The values are stored and shown by the API."""

    DEADLINE = "deadline"
    NOTIFICATION_REQUEST = "notification request"
    NOTIFICATION_DELIVERY = "notification delivery"
    ACCOUNT_MAIL = "account mail"
    BACKGROUND = "background"
    LOAD_BALANCING = "load balancing"
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
        """Whether there are no more automatic attempts, so that it waits for an operator."""
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
        """Count a failed attempt. The next one follows after ``again_in``, or else by ``next_attempt``."""
        ...

    async def succeeded(self, job: Job, subject: str) -> None:
        """Remove the job from the list."""
        ...

    async def due_again(self, job: Job, now: datetime) -> Sequence[FailedJob]:
        """The failed jobs of one kind whose next attempt is due, the earliest first."""
        ...


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When a job that has failed ``attempts`` times is tried again; ``None`` if it is given up."""
    return now + PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def in_short(error: BaseException) -> str:
    """An error as one line for operators: its type and the first line of its text."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}"[:LONGEST_ERROR] if lines else type(error).__name__
