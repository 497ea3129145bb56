"""Isolates poison events: a fact whose row PostgreSQL refuses does not stop the projection of others.

Folds validate their rows, so this is a last resort. The page is halved until one fact is left. That fact
becomes a dead letter of the read models whose rows were refused.
"""

import logging
from collections.abc import Awaitable, Callable

import psycopg

from eosvolt.adapters.postgres.connections import Db, lost
from eosvolt.adapters.postgres.event_store import StoredPage
from eosvolt.adapters.postgres.projection_batch import ProjectionBatch, ProjectionTarget

logger = logging.getLogger("eosvolt.projections")

Write = Callable[[int], Awaitable[None]]


async def project(connection: Db, batch: ProjectionBatch, page: StoredPage, write: Write) -> None:
    """Fold a page and write it with ``write(last position)``, which commits one transaction."""
    await batch.fold(connection, page.facts, page.broken)
    try:
        await write(page.last)
    except psycopg.Error as error:
        if lost(error):
            raise
        batch.forget()
        await _isolate(connection, batch, page, write)


async def _isolate(connection: Db, batch: ProjectionBatch, page: StoredPage, write: Write) -> None:
    facts = page.facts
    if len(facts) > 1:
        middle = len(facts) // 2
        await project(
            connection,
            batch,
            StoredPage(facts[:middle], page.broken, middle, facts[middle - 1].position),
            write,
        )
        await project(
            connection, batch, StoredPage(facts[middle:], [], len(facts) - middle, page.last), write
        )
        return
    await batch.fold(connection, facts, page.broken)
    for target in batch.targets:
        for fact in facts:
            await _try(connection, target, fact.position)
    await write(page.last)


async def _try(connection: Db, target: ProjectionTarget, position: int) -> None:
    fold = target.fold
    try:
        async with connection.transaction(force_rollback=True):
            await target.table.write(connection, fold.rows, fold.changed)
    except psycopg.Error as error:
        if lost(error):
            raise
        logger.warning("%s cannot hold what position %d made: %s", target.table.name, position, error)
        target.forget()
        fold.bury(position, error)
