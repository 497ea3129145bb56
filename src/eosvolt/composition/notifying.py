"""What people and programs are told of faults, while the system runs."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import partial
from urllib.parse import quote

import structlog
from psycopg_pool import PoolTimeout

from eosvolt.adapters.mail.sender import MailSender
from eosvolt.adapters.postgres.bookmark import Bookmark, held
from eosvolt.adapters.postgres.connections import LOST
from eosvolt.adapters.postgres.notification_targets import PostgresTargets
from eosvolt.adapters.webhooks.sender import WebhookSender
from eosvolt.application.failed_jobs import Job
from eosvolt.application.notices import DueNotification, Sender
from eosvolt.application.notifying import Notifying
from eosvolt.composition.jobs import Jobs
from eosvolt.composition.system import System
from eosvolt.config import Settings
from eosvolt.domain.faults.events import FaultOpened, FaultRecovered, FaultRecurred
from eosvolt.domain.kernel import Fact
from eosvolt.domain.notification_rules.events import Channel
from eosvolt.domain.vocabulary import tags

log = structlog.get_logger("eosvolt")

FOLLOWED = tags(FaultOpened, FaultRecurred, FaultRecovered)
NAME = "notifications"
EVENTS_PER_PAGE = 1_000
LOOK_EVERY_SECONDS = 0.25
# Whatever keeps a message of a rule from being looked after, it is not tried again all the time.
REST_SECONDS = 30.0


@contextlib.asynccontextmanager
async def notifier(system: System, targets: PostgresTargets) -> AsyncIterator[Notifying]:
    """Who tells. Without an SMTP server messages by e-mail wait until one is set."""
    settings = system.settings
    async with WebhookSender(system.clock, private=settings.webhooks_to_private_addresses) as webhooks:
        senders: dict[Channel, Sender] = {Channel.WEBHOOK: webhooks}
        if settings.smtp_url:
            senders[Channel.EMAIL] = MailSender(settings.smtp_url, settings.mail_from)
        yield Notifying(
            system.application,
            system.store,
            system.queries,
            targets,
            senders,
            system.clock,
            lambda fault: entry_address(settings, fault),
        )


def entry_address(settings: Settings, fault: str) -> str:
    """Where people look at a diagnostics entry; without one, at all of them."""
    return f"{settings.base_url}/diagnostics" + (f"/{quote(fault, safe='')}" if fault else "")


async def keep_telling(system: System, targets: PostgresTargets, jobs: Jobs) -> None:
    """Follow the faults and deliver what is due, for ever and through any outage of the database."""
    while True:
        try:
            async with held(system.dsn, NAME) as bookmark, notifier(system, targets) as notifying:
                await _tell(system, notifying, bookmark, jobs)
        except (*LOST, PoolTimeout) as error:
            log.warning("notifications wait for the database", error=str(error).strip())
        await asyncio.sleep(1)


async def _tell(system: System, notifying: Notifying, bookmark: Bookmark, jobs: Jobs) -> None:
    position = await bookmark.position()
    under_way: dict[str, asyncio.Task[None]] = {}
    news = asyncio.Event()
    unsubscribe = system.store.subscribe(news.set)
    try:
        while True:
            news.clear()
            position = await _follow(system, notifying, bookmark, position, jobs)
            await _request_again(system, notifying, jobs)
            for rule, due in (await notifying.due_now()).items():
                if rule not in under_way or under_way[rule].done():
                    under_way[rule] = asyncio.create_task(_deliver(system, notifying, rule, due, jobs))
            under_way = {rule: task for rule, task in under_way.items() if not task.done()}
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_SECONDS):
                    await news.wait()
    finally:
        unsubscribe()
        for task in under_way.values():
            task.cancel()
        await asyncio.gather(*under_way.values(), return_exceptions=True)


async def _follow(system: System, notifying: Notifying, bookmark: Bookmark, after: int, jobs: Jobs) -> int:
    """Look at what was stored since; the position up to which that was done or noted as failed."""
    page = await system.store.read_log(after, EVENTS_PER_PAGE, FOLLOWED)
    if page.facts:
        # A rule that was made before a fault tells of it: the read models must know all rules of that time.
        await system.engine.wait_until(page.last)
    for fact in page.facts:
        await _request(notifying, fact, jobs)
    if page.last > after:
        await bookmark.advance(page.last)
    return max(after, page.last)


async def _request(notifying: Notifying, fact: Fact, jobs: Jobs, *, failed_before: bool = False) -> None:
    """Request the messages about one event of a fault, which is known on the list by its position."""
    await jobs.attempt(
        Job.NOTIFICATION_REQUEST,
        str(fact.position),
        partial(notifying.heed, fact),
        company=fact.why.company,
        failed_before=failed_before,
    )


async def _request_again(system: System, notifying: Notifying, jobs: Jobs) -> None:
    """Requests that failed have their next attempts behind what came later."""
    for failed in await system.failed_jobs.due_again(Job.NOTIFICATION_REQUEST, system.clock.now()):
        page = await system.store.read_log(int(failed.subject) - 1, 1, FOLLOWED)
        for fact in page.facts:
            await _request(notifying, fact, jobs, failed_before=True)


async def _deliver(
    system: System, notifying: Notifying, rule: str, due: list[DueNotification], jobs: Jobs
) -> None:
    """Deliver what is due of one rule, one after the other; none is in the way of the next."""
    try:
        await system.queries.settled()
        lately = await notifying.sent_lately(rule)
    except Exception:
        log.exception("a rule's messages could not be looked after", rule=rule)
        await asyncio.sleep(REST_SECONDS)
        return
    for each in due:
        await jobs.attempt(
            Job.NOTIFICATION_DELIVERY,
            each.notification,
            partial(notifying.deliver, each.notification, lately),
            company=each.company,
            deadline=each.due_at,
            failed_before=each.failed_before,
        )
