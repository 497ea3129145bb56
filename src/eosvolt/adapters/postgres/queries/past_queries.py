"""The queries as of an earlier instant: each of them honours it or refuses, none ignores it."""

import inspect
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

import msgspec

from eosvolt.application.event_search import EventPage, EventSearch
from eosvolt.application.ports import Frame
from eosvolt.application.questions import OnlyPresent
from eosvolt.domain.calendar import MICROSECOND
from eosvolt.domain.kernel import Fact

if TYPE_CHECKING:
    from eosvolt.adapters.postgres.queries import PostgresQueries

# Those whose SQL is about rows that are known as of any position.
OF_PAST_ROWS = frozenset(
    {
        "booking",
        "booking_days",
        "booking_feed",
        "bookings",
        "charge_point",
        "charge_points",
        "charger_limits",
        "charger_counts",
        "chargers_named",
        "charger_models",
        "company",
        "customer_group",
        "customer_groups",
        "fault",
        "fault_counts",
        "faults",
        "home_charger",
        "home_chargers",
        "location",
        "locations",
        "open_faults",
        "price_profile",
        "price_profiles",
        "refused_starts",
        "token",
        "tokens",
        "tokens_named",
        "zone",
        "zones",
    }
)
# Those about no instant: what was asked of a charger never changes.
OF_NO_INSTANT = frozenset({"asked_commands", "caught_up", "recorded_at", "settled"})


def knows_the_instant(queries: type, name: str) -> bool:
    """Whether the query has a parameter ``as_of`` of its own."""
    query = getattr(queries, name, None)
    return inspect.isfunction(query) and "as_of" in inspect.signature(query).parameters


class QueriesAsOf:
    """Answers what the queries would have answered at an instant. Others raise ``OnlyPresent``."""

    def __init__(self, present: "PostgresQueries", at: datetime) -> None:
        """``present`` answers queries of the present."""
        self._present = present
        self._at = at

    def narrowed(self, within: frozenset[str] | None) -> Self:
        """The same queries restricted to these locations."""
        return type(self)(self._present.narrowed(within), self._at)

    def as_of(self, at: datetime | None) -> "QueriesAsOf | PostgresQueries":
        """The same queries as of another instant; ``None`` for the present."""
        return self._present.as_of(at)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """A query by its name."""
        if knows_the_instant(type(self._present), name):
            return self._with_instant(getattr(self._present, name))
        if name in OF_PAST_ROWS:
            return self._of_past_rows(name)
        if name in OF_NO_INSTANT:
            return getattr(self._present, name)  # type: ignore[no-any-return]  # the query itself
        if name.startswith("_"):
            raise AttributeError(name)
        raise OnlyPresent

    def _with_instant(self, query: Callable[..., Any]) -> Callable[..., Any]:
        async def asked(*arguments: Any, as_of: datetime | None = None, **more: Any) -> Any:  # noqa: ANN401 - as the query itself
            return await query(*arguments, as_of=as_of or self._at, **more)

        return asked

    def _of_past_rows(self, name: str) -> Callable[..., Any]:
        async def asked(*arguments: Any, **more: Any) -> Any:  # noqa: ANN401 - as the query itself
            return await getattr(await self._present.of_past_rows(self._at), name)(*arguments, **more)

        return asked

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Self]:
        """The same queries, all answered by the read models as they are at one moment."""
        async with self._present.snapshot() as present:
            yield type(self)(present, self._at)

    async def location_facts(self, company: int, location: str, limit: int = 200) -> Sequence[Fact]:
        """The newest facts about a location that were recorded by then."""
        found = await self.events(company, EventSearch(stream=f"location:{location}"), limit=limit)
        return found.items

    async def session_facts(self, company: int, session: str) -> Sequence[Fact]:
        """The facts of a session that were recorded by then."""
        return self._recorded(await self._present.session_facts(company, session))

    async def booking_facts(self, company: int, booking: str) -> Sequence[Fact]:
        """The facts of a booking that were recorded by then."""
        return self._recorded(await self._present.booking_facts(company, booking))

    async def payment_facts(self, company: int, payment: str) -> Sequence[Fact]:
        """The facts of a payment that were recorded by then."""
        return self._recorded(await self._present.payment_facts(company, payment))

    async def fault_facts(self, company: int, fault: str) -> Sequence[Fact]:
        """The facts of an entry that were recorded by then."""
        return self._recorded(await self._present.fault_facts(company, fault))

    async def session_frames(self, company: int, session: str) -> AsyncIterator[Frame]:
        """The frames about a session that were sent by then."""
        async for frame in self._present.session_frames(company, session):
            if frame.at <= self._at:
                yield frame

    async def frames_between(
        self, company: int, charge_box_id: str, since: datetime, until: datetime
    ) -> AsyncIterator[Frame]:
        """A charger's frames between two instants that were sent by then."""
        found = self._present.frames_between(company, charge_box_id, since, min(until, self._at))
        async for frame in found:
            yield frame

    async def events(
        self,
        company: int,
        wanted: EventSearch,
        *,
        behind: int | None = None,
        ascending: bool = False,
        limit: int = 100,
    ) -> EventPage:
        """The matching events that were recorded by then."""
        end = self._at + MICROSECOND
        until = end if wanted.until is None else min(wanted.until, end)
        wanted = msgspec.structs.replace(wanted, until=until)
        return await self._present.events(company, wanted, behind=behind, ascending=ascending, limit=limit)

    def _recorded(self, facts: Sequence[Fact]) -> Sequence[Fact]:
        return [fact for fact in facts if fact.recorded_at <= self._at]
