"""Follows what happens to bookings, and stores the mails to their drivers."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import structlog

from eosvolt.application.booking_mails import NAME, BookingMails
from eosvolt.runtime.log_follower import OUTAGE_SECONDS, Cursor, Log, LogFollower, LogPage, Outage
from eosvolt.runtime.supervisor import Supervisor

log = structlog.get_logger("eosvolt")


class BookingMailFollower:
    """Runs in one process at a time: the one that holds the cursor. It begins at the end of the log."""

    def __init__(
        self,
        log: Log,
        hold: Callable[[], AbstractAsyncContextManager[Cursor]],
        mails: BookingMails,
        supervisor: Supervisor,
        tags: frozenset[str],
    ) -> None:
        """``hold`` waits until the cursor is free and holds it; mails are about events of ``tags``."""
        self._log = log
        self._hold = hold
        self._mails = mails
        self._supervisor = supervisor
        self._tags = tags

    async def run(self, outage: Outage) -> None:
        """Run for ever. After an error of a type in ``outage`` it acquires the cursor again."""
        while True:
            try:
                async with self._hold() as cursor:
                    await self._follow(cursor)
            except outage as error:
                log.warning("booking mails wait for the database", error=str(error).strip())
            await asyncio.sleep(OUTAGE_SECONDS)

    async def _follow(self, cursor: Cursor) -> None:
        follower = LogFollower(self._log, cursor, self._store, tags=self._tags)
        self._supervisor.follows(NAME, follower)
        with follower.listening():
            while True:
                if not await follower.step():
                    await follower.wait(1.0)

    async def _store(self, page: LogPage) -> None:
        for fact in page.facts:
            await self._mails.store(fact)
