"""What falls due is carried out beside each other, each subject once at a time."""

import asyncio
from collections.abc import Mapping

import pytest

from eosvolt.runtime.deadline_scheduler import DeadlineScheduler
from eosvolt.runtime.supervisor import Work
from tests.eventually import in_background, until


class Away(Exception):  # noqa: N818 - the database, for a while
    """The database does not answer."""


class Due:
    """What is due, and what was begun of it; nothing ends before it may."""

    def __init__(self, *subjects: str) -> None:
        self.due = list(subjects)
        self.begun: list[str] = []
        self.may_end: dict[str, asyncio.Event] = {}
        self.outages = 0
        self.ended: list[str] = []

    async def __call__(self) -> Mapping[str, Work]:
        if self.outages:
            self.outages -= 1
            raise Away
        return {subject: self._work(subject) for subject in self.due}

    def _work(self, subject: str) -> Work:
        async def work() -> None:
            self.begun.append(subject)
            await self.may_end.setdefault(subject, asyncio.Event()).wait()
            self.ended.append(subject)

        return work

    async def end(self, subject: str) -> None:
        self.may_end.setdefault(subject, asyncio.Event()).set()
        while subject not in self.ended:
            await asyncio.sleep(0)


async def begun(scheduler: DeadlineScheduler) -> None:
    await scheduler.look()
    await asyncio.sleep(0)


async def test_one_that_hangs_delays_no_other() -> None:
    work = Due("hangs", "sound")
    async with DeadlineScheduler(work) as scheduler:
        await begun(scheduler)
        await work.end("sound")
        work.due = ["hangs", "later"]
        await begun(scheduler)
    assert work.begun == ["hangs", "sound", "later"]
    assert work.ended == ["sound"]


async def test_what_is_under_way_is_not_begun_once_more() -> None:
    work = Due("session:1")
    async with DeadlineScheduler(work) as scheduler:
        await begun(scheduler)
        await begun(scheduler)
        assert work.begun == ["session:1"]
        await work.end("session:1")
        await begun(scheduler)
    assert work.begun == ["session:1", "session:1"]


async def test_no_more_are_under_way_than_together_allows_and_the_next_ones_follow() -> None:
    work = Due("a", "b", "c")
    async with DeadlineScheduler(work, together=2) as scheduler:
        await begun(scheduler)
        assert work.begun == ["a", "b"]
        work.due.remove("a")
        await work.end("a")
        await begun(scheduler)
    assert work.begun == ["a", "b", "c"]


async def test_whether_anything_was_due_is_returned() -> None:
    async with DeadlineScheduler(Due("a")) as scheduler:
        assert await scheduler.look()
    async with DeadlineScheduler(Due()) as scheduler:
        assert not await scheduler.look()


async def test_what_is_under_way_ends_with_the_scheduler() -> None:
    work = Due("session:1")
    async with DeadlineScheduler(work) as scheduler:
        await begun(scheduler)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert work.ended == []


async def test_an_outage_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eosvolt.runtime.deadline_scheduler.OUTAGE_SECONDS", 0.01)
    work = Due("session:1")
    work.outages = 2
    async with in_background(DeadlineScheduler(work).run((Away,))):
        await until(lambda: bool(work.begun))
    assert work.outages == 0
