"""Faults are followed from a cursor that is held, and one message that cannot be made delays no other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from eosvolt.adapters.memory.failed_jobs import MemoryFailedJobs
from eosvolt.application.failed_jobs import Job
from eosvolt.application.notification_service import NotificationService
from eosvolt.domain.kernel import Fact
from eosvolt.runtime.notification_dispatcher import NotificationDispatcher
from eosvolt.runtime.supervisor import Supervisor
from tests.eventually import in_background, until
from tests.unit.notifications.notification_scenario import NotificationScenario


class Away(Exception):  # noqa: N818 - the database, for a while
    """The database does not answer."""


class Kept:
    """A cursor in the database; ``outages``: so often the lease is lost when it should move."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.held = 0
        self.outages = 0

    async def position(self) -> int:
        return self.at

    async def advance(self, position: int) -> None:
        if self.outages:
            self.outages -= 1
            raise Away
        self.at = position

    @asynccontextmanager
    async def hold(self) -> AsyncIterator["Kept"]:
        self.held += 1
        yield self


async def shown(_: int) -> None:
    """The read models show everything at once."""


async def settled() -> None:
    """The read models show everything at once."""


@asynccontextmanager
async def dispatching(t: NotificationScenario, cursor: Kept) -> AsyncIterator[MemoryFailedJobs]:
    @asynccontextmanager
    async def notifier() -> AsyncIterator[NotificationService]:
        yield t.notifications

    listed = MemoryFailedJobs()
    supervisor = Supervisor(listed, t.clock)
    dispatcher = NotificationDispatcher(
        t.store, cursor.hold, notifier, listed, supervisor, t.clock, shown, settled
    )
    async with in_background(dispatcher.run((Away,))):
        yield listed


@pytest.fixture
async def t(monkeypatch: pytest.MonkeyPatch) -> NotificationScenario:
    for name in ("log_follower.OUTAGE_SECONDS", "notification_dispatcher.LOOK_EVERY_SECONDS"):
        monkeypatch.setattr(f"eosvolt.runtime.{name}", 0.001)
    sending = NotificationScenario()
    await sending.opened()
    await sending.rule()
    return sending


async def test_a_fault_is_reported_and_the_cursor_moves_on(t: NotificationScenario) -> None:
    cursor = Kept(len(t.store.facts))
    async with dispatching(t, cursor):
        await t.reports(1, "Faulted", error="GroundFailure")
        await until(lambda: bool(t.receiver.taken) and cursor.at == len(t.store.facts))
    assert len(t.receiver.taken) == 1


async def test_after_an_outage_the_cursor_is_acquired_again_and_nothing_is_reported_twice(
    t: NotificationScenario,
) -> None:
    cursor = Kept(len(t.store.facts))
    cursor.outages = 2
    async with dispatching(t, cursor):
        await t.reports(1, "Faulted", error="GroundFailure")
        await until(lambda: bool(t.receiver.taken) and cursor.at == len(t.store.facts))
    assert cursor.held == 3
    assert len(t.receiver.taken) == 1


async def test_a_request_that_fails_is_listed_and_the_next_ones_are_made(
    t: NotificationScenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    heed = t.notifications.heed

    async def broken(fact: Fact) -> None:
        if "GroundFailure" in fact.stream:
            raise LookupError("no such location")
        await heed(fact)

    monkeypatch.setattr(t.notifications, "heed", broken)
    async with dispatching(t, Kept(len(t.store.facts))) as listed:
        await t.reports(1, "Faulted", error="GroundFailure")
        await t.reports(2, "Faulted", 2, error="OverVoltage")
        await until(lambda: bool(t.receiver.taken))
        assert [subject.split()[0] for subject in t.receiver.subjects] == ["OverVoltage"]
        (job,) = listed.listed
        assert (job.job, job.error) == (Job.NOTIFICATION_REQUEST, "LookupError: no such location")
        monkeypatch.undo()
        assert job.next_attempt_at is not None
        t.later(job.next_attempt_at)
        await until(lambda: len(t.receiver.taken) == 2)
        assert listed.listed == []
