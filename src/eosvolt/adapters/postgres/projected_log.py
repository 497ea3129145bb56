"""The log up to the position of the read models, so that queries show each event that readers receive."""

import contextlib
from collections.abc import Callable

from eosvolt.adapters.postgres.event_store import PostgresEventStore, StoredPage
from eosvolt.adapters.postgres.projection_engine import ProjectionEngine


class ProjectedLog:
    """The log up to the position of the read models, whichever process projects them."""

    def __init__(self, store: PostgresEventStore, engine: ProjectionEngine) -> None:
        """The log of ``store`` up to the position of ``engine``."""
        self._store = store
        self._engine = engine

    async def head(self) -> int:
        """The position that all live read models have reached."""
        return await self._engine.bookmark()

    async def read_log(self, after: int, limit: int, tags: frozenset[str] | None = None) -> StoredPage:
        """The next ``limit`` events after a position that the read models show."""
        known = await self.head()
        if known <= after:
            return StoredPage([], [], 0, after)
        # There are at most as many events as positions up to ``known``.
        page = await self._store.read_log(after, min(limit, known - after), tags)
        if page.passed and page.last < known:
            return page
        facts = [fact for fact in page.facts if fact.position <= known]
        return page._replace(facts=facts, last=known)

    async def wait(self, after: int, seconds: float) -> None:
        """Return when the read models show an event after ``after``, at the latest after ``seconds``."""
        with contextlib.suppress(TimeoutError):
            await self._engine.wait_until(after + 1, timeout=seconds)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` when the log may have grown; the read models follow later."""
        return self._store.subscribe(listener)
