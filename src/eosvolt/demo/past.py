"""The demo's past: lived in memory by a clock that shows the past, before it is written to the history.

The application is the real one. Only its clock is another, and its event store is the one in memory, so that
what is recorded is recorded then: events, commands, deadlines and messages have the instant of their time.
"""

import heapq
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple, get_args

from msgspec import structs

from eosvolt.adapters.memory.event_store import MemoryEventStore
from eosvolt.adapters.simulator.clock import PastClock
from eosvolt.adapters.simulator.demo_operator import OperatorAccount
from eosvolt.adapters.simulator.demo_park import DEMO
from eosvolt.adapters.simulator.history import Bookers, PastApplication, PastGateway, produce
from eosvolt.adapters.simulator.past_charger import PastCharger
from eosvolt.adapters.simulator.station import Station
from eosvolt.application.charging import ChargingService
from eosvolt.application.commands.dispatch import CommandDispatch
from eosvolt.application.commands.expire import CommandExpiry
from eosvolt.application.commands.payloads import CommandPayloads
from eosvolt.application.commands.results import CommandResults
from eosvolt.application.deadline_actions import DeadlineActions
from eosvolt.application.executor import Application
from eosvolt.application.operations.operation import Operations
from eosvolt.application.operations.ports import Ports
from eosvolt.application.ports import Due, Frame, Frames, Numbers, TokenListing
from eosvolt.application.receipt_issuing import BOOKING_RECEIPT, RECEIPT
from eosvolt.domain.bookings.fee_events import BookingFeeCharged, BookingFeeRefunded
from eosvolt.domain.charge_points.events import ChargePointAdded
from eosvolt.domain.commands.events import CommandRequested
from eosvolt.domain.documents.events import DocumentIssued, DocumentKind
from eosvolt.domain.faults.events import FaultSolved
from eosvolt.domain.home_statements.events import HomeStatementEvent
from eosvolt.domain.invoices.events import InvoiceIssued
from eosvolt.domain.kernel import Event, Fact, Rejected
from eosvolt.domain.payouts.events import PayoutEvent
from eosvolt.domain.sessions.events import (
    BillCorrected,
    BlockingFeeCharged,
    BlockingFeeCredited,
    ConnectorFreed,
    EndReconciled,
    RefundIssued,
    SessionInvoiced,
)
from eosvolt.domain.vocabulary import tag
from eosvolt.projections.deadlines import SETTLING, DeadlineRow, deadlines

WEEKS = 4
SEED = 242


def eve(until: datetime, weeks: int = WEEKS) -> datetime:
    """The day before a past of ``weeks`` up to ``until`` begins, at midnight UTC: chargers are put up."""
    today = datetime.combine(until.astimezone(UTC), time(), UTC)
    return today - timedelta(weeks=weeks, days=1)


class Past(NamedTuple):
    """A past that was lived: what is recorded of it, and the chargers as it left them."""

    facts: list[Fact]
    frames: list[Frame]
    stations: list[Station]


# What is added to the past at its end, and belongs where it says.
_DATED = (
    BookingFeeRefunded,
    FaultSolved,
    InvoiceIssued,
    RefundIssued,
    SessionInvoiced,
    *get_args(HomeStatementEvent),
    *get_args(PayoutEvent),
)

# After these a session that is over may lack a receipt.
_BILLED = (ConnectorFreed, EndReconciled, BillCorrected, BlockingFeeCharged, BlockingFeeCredited)


class PastSystem:
    """The real application of a company on a history in memory."""

    def __init__(
        self, at: datetime, numbers: Numbers, company: int = DEMO.company, *, receipts: bool = True
    ) -> None:
        """It begins at ``at``; sessions get their number from ``numbers``. ``receipts`` are issued or not."""
        self.clock = PastClock(at)
        self.store = MemoryEventStore(self.clock)
        # What is handed over cannot be read again, so that no state may be dropped for want of room.
        self.application = Application(self.store, sys.maxsize)
        self.operations = Operations(self.application, self.clock, Ports())
        self.frames = _Shelf()
        self._queries = _BackgroundQueries(self.store, receipts=receipts)
        self._gateway = PastGateway()
        self.charging = ChargingService(self.application, numbers, self.clock, _Directory(company))
        payloads = CommandPayloads(self.application, _Directory(company), _nothing, "")
        results = CommandResults(self.application, self.clock, payloads)
        self._dispatch = CommandDispatch(self.application, self.clock, self._gateway, _Passwords(), results)
        expiry = CommandExpiry(self.application, self.clock, results)
        self._deadlines = DeadlineActions(self.application, expiry, self._queries, self.clock)

    async def live(
        self,
        until: datetime,
        operator: str,
        *,
        weeks: int = WEEKS,
        seed: int = SEED,
        progress: Callable[[float], None] | None = None,
        before: Sequence[PastCharger] = (),
        bookers: Bookers | None = None,
    ) -> Past:
        """Live the demo's ``weeks`` up to ``until``; ``operator`` is the account that solves faults.

        Chargers that lived ``before`` live on; ``bookers`` book, and come to what they booked.
        """
        stations = await produce(
            self.use_cases(self.frames, OperatorAccount(self.application, operator)),
            list(DEMO.plans.values()),
            tokens=[token.uid for token in DEMO.drivers],
            invalid_cards=DEMO.invalid_cards,
            until=until,
            weeks=weeks,
            seed=seed,
            progress=progress,
            before=before,
            bookers=bookers,
        )
        return Past(in_order_of_time(self.store.facts), self.frames.kept, stations)

    def use_cases(self, frames: Frames, operator: OperatorAccount | None = None) -> PastApplication:
        """What chargers of the past are played into; ``frames`` keeps their messages."""
        return PastApplication(
            clock=self.clock,
            charging=self.charging,
            dispatch=self._dispatch,
            deadlines=self._deadlines,
            background=self._queries,
            gateway=self._gateway,
            frames=frames,
            operator=operator,
        )

    def hand_over(self) -> list[Fact]:
        """What was recorded since this was called before; it is not kept here any more."""
        self._queries.next_due()
        self._queries.forget_read()
        return self.store.hand_over()


def in_order_of_time(facts: Sequence[Fact]) -> list[Fact]:
    """The facts as they would have been recorded.

    Which faults the operator left at the end is known at the end only; those that were dealt with until then
    are put where they belong. So are refunds, invoices, statements and withdrawals, which follow from the
    sessions before them.
    """
    dated = [
        structs.replace(fact, recorded_at=at) if (at := _dated(fact.event)) is not None else fact
        for fact in facts
    ]
    dated.sort(key=lambda fact: fact.recorded_at)
    return [structs.replace(fact, position=position) for position, fact in enumerate(dated, 1)]


def _dated(event: Event) -> datetime | None:
    """Where what was added at the end belongs; ``None`` for what was recorded when it happened."""
    at: datetime | None = None
    if isinstance(event, _DATED) or (
        isinstance(event, DocumentIssued) and event.kind is not DocumentKind.RECEIPT
    ):
        at = event.at
    return at


class _Shelf:
    """Keeps messages."""

    def __init__(self) -> None:
        self.kept: list[Frame] = []

    def put(self, frame: Frame) -> None:
        self.kept.append(frame)


class _BackgroundQueries:
    """What is due, and what was asked of chargers, as the history in memory tells."""

    def __init__(self, store: MemoryEventStore, *, receipts: bool) -> None:
        self._store = store
        self._receipts = receipts
        self._read = 0
        self._rows: dict[str, DeadlineRow] = {}
        self._queue: list[tuple[datetime, str]] = []
        self._asked: list[str] = []
        self._chargers: dict[tuple[int, str], set[str]] = {}

    def next_due(self) -> datetime | None:
        """The earliest deadline that was not carried out yet."""
        self._catch_up()
        while self._queue and not self._holds(*self._queue[0]):
            heapq.heappop(self._queue)
        return self._queue[0][0] if self._queue else None

    async def due(self, now: datetime, limit: int) -> Sequence[Due]:
        """What is due, each deadline once."""
        found: list[Due] = []
        while len(found) < limit and (at := self.next_due()) is not None and at <= now:
            _, stream = heapq.heappop(self._queue)
            found.append(Due(stream, self._rows[stream].company, at))
        return found

    async def receipts_due(self, now: datetime, limit: int) -> Sequence[Due]:  # noqa: ARG002 - as it says
        """None: they are among the deadlines."""
        return ()

    async def charge_points_at(self, company: int, location: str) -> Sequence[str]:
        """The keys of the chargers that were added at a location, in order."""
        self._catch_up()
        return sorted(self._chargers.get((company, location), ()))

    def asked(self) -> Sequence[str]:
        """The commands that were asked for since this was called before."""
        self._catch_up()
        asked, self._asked = self._asked, []
        return asked

    def forget_read(self) -> None:
        """The store hands over what was read of it so far."""
        self._read = 0

    def _holds(self, at: datetime, stream: str) -> bool:
        row = self._rows.get(stream)
        return row is not None and row.due_at == at

    def _catch_up(self) -> None:
        facts = self._store.facts
        for fact in facts[self._read :]:
            if isinstance(fact.event, CommandRequested):
                self._asked.append(fact.key)
            if isinstance(fact.event, ChargePointAdded):
                here = (fact.event.company, fact.event.location)
                self._chargers.setdefault(here, set()).add(fact.key)
            of_booking = isinstance(fact.event, BookingFeeCharged)
            if self._receipts and (of_booking or isinstance(fact.event, _BILLED)):
                receipt = f"{BOOKING_RECEIPT if of_booking else RECEIPT}:{fact.key}"
                at = fact.recorded_at + SETTLING
                self._note(DeadlineRow(stream=receipt, company=fact.why.company, due_at=at))
            if tag(type(fact.event)) not in deadlines.reads:
                continue
            for key in deadlines.keys(fact):
                row = deadlines.apply(self._rows.get(key), fact, key)
                if row is None:
                    self._rows.pop(key, None)
                else:
                    self._note(row)
        self._read = len(facts)

    def _note(self, row: DeadlineRow) -> None:
        before = self._rows.get(row.stream)
        self._rows[row.stream] = row
        if before is None or before.due_at != row.due_at:
            heapq.heappush(self._queue, (row.due_at, row.stream))


class _Directory:
    """Nobody looks for a charger without its company, and no list of tokens is sent."""

    def __init__(self, company: int) -> None:
        self._company = company

    async def only_company(self) -> int | None:
        return self._company

    async def tokens_to_list(self, company: int) -> Sequence[TokenListing]:  # noqa: ARG002 - there are none
        return ()


class _Passwords:
    """In the past no password was changed."""

    async def propose(self, charge_point: str) -> str:
        raise Rejected(f"The password of {charge_point} stays as it is.")

    async def settle(self, charge_point: str, outcome: str) -> None:
        """Nothing was proposed."""


def _nothing() -> str:
    """Nothing in the past needs an id that nobody can guess."""
    return ""
