"""Follows the events of faults, requests messages about them, and delivers due messages."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from functools import partial

import structlog

from eosvolt.application.failed_jobs import FailedJobs, Job
from eosvolt.application.notification_messages import DueNotification
from eosvolt.application.notification_service import NotificationService
from eosvolt.application.ports import Clock
from eosvolt.domain.faults.events import FaultOpened, FaultRecovered, FaultRecurred
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tags
from eosvolt.runtime.deadline_scheduler import DeadlineScheduler
from eosvolt.runtime.log_follower import Cursor, Log, LogFollower, LogPage, Outage, while_held
from eosvolt.runtime.supervisor import Supervisor, Work

log = structlog.get_logger("eosvolt")

FOLLOWED = tags(FaultOpened, FaultRecurred, FaultRecovered)
NAME = "notifications"
LOOK_EVERY_SECONDS = 0.25
# Seconds before a rule is tried again after an unexpected error.
REST_SECONDS = 30.0


class NotificationDispatcher:
    """Runs in one process at a time: the one that holds the cursor."""

    def __init__(
        self,
        log: Log,
        hold: Callable[[], AbstractAsyncContextManager[Cursor]],
        notifier: Callable[[], AbstractAsyncContextManager[NotificationService]],
        failed: FailedJobs,
        supervisor: Supervisor,
        clock: Clock,
        shown: Callable[[int], Awaitable[object]],
        settled: Callable[[], Awaitable[object]],
    ) -> None:
        """``hold`` waits until the cursor is free and holds it; ``notifier`` opens the delivering service.

        ``shown`` returns when the read models show a position, ``settled`` when they show what was stored.
        """
        self._log = log
        self._hold = hold
        self._notifier = notifier
        self._failed = failed
        self._supervisor = supervisor
        self._clock = clock
        self._shown = shown
        self._settled = settled

    async def run(self, outage: Outage) -> None:
        """Run for ever. After an error of a type in ``outage`` it acquires the cursor again."""
        await while_held(self._hold, self._dispatch, outage, "notifications wait for the database")

    async def _dispatch(self, cursor: Cursor) -> None:
        async with self._notifier() as service:
            await self._request_messages(cursor, service)

    async def _request_messages(self, cursor: Cursor, service: NotificationService) -> None:
        follower = LogFollower(self._log, cursor, partial(self._request_all, service), tags=FOLLOWED)
        self._supervisor.follows(NAME, follower)
        async with DeadlineScheduler(partial(self._due, service)) as deliveries:
            with follower.listening():
                while True:
                    await follower.step()
                    await self._request_again(service)
                    await deliveries.look()
                    await asyncio.sleep(LOOK_EVERY_SECONDS)
                    await follower.wait(LOOK_EVERY_SECONDS)

    async def _request_all(self, service: NotificationService, page: LogPage) -> None:
        # Rules made before a fault apply to it, so the read models must show them first.
        await self._shown(page.last)
        for fact in page.facts:
            await self._request(service, fact)

    async def _request(
        self, service: NotificationService, fact: Fact, *, failed_before: bool = False
    ) -> None:
        """Request the messages about one event of a fault; a failure is listed under its position."""
        await self._supervisor.attempt(
            Job.NOTIFICATION_REQUEST,
            str(fact.position),
            partial(service.heed, fact),
            company=fact.why.company,
            failed_before=failed_before,
        )

    async def _request_again(self, service: NotificationService) -> None:
        """Retry failed requests that are due; later events are not held up by them."""
        for failed in await self._failed.due_again(Job.NOTIFICATION_REQUEST, self._clock.now()):
            page = await self._log.read_log(int(failed.subject) - 1, 1, FOLLOWED)
            for fact in page.facts:
                await self._request(service, fact, failed_before=True)

    async def _due(self, service: NotificationService) -> Mapping[str, Work]:
        """The due deliveries by rule; rules do not wait for each other."""
        return {
            rule: partial(self._deliver, service, rule, due)
            for rule, due in (await service.due_now()).items()
        }

    async def _deliver(self, service: NotificationService, rule: str, due: list[DueNotification]) -> None:
        """Deliver the due messages of one rule in sequence; a failure does not stop the next."""
        try:
            await self._settled()
            lately = await service.sent_lately(rule)
        except Exception:
            log.exception("a rule's messages could not be looked after", rule=rule)
            await asyncio.sleep(REST_SECONDS)
            return
        for each in due:
            await self._supervisor.attempt(
                Job.NOTIFICATION_DELIVERY,
                each.notification,
                partial(service.deliver, each.notification, lately),
                company=each.company,
                deadline=each.due_at,
                failed_before=each.failed_before,
            )
