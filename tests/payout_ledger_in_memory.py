"""What can be withdrawn, over the in-memory store."""

from datetime import date

from eosvolt.adapters.memory.event_store import Change, MemoryEventStore
from eosvolt.adapters.memory.read_models import MemoryReadModels
from eosvolt.application.ledger_questions import LedgerDay
from eosvolt.application.ledger_reports import balances
from eosvolt.application.payouts import LOWERING, Withdrawable
from eosvolt.application.ports import Alongside, Conflict
from eosvolt.domain.money import Money
from eosvolt.domain.vocabulary import tag
from eosvolt.projections.ledger import ledger
from eosvolt.projections.ledger_days import DAY


class MemoryPayoutLedger:
    """What can be withdrawn, from the ledger's rows."""

    def __init__(self, store: MemoryEventStore, models: MemoryReadModels) -> None:
        self._store = store
        self._models = models

    async def withdrawable(self, company: int, currency: str, settled_until: date | None) -> Withdrawable:
        rows = self._models.rows(ledger, lambda row: row.company == company and row.by == DAY)
        days = [LedgerDay(row.day, row.sums) for row in rows if row.day]
        found = {each.currency: each.available for each in balances(days, settled_until)}
        return Withdrawable(Money(currency, found.get(currency, 0)), await self._store.head())

    def not_lowered(self, company: int, position: int) -> Alongside:
        def check() -> None:
            later = (fact for fact in self._store.facts if fact.position > position)
            if any(fact.why.company == company and tag(type(fact.event)) in LOWERING for fact in later):
                raise Conflict("less is available")

        return Change(check)
