"""What goes on by itself while the system runs."""

import asyncio
import contextlib
from functools import partial

import structlog
from psycopg_pool import PoolTimeout

from eosvolt.adapters.postgres.connections import LOST
from eosvolt.adapters.postgres.pulse import Pulse
from eosvolt.application.failed_jobs import Job
from eosvolt.application.ports import Due
from eosvolt.application.watch import Watch
from eosvolt.composition.courier import Courier
from eosvolt.composition.jobs import Jobs
from eosvolt.composition.system import System
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import (
    ChargePointAdded,
    ChargePointBooted,
    ChargePointChanged,
    ChargePointConnected,
    ChargePointDisconnected,
    ChargePointRemoved,
    HandlingChanged,
    PasswordChanged,
)
from eosvolt.domain.commands.events import (
    CommandExpired,
    CommandFailed,
    CommandRequested,
    CommandRequeued,
    CommandSent,
    CommandTimedOut,
)
from eosvolt.domain.companies.events import (
    AdoptionChanged,
    CertificateOrganizationChanged,
    CompanyRegistered,
    CompanyRenamed,
)
from eosvolt.domain.kernel import Fact
from eosvolt.domain.locations.events import LocationChanged, TariffChanged
from eosvolt.domain.maintenance.events import CertificatesRevoked, FileReceived, UploadOpened
from eosvolt.domain.tokens.events import TokenChanged, TokenIssued
from eosvolt.domain.vocabulary import tags

log = structlog.get_logger("eosvolt")

WATCH_EVERY_SECONDS = 0.25
DEADLINES_TOGETHER = 32
DISCONNECTIONS_AT_ONCE = 500
EVENTS_PER_PAGE = 1_000
# Under load there is a commit every few milliseconds; looking after each would read the log in crumbs.
FOLLOW_PACE = 0.02
# What operators change while chargers are connected, maybe in another process.
SAID_BY_OPERATORS = (
    ChargePointAdded,
    ChargePointChanged,
    ChargePointRemoved,
    PasswordChanged,
    HandlingChanged,
    CompanyRegistered,
    CompanyRenamed,
    AdoptionChanged,
    CertificateOrganizationChanged,
    CertificatesRevoked,
    LocationChanged,
    TariffChanged,
    TokenIssued,
    TokenChanged,
    UploadOpened,
    FileReceived,
)
# What tells what there is to deliver, and to whom.
OF_COMMANDS = (
    CommandRequested,
    CommandRequeued,
    CommandSent,
    CommandFailed,
    CommandTimedOut,
    CommandExpired,
    ChargePointConnected,
    ChargePointBooted,
    ChargePointDisconnected,
)
FOLLOWED = tags(*OF_COMMANDS, *SAID_BY_OPERATORS)


async def keep_watch(watch: Watch, jobs: Jobs) -> None:
    """Carry out what falls due, for ever; deadlines do not wait for each other."""
    under_way: dict[str, asyncio.Task[bool]] = {}
    try:
        while True:
            try:
                due = await watch.due()
            except (*LOST, PoolTimeout) as error:
                log.warning("deadlines wait for the database", error=str(error).strip())
                await asyncio.sleep(1)
                continue
            for each in due:
                if each.stream not in under_way and len(under_way) < DEADLINES_TOGETHER:
                    under_way[each.stream] = asyncio.create_task(_carry_out(watch, each, jobs))
            if under_way:
                await asyncio.wait(
                    under_way.values(), timeout=WATCH_EVERY_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
            under_way = {stream: task for stream, task in under_way.items() if not task.done()}
            if due:
                # The list of what is due follows the history a moment later.
                await asyncio.sleep(WATCH_EVERY_SECONDS / 5)
            else:
                await asyncio.sleep(WATCH_EVERY_SECONDS)
    finally:
        for task in under_way.values():
            task.cancel()
        await asyncio.gather(*under_way.values(), return_exceptions=True)


async def _carry_out(watch: Watch, due: Due, jobs: Jobs) -> bool:
    return await jobs.attempt(
        Job.DEADLINE,
        due.stream,
        partial(watch.carry_out, due.stream),
        company=due.company,
        deadline=due.due_at,
        failed_before=due.failed_before,
    )


async def declare_gone(system: System, pulse: Pulse) -> None:
    """Chargers that a gateway held when it died have been away since; those that are there connect again."""
    last = await pulse.taken_over()
    if last is None:
        return
    await system.queries.settled(seconds=30)
    since = min(last, system.clock.now())
    online = await system.duties.online()
    for first in range(0, len(online), DISCONNECTIONS_AT_ONCE):
        some = online[first : first + DISCONNECTIONS_AT_ONCE]
        await system.application.recall(charge_points, some)
        async with asyncio.TaskGroup() as group:
            for charge_point in some:
                gone = system.charging.disconnected(charge_point, at=since, reason="the gateway stopped")
                group.create_task(gone)


async def follow(system: System) -> None:
    """Follow the history for what concerns chargers that are connected here.

    Commands to them, their exclusion, and what may be known no longer as it was.
    """
    news = asyncio.Event()
    unsubscribe = system.store.subscribe(news.set)
    under_way: set[asyncio.Task[None]] = set()
    courier = Courier(system.delivering, system.presence, system.settings.bulk_commands_per_second)
    try:
        after = await system.store.head()
        await _left_over(system, courier)
        while True:
            news.clear()
            try:
                page = await system.store.read_log(after, EVENTS_PER_PAGE, FOLLOWED)
            except (*LOST, PoolTimeout) as error:
                # Going on here misses nothing; beginning anew would.
                log.warning("following the history waits for the database", error=str(error).strip())
                await asyncio.sleep(1)
                continue
            for fact in page.facts:
                system.application.learnt(fact.stream, fact.version)
                _inform(courier, fact)
                task = asyncio.create_task(_concerning(system, courier, fact))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
                task.add_done_callback(_complain)
            after = max(after, page.last)
            if 0 < page.passed < EVENTS_PER_PAGE:
                await asyncio.sleep(FOLLOW_PACE)
            elif not page.passed:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(1):
                        await news.wait()
    finally:
        unsubscribe()
        await courier.stop()


async def _left_over(system: System, courier: Courier) -> None:
    """What was asked for before, and is still to be sent."""
    await system.queries.settled(seconds=30)
    for command in await system.duties.commands():
        request = await system.delivering.waiting(command)
        if request is not None:
            courier.take(request)


def _inform(courier: Courier, fact: Fact) -> None:
    """Let the courier know, in the order of the history."""
    match fact.event:
        case CommandRequested() as request:
            courier.take(request)
        case (
            CommandSent(charge_point=charge_point)
            | CommandFailed(charge_point=charge_point)
            | CommandTimedOut(charge_point=charge_point)
            | CommandExpired(charge_point=charge_point)
        ):
            courier.drop(charge_point, fact.key)
        case ChargePointConnected():
            courier.arrived(fact.key)
        case ChargePointBooted():
            courier.arrived(fact.key, started=True)
        case ChargePointDisconnected():
            courier.left(fact.key)


async def _concerning(system: System, courier: Courier, fact: Fact) -> None:
    match fact.event:
        case CommandRequeued():
            request = await system.delivering.waiting(fact.key)
            if request is not None:
                courier.take(request, again=True)
        case HandlingChanged(conformance=conformance, held=held):
            system.presence.treat(fact.key, conformance, held=held)
        case ChargePointRemoved() | ChargePointChanged(disabled=True):
            await system.presence.expel(fact.key)
        case PasswordChanged() | CertificatesRevoked():
            # Whoever came in since then was judged by what is right now.
            await system.presence.expel(fact.key, before=fact.recorded_at)


def _complain(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("a command could not be carried out", exc_info=task.exception())
