"""Queries of the background jobs: which deadlines are due, which chargers were connected."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import LiteralString, Self

from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.queries.live import LiveRows, readers_of
from eosvolt.application.failed_jobs import Job
from eosvolt.application.payment_collection import PAYMENT
from eosvolt.application.ports import Due
from eosvolt.application.receipt_issuing import BOOKING_RECEIPT, RECEIPT
from eosvolt.domain.charge_points.events import (
    ChargePointConnected,
    ChargePointDisconnected,
    ChargePointRemoved,
)
from eosvolt.domain.commands.events import CommandRequested, CommandRequeued
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tags
from eosvolt.projections import READ_MODELS
from eosvolt.projections.booking_fees import booking_fees
from eosvolt.projections.charge_points import charge_points
from eosvolt.projections.deadlines import SETTLING, deadlines
from eosvolt.projections.payments import payments
from eosvolt.projections.session_history import session_history

_FAILED: LiteralString = "SELECT subject FROM failed_jobs WHERE job = %s AND subject = ANY(%s)"
_BUILT: LiteralString = "SELECT count(*) FROM read_model_versions WHERE name = ANY(%s)"

_RECEIPT, _BOOKING_RECEIPT, _PAYMENT = f"{RECEIPT}:", f"{BOOKING_RECEIPT}:", f"{PAYMENT}:"
_LOOK_EVERY = 0.05
FACTS_AT_ONCE = 2_000
CONNECTIONS = tags(ChargePointConnected, ChargePointDisconnected, ChargePointRemoved)
REQUESTS = tags(CommandRequested, CommandRequeued)


def _unless_failed(subject: LiteralString, deadline: LiteralString) -> LiteralString:
    """The condition that leaves out what failed and waits for its next attempt, or was given up."""
    condition: LiteralString = (
        " AND NOT EXISTS (SELECT FROM failed_jobs f WHERE f.job = %(job)s AND f.subject = {subject}"
        " AND f.deadline = {deadline} AND coalesce(f.next_attempt_at > %(now)s, true))"
    )
    return condition.replace("{subject}", subject).replace("{deadline}", deadline)


_DUE: LiteralString = (
    f"WHERE due_at <= %(now)s{_unless_failed('stream', 'due_at')} ORDER BY due_at, stream LIMIT %(limit)s"
)
_RECEIPTS_DUE: LiteralString = (
    "SELECT %(kind)s || id, company, receipt_due_at FROM {table} s"
    " WHERE receipt_due_at <= %(since)s{unless_failed} ORDER BY receipt_due_at, id LIMIT %(limit)s"
).replace("{unless_failed}", _unless_failed("%(kind)s || s.id", "receipt_due_at"))
_PAYMENTS_DUE: LiteralString = (
    "SELECT %(kind)s || id, company, due_at FROM {payments} p"
    " WHERE due_at <= %(now)s{unless_failed} ORDER BY due_at, id LIMIT %(limit)s"
).replace("{unless_failed}", _unless_failed("%(kind)s || p.id", "due_at"))


class BackgroundQueries:
    """Uses its own connections, so that the queries of users never delay a deadline."""

    def __init__(self, dsn: str, store: PostgresEventStore) -> None:
        """``store`` has the history. Use it as an async context manager."""
        self._store = store
        self._reading = ReadPool(dsn, "background", size=2)
        self._live = LiveRows(
            self._reading, readers_of((booking_fees, charge_points, deadlines, session_history, payments))
        )

    async def __aenter__(self) -> Self:
        """Start filling the pool; does not wait for the database."""
        await self._reading.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self._reading.close()

    async def built(self) -> bool:
        """Whether every read model has a table that can be queried."""
        rows = await self._reading.fetch(_BUILT, ([model.name for model in READ_MODELS],))
        return bool(rows[0][0] == len(READ_MODELS))

    async def until_built(self, seconds: float) -> None:
        """Return when ``built``. Raises ``TimeoutError`` after ``seconds``."""
        async with asyncio.timeout(seconds):
            while not await self.built():  # noqa: ASYNC110 - another process may be the one that builds them
                await asyncio.sleep(_LOOK_EVERY)

    async def due(self, now: datetime, limit: int) -> Sequence[Due]:
        """The deadlines at or before ``now``, the earliest first.

        Deadlines that failed are left out until their next attempt is due, those given up always.
        """
        params = {"now": now, "limit": limit, "job": Job.DEADLINE.value}
        rows = await self._live.rows(deadlines, _DUE, params)
        return await self._due([(row.stream, row.company, row.due_at) for row in rows])

    async def receipts_due(self, now: datetime, limit: int) -> Sequence[Due]:
        """The sessions, then the bookings that wait for a receipt since a moment, at most ``limit`` of each.

        The first come first; failures as above.
        """
        params = {"now": now, "since": now - SETTLING, "limit": limit, "job": Job.DEADLINE.value}
        of_sessions = _RECEIPTS_DUE.replace("{table}", "{session_history}")
        rows = await self._live.ask(of_sessions, {**params, "kind": _RECEIPT})
        of_bookings = _RECEIPTS_DUE.replace("{table}", "{booking_fees}")
        rows += await self._live.ask(of_bookings, {**params, "kind": _BOOKING_RECEIPT})
        return await self._due(rows)

    async def charge_points_at(self, company: int, location: str) -> Sequence[str]:
        """The keys of the chargers at a location, in order."""
        rows = await self._live.ask(
            "SELECT charge_point FROM {charge_points}"
            " WHERE company = %(company)s AND location = %(location)s AND NOT removed ORDER BY charge_point",
            {"company": company, "location": location},
        )
        return [charge_point for (charge_point,) in rows]

    async def payments_due(self, now: datetime, limit: int) -> Sequence[Due]:
        """The payments of which the provider is to be asked something, the first first; failures as above."""
        rows = await self._live.ask(
            _PAYMENTS_DUE,
            {"now": now, "limit": limit, "job": Job.DEADLINE.value, "kind": _PAYMENT},
        )
        return await self._due(rows)

    async def forget_settled_failures(self) -> None:
        """Delete failed jobs of what is no longer due."""
        await self._live.ask(
            "DELETE FROM failed_jobs f WHERE f.job = %(job)s AND NOT EXISTS"
            " (SELECT FROM {deadlines} d WHERE d.stream = f.subject AND d.due_at = f.deadline)"
            " AND NOT EXISTS (SELECT FROM {session_history} s"
            " WHERE s.id = substr(f.subject, length(%(kind)s) + 1) AND starts_with(f.subject, %(kind)s)"
            " AND s.receipt_due_at = f.deadline)"
            " AND NOT EXISTS (SELECT FROM {booking_fees} b"
            " WHERE b.id = substr(f.subject, length(%(booking)s) + 1) AND starts_with(f.subject, %(booking)s)"
            " AND b.receipt_due_at = f.deadline)"
            " AND NOT EXISTS (SELECT FROM {payments} p WHERE starts_with(f.subject, %(payment)s)"
            " AND p.id = substr(f.subject, length(%(payment)s) + 1) AND p.due_at = f.deadline) RETURNING id",
            {
                "job": Job.DEADLINE.value,
                "kind": _RECEIPT,
                "booking": _BOOKING_RECEIPT,
                "payment": _PAYMENT,
            },
        )

    async def online(self, gateway: str) -> Sequence[str]:
        """The charge points that are connected to ``gateway`` by the history, also while it is replayed."""
        shown = await self._live.bookmark(charge_points)
        # A table from before gateways had names has no such column.
        rows = await self._live.ask_any_version(
            "SELECT charge_point FROM {charge_points} c"
            " WHERE online AND coalesce(to_jsonb(c)->>'gateway', '') = %(gateway)s",
            {"gateway": gateway},
        )
        online = {charge_point for (charge_point,) in rows}
        async for fact in self._after(shown, CONNECTIONS):
            if isinstance(fact.event, ChargePointConnected) and fact.event.gateway == gateway:
                online.add(fact.key)
            else:
                online.discard(fact.key)
        return sorted(online)

    async def commands(self) -> Sequence[str]:
        """The commands to chargers that may wait to be sent, answered or confirmed, the oldest first."""
        shown = await self._live.bookmark(deadlines)
        rows = await self._live.ask_any_version(
            "SELECT stream FROM {deadlines} WHERE stream LIKE 'command:%%' ORDER BY due_at, stream", {}
        )
        known = dict.fromkeys(stream.partition(":")[2] for (stream,) in rows)
        async for fact in self._after(shown, REQUESTS):
            known.setdefault(fact.key)
        return list(known)

    async def _after(self, position: int, wanted: frozenset[str]) -> AsyncIterator[Fact]:
        """The facts of these tags behind what a read model shows."""
        page = await self._store.read_log(position, FACTS_AT_ONCE, wanted)
        while page.passed:
            for fact in page.facts:
                yield fact
            page = await self._store.read_log(page.last, FACTS_AT_ONCE, wanted)

    async def _due(self, rows: Sequence[tuple[str, int, datetime]]) -> Sequence[Due]:
        failed = await self._failed([subject for subject, _, _ in rows])
        return [Due(subject, company, at, subject in failed) for subject, company, at in rows]

    async def _failed(self, streams: Sequence[str]) -> frozenset[str]:
        if not streams:
            return frozenset()
        rows = await self._reading.fetch(_FAILED, (Job.DEADLINE.value, list(streams)))
        return frozenset(subject for (subject,) in rows)
