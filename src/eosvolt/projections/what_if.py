"""What a past session would have cost under another tariff: its events are read again, nothing is changed.

When the charging phase ended stays as it was: a car that idled under the old tariff idled.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from eosvolt.domain.kernel import Fact
from eosvolt.domain.money import Taxed
from eosvolt.domain.sessions.events import (
    BlockingFeeCharged,
    BlockingFeeCredited,
    BlockingPaused,
    BlockingResumed,
    ChargingEnded,
    ChargingResumed,
    ConnectorFreed,
    EndReconciled,
    EnergyMetered,
    EvseSuspended,
    EvSuspended,
    SessionStarted,
)
from eosvolt.domain.tariffs.blocking_fee import due_times, fee_line, intervals_due
from eosvolt.domain.tariffs.energy import EnergyCurve, Reading
from eosvolt.domain.tariffs.rating import PriceLine, rate, total
from eosvolt.domain.tariffs.tariff import Strategy, Tariff

Spans = tuple[tuple[datetime, datetime], ...]


class Told(msgspec.Struct):
    """What the events of a session tell that a price depends on.

    ``charged`` is what the charging phase and the fees that stand did cost, gross, in minor units.
    """

    started_at: datetime | None = None
    ended_at: datetime | None = None
    freed_at: datetime | None = None
    energy_wh: int = 0
    curve: EnergyCurve = EnergyCurve()
    throttled: Spans = ()
    throttled_since: datetime | None = None
    paused: Spans = ()
    paused_since: datetime | None = None
    charged: int = 0


class WhatIf(msgspec.Struct, frozen=True):
    """What a session did cost, gross in minor units, and what it would cost."""

    then: int
    now: Taxed
    lines: tuple[PriceLine, ...]


def what_if(facts: Sequence[Fact], tariff: Tariff) -> WhatIf | None:
    """The session of ``facts`` under ``tariff``; ``None`` for one that has not ended or never began."""
    told = Told()
    for fact in facts:
        _tell(told, fact)
    if told.started_at is None or told.ended_at is None:
        return None
    lines = (*_charging(told, tariff, told.started_at, told.ended_at), *_fees(told, tariff, told.ended_at))
    return WhatIf(told.charged, total(lines, tariff.currency), lines)


def _tell(told: Told, fact: Fact) -> None:
    match fact.event:
        case SessionStarted(at=at):
            told.started_at = at
            told.curve = EnergyCurve(readings=(Reading(at=at, wh=0),))
        case EnergyMetered(readings=readings):
            for reading in readings:
                told.curve = told.curve.add(Reading(at=reading.at, wh=reading.energy_wh))
        case EvseSuspended(at=at):
            told.throttled_since = told.throttled_since or at
        case EvSuspended(at=at) | ChargingResumed(at=at) if told.throttled_since is not None:
            told.throttled = (*told.throttled, (told.throttled_since, at))
            told.throttled_since = None
        case BlockingPaused(at=at):
            told.paused_since = at
        case BlockingResumed(at=at) if told.paused_since is not None:
            told.paused = (*told.paused, (told.paused_since, at))
            told.paused_since = None
        case ChargingEnded(at=at, energy_wh=energy_wh, bill=bill):
            told.ended_at, told.energy_wh = at, energy_wh
            told.charged += bill.total.gross.minor
        case EndReconciled(ended_at=at, energy_wh=energy_wh, bill=bill, previous=before):
            told.ended_at, told.energy_wh = at, energy_wh
            told.charged += bill.total.gross.minor - before.total.gross.minor
        case BlockingFeeCharged(line=line):
            told.charged += line.gross.minor
        case BlockingFeeCredited(line=line):
            told.charged -= line.gross.minor
        case ConnectorFreed(at=at):
            told.freed_at = at
        case _:
            pass


def _charging(told: Told, tariff: Tariff, since: datetime, ended_at: datetime) -> tuple[PriceLine, ...]:
    readings = tuple(
        Reading(at=reading.at, wh=min(reading.wh, told.energy_wh)) for reading in told.curve.readings
    )
    last_at = max(ended_at, readings[-1].at)
    curve = EnergyCurve(readings=readings).add(Reading(at=last_at, wh=told.energy_wh))
    until = last_at if tariff.strategy is Strategy.PER_KWH else ended_at
    throttled = told.throttled
    if told.throttled_since is not None:
        throttled = (*throttled, (told.throttled_since, until))
    return rate(tariff, since, until, curve, throttled)


def _fees(told: Told, tariff: Tariff, ended_at: datetime) -> tuple[PriceLine, ...]:
    fee = tariff.blocking_fee
    if fee is None or told.freed_at is None:
        return ()
    paused = told.paused
    if told.paused_since is not None and told.paused_since < told.freed_at:
        paused = (*paused, (told.paused_since, told.freed_at))
    elapsed = intervals_due(fee, ended_at, told.freed_at, paused)
    due = due_times(fee, ended_at, elapsed, paused)
    lines = (fee_line(tariff, ended_at, number, at) for number, at in enumerate(due, start=1))
    return tuple(line for line in lines if line is not None)
