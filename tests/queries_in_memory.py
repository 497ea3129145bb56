"""The questions of pages and API, answered from the read models over the in-memory store."""

from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, cast

from eosvolt.adapters.http.ports.queries import Affected, FaultFilter, Page
from eosvolt.adapters.memory.read_models import MemoryReadModels
from eosvolt.application.event_search import EventPage, EventSearch
from eosvolt.application.grants import in_sight
from eosvolt.application.ledger_questions import LedgerDay
from eosvolt.domain.kernel import Fact
from eosvolt.domain.locations.homes import is_home
from eosvolt.projections import READ_MODELS
from eosvolt.projections.admins import AdminRow
from eosvolt.projections.admins import admins as admin_model
from eosvolt.projections.charge_points import ChargePointRow, charge_points
from eosvolt.projections.charger_commands import CommandRow, charger_commands
from eosvolt.projections.companies import ApiKeyRow, CompanyRow
from eosvolt.projections.companies import companies as company_model
from eosvolt.projections.connector_status import ConnectorRow, PlugsInState, connector_status, in_states
from eosvolt.projections.exclusions import ExclusionRow
from eosvolt.projections.exclusions import exclusions as exclusion_model
from eosvolt.projections.faults import FaultRow
from eosvolt.projections.faults import faults as fault_model
from eosvolt.projections.ledger import ledger
from eosvolt.projections.ledger_days import DAY
from eosvolt.projections.locations import LocationRow
from eosvolt.projections.locations import locations as location_model
from eosvolt.projections.notification_rules import NotificationRuleRow
from eosvolt.projections.notification_rules import notification_rules as rule_model
from eosvolt.projections.notifications import NotificationRow
from eosvolt.projections.notifications import notifications as message_model
from eosvolt.projections.refused_starts import RefusedStartRow, refused_starts
from eosvolt.projections.session_history import session_history
from eosvolt.projections.session_row import OPEN_STATUSES, SessionRow
from tests.bookings_in_memory import MemoryBookingQueries
from tests.homes_in_memory import MemoryHomeQueries
from tests.invoices_in_memory import MemoryInvoiceQueries
from tests.payouts_in_memory import MemoryPayoutQueries
from tests.tokens_in_memory import MemoryTokenQueries
from tests.zones_in_memory import MemoryZoneQueries


class MemoryQueries(
    MemoryTokenQueries,
    MemoryHomeQueries,
    MemoryInvoiceQueries,
    MemoryPayoutQueries,
    MemoryBookingQueries,
    MemoryZoneQueries,
):
    """The questions of ``ports.Queries`` that moved capabilities ask."""

    def __init__(self, models: MemoryReadModels) -> None:
        self.models = models
        self.within: frozenset[str] | None = None

    def narrowed(self, within: frozenset[str] | None) -> "MemoryQueries":
        here = MemoryQueries(self.models)
        here.within = within
        return here

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator["MemoryQueries"]:
        yield self

    def as_of(self, at: datetime | None) -> "MemoryQueries":
        assert at is None
        return self

    async def company(self, company: int) -> CompanyRow | None:
        return self.models.row(company_model, str(company))

    async def api_key(self, digest: str) -> ApiKeyRow | None:
        return next((row for row in self._keys() if row.digest == digest), None)

    async def api_keys(self, company: int) -> Sequence[ApiKeyRow]:
        return [row for row in self._keys() if row.company == company and in_sight(self.within, row.access)]

    async def admins(self, company: int, **_: object) -> Sequence[AdminRow]:
        rows = self.models.rows(admin_model, lambda row: row.company == company)
        return [row for row in rows if in_sight(self.within, None if row.owner else row.access)]

    async def admin(self, company: int, account: str, **_: object) -> AdminRow | None:
        return next((row for row in await self.admins(company) if row.account == account), None)

    def _keys(self) -> list[ApiKeyRow]:
        model = next(model for model in READ_MODELS if model.row is ApiKeyRow)
        return cast("list[ApiKeyRow]", self.models.rows(model))

    async def ledger_days(self, company: int, *_: object, **__: object) -> Sequence[LedgerDay]:
        rows = self.models.rows(ledger, lambda row: row.company == company and row.by == DAY)
        return [LedgerDay(row.day, row.sums) for row in rows if row.day]

    async def locations(
        self,
        company: int,
        within: Collection[str] | None = None,
        *,
        removed: bool = False,
        homes: bool = False,
    ) -> Sequence[LocationRow]:
        return self.models.rows(
            location_model,
            lambda row: (
                row.company == company
                and (removed or not row.removed)
                and (within is None or row.location in within)
                and (homes or not is_home(row.location))
                and self._here(row.location)
            ),
        )

    async def location(self, company: int, location: str) -> LocationRow | None:
        row = self.models.row(location_model, location)
        return row if row is not None and row.company == company and self._here(row.location) else None

    async def refused_starts(
        self, company: int, *, location: str = "", charge_box_id: str = "", **_: object
    ) -> Sequence[RefusedStartRow]:
        rows = self.models.rows(
            refused_starts,
            lambda row: (
                row.company == company
                and location in {"", row.location}
                and charge_box_id in {"", row.charge_box_id}
                and self._here(row.location)
            ),
        )
        return sorted(rows, key=lambda row: row.at, reverse=True)

    async def location_facts(self, *_: object, **__: object) -> Sequence[Fact]:
        return []

    async def chargers_at(self, company: int, location: str) -> int:
        return len(await self.charge_points_at(company, location))

    async def charge_points_at(self, company: int, location: str) -> Sequence[str]:
        rows = self.models.rows(charge_points, lambda row: row.company == company and not row.removed)
        return sorted(row.charge_point for row in rows if row.location == location)

    async def open_sessions_at(self, company: int, location: str) -> int:
        return len(
            self.models.rows(
                session_history,
                lambda row: (
                    (row.company, row.location) == (company, location) and row.status in OPEN_STATUSES
                ),
            )
        )

    async def sessions(self, *_: object, **__: object) -> Page[Any]:
        return Page([], None)

    async def session(self, company: int, session: str, **_: object) -> SessionRow | None:
        row = self.models.row(session_history, session)
        return row if row is not None and row.company == company and self._here(row.location) else None

    async def session_facts(self, company: int, session: str) -> Sequence[Fact]:
        facts = await self.models.store.read(f"session:{session}")
        return [fact for fact in facts if fact.why.company == company]

    async def payment_facts(self, company: int, payment: str) -> Sequence[Fact]:
        facts = await self.models.store.read(f"payment:{payment}")
        return [fact for fact in facts if fact.why.company == company]

    async def command(self, company: int, command: str) -> CommandRow | None:
        row = self.models.row(charger_commands, command)
        return row if row is not None and row.company == company else None

    async def commands(self, *_: object) -> Sequence[Any]:
        return ()

    async def charge_point(self, company: int, charge_box_id: str) -> ChargePointRow | None:
        row = self.models.row(charge_points, f"{company}/{charge_box_id}")
        return row if row is not None and not row.removed and self._here(row.location) else None

    async def charge_points(
        self, company: int, *, homes: bool = False, **_: object
    ) -> Sequence[ChargePointRow]:
        return self.models.rows(
            charge_points,
            lambda row: (
                row.company == company
                and not row.removed
                and (homes or not is_home(row.location))
                and self._here(row.location)
            ),
        )

    async def charger_counts(self, company: int) -> Mapping[str, int]:
        return Counter(row.location for row in await self.charge_points(company))

    async def chargers_named(self, company: int, charge_box_ids: Sequence[str]) -> Sequence[ChargePointRow]:
        rows = [await self.charge_point(company, each) for each in charge_box_ids]
        return [row for row in rows if row is not None]

    async def connectors(
        self, company: int, *, charge_box_id: str = "", **_: object
    ) -> Sequence[ConnectorRow]:
        return self.models.rows(
            connector_status,
            lambda row: (
                row.company == company
                and charge_box_id in {"", row.charge_point}
                and self._here(row.location)
            ),
        )

    async def plug_states(self, company: int, **_: object) -> Sequence[PlugsInState]:
        return in_states(await self.connectors(company))

    async def plugs_of(self, company: int, charge_box_ids: Sequence[str]) -> Sequence[ConnectorRow]:
        rows = [await self.connectors(company, charge_box_id=each) for each in charge_box_ids]
        return [row for several in rows for row in several]

    async def faults(self, company: int, wanted: FaultFilter, **_: object) -> Page[FaultRow]:
        rows = self.models.rows(
            fault_model,
            lambda row: (
                row.company == company
                and (wanted.within is None or row.location in wanted.within)
                and self._here(row.location)
            ),
        )
        return Page(rows, None)

    async def fault(self, company: int, fault: str) -> FaultRow | None:
        row = self.models.row(fault_model, fault)
        return row if row is not None and row.company == company and self._here(row.location) else None

    async def affected(self, company: int, rows: Sequence[FaultRow], _: datetime) -> Mapping[str, Affected]:
        return {row.id: Affected(0) for row in rows if row.company == company}

    async def exclusions(
        self, company: int, *, location: str = "", charge_box_id: str = ""
    ) -> Sequence[ExclusionRow]:
        return self.models.rows(
            exclusion_model,
            lambda row: (
                row.company == company
                and self._here(row.location)
                and location in {"", row.location}
                and charge_box_id in {"", row.charge_point}
            ),
        )

    async def exclusion(self, company: int, exclusion: str) -> ExclusionRow | None:
        return next((row for row in await self.exclusions(company) if row.exclusion == exclusion), None)

    async def traded(self, *_: object, **__: object) -> Sequence[Any]:
        return ()

    async def notification_rules(self, company: int) -> Sequence[NotificationRuleRow]:
        return self.models.rows(rule_model, lambda row: row.company == company and not row.removed)

    async def notification_rule(self, company: int, rule: str) -> NotificationRuleRow | None:
        return next((row for row in await self.notification_rules(company) if row.rule == rule), None)

    async def notifications(self, company: int, rule: str, **_: object) -> Page[NotificationRow]:
        rows = self.models.rows(message_model, lambda row: (row.company, row.rule) == (company, rule))
        return Page(rows, None)

    async def notification(self, company: int, notification: str) -> NotificationRow | None:
        row = self.models.row(message_model, notification)
        return row if row is not None and row.company == company else None

    async def events(
        self,
        company: int,
        wanted: EventSearch,
        *,
        behind: int | None = None,
        ascending: bool = False,
        limit: int = 100,
    ) -> EventPage:
        found = self.models.store.search(stream=wanted.stream or None, tags=wanted.tags, company=company)
        facts = [fact async for fact in found]
        if not ascending:
            facts.reverse()
        elif behind is not None:
            facts = [fact for fact in facts if fact.position > behind]
        items = facts[:limit]
        return EventPage(items, items[-1].position if items else 0, len(items) == len(facts))

    async def settled(self, *_: object) -> None:
        """Always."""

    async def caught_up(self, *_: object) -> bool:
        return True
