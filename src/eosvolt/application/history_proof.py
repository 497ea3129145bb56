"""What proves the history and its bills: seals, runs of ``eosvolt verify``, and the events behind a line."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from eosvolt.domain.kernel import Event, Fact
from eosvolt.domain.sessions.events import (
    BillCorrected,
    BlockingFeeCharged,
    BookedTermsChanged,
    ChargingEnded,
    ConnectorFreed,
    EndReconciled,
    EnergyMetered,
    RegisterRebased,
    SessionReading,
    SessionStarted,
)
from eosvolt.domain.sessions.plug_events import (
    BlockingPaused,
    BlockingResumed,
    ChargingResumed,
    EvseSuspended,
    EvSuspended,
)
from eosvolt.domain.tariffs.rating import PriceLine

# Events that say which time of a session is billed.
_PAUSES = (EvSuspended, EvseSuspended, ChargingResumed, BlockingPaused, BlockingResumed)
_ENDS = (ChargingEnded, EndReconciled, ConnectorFreed)
_BILLS = (ChargingEnded, EndReconciled, BillCorrected)


class ModelResult(msgspec.Struct, frozen=True, kw_only=True):
    """One read model in a run: the digests of its live rows and of its replay, in hex."""

    name: str
    events: int
    rows: int
    live: str
    replayed: str

    @property
    def same(self) -> bool:
        """Whether the live rows equal those of the replay."""
        return self.live == self.replayed


class VerificationRun(msgspec.Struct, frozen=True, kw_only=True):
    """One run of ``eosvolt verify``: who ran it, the head that it found, and what differed.

    ``intact``: nothing was found in the history; ``same``: neither there nor in a read model.
    """

    started_at: datetime
    ended_at: datetime
    by: str
    position: int
    digest: str
    intact: bool
    same: bool
    models: tuple[ModelResult, ...]
    findings: tuple[str, ...]


class SealedAt(NamedTuple):
    """The seal that covers a position: its last position, its digest in hex, and its time.

    ``unchanged``: the event at the position is, byte for byte, the one that was sealed.
    """

    position: int
    digest: str
    sealed_at: datetime
    unchanged: bool


def evidence(line: PriceLine, facts: Sequence[Fact]) -> list[Fact]:
    """The facts of a session that a line of its bill follows from, oldest first."""
    found = [fact for fact in facts if isinstance(fact.event, SessionStarted | BookedTermsChanged)]
    if line.kind == "blockingFee":
        found += [
            fact for fact in facts if isinstance(fact.event, ConnectorFreed | EndReconciled | ChargingEnded)
        ]
        found += [
            fact for fact in facts if isinstance(fact.event, BlockingFeeCharged) and fact.event.line == line
        ]
        found += [fact for fact in facts if isinstance(fact.event, BlockingPaused | BlockingResumed)]
    else:
        found += _readings(line, facts)
        found += [fact for fact in facts if isinstance(fact.event, (*_PAUSES, RegisterRebased))]
        found += [fact for fact in facts if isinstance(fact.event, _BILLS) and line in fact.event.bill.lines]
    return sorted({fact.position: fact for fact in found}.values(), key=lambda fact: fact.position)


def _readings(line: PriceLine, facts: Sequence[Fact]) -> list[Fact]:
    """The meter values within the line, and the nearest ones on either side of it."""
    metered = [(each.at, fact) for fact in facts for each in readings_of(fact.event)]
    within = [fact for at, fact in metered if line.since <= at <= line.until]
    before = max((each for each in metered if each[0] < line.since), key=lambda each: each[0], default=None)
    behind = min((each for each in metered if each[0] > line.until), key=lambda each: each[0], default=None)
    return [*within, *(fact for _, fact in filter(None, (before, behind)))]


def readings_of(event: Event) -> Sequence[SessionReading]:
    """The meter values of an event."""
    return event.readings if isinstance(event, EnergyMetered) else ()
