"""What is finally known of a session, and its bill."""

import itertools
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple, TypeAlias

Span: TypeAlias = tuple[datetime, datetime]


class Stop(NamedTuple):
    """The charger's StopTransaction: when it stopped, its register, and when it was heard."""

    at: datetime
    register: int
    heard_at: datetime


@dataclass
class Account:
    """Everything that was reported of one session, whatever the order in which it came.

    ``readings`` are the right ones (instant, register in Wh). ``states`` are the plug's reported states in
    the order of their times, from shortly before the start on. ``away``: when the charger was not connected.
    ``now``: the present instant.
    """

    began: datetime
    register: int
    now: datetime
    stop: Stop | None = None
    readings: list[tuple[datetime, int]] = field(default_factory=list)
    states: list[tuple[datetime, str]] = field(default_factory=list)
    away: list[Span] = field(default_factory=list)


class Line(NamedTuple):
    """A line of the bill. ``units`` are whole Wh, whole seconds or intervals."""

    kind: str
    since: datetime
    until: datetime
    units: int
    price: Fraction
    gross: Fraction
    net: Fraction

    @property
    def vat(self) -> Fraction:
        """Gross always equals net and VAT."""
        return self.gross - self.net


@dataclass
class Bill:
    """What the oracle says of a session."""

    status: str
    energy_wh: int
    lines: list[Line]
    ended: datetime | None = None
    freed: datetime | None = None

    @property
    def charging(self) -> Fraction:
        """The sum of what energy or time cost."""
        return sum((line.gross for line in self.lines if line.kind != "blockingFee"), Fraction(0))

    @property
    def blocking(self) -> Fraction:
        """The sum of the blocking fees."""
        return sum((line.gross for line in self.lines if line.kind == "blockingFee"), Fraction(0))


def joined(spans: list[Span]) -> list[Span]:
    """The same spans in order, without overlaps and empty ones."""
    found: list[Span] = []
    for since, until in sorted(spans):
        if since >= until:
            continue
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return found


def seconds(since: datetime, until: datetime, without: list[Span]) -> Fraction:
    """Elapsed seconds between two instants, less those of ``without``."""
    if until <= since:
        return Fraction(0)
    clipped = joined([(max(since, begin), min(until, end)) for begin, end in without])
    left = (until - since) - sum(((end - begin) for begin, end in clipped), start=since - since)
    return Fraction(left // (since.resolution), 1_000_000)


def spans_in(account: Account, states: frozenset[str]) -> list[Span]:
    """When the plug was in one of ``states`` since the session began; what lasts, lasts until now.

    Reading: how the plug was before the start says nothing of this car, whose statuses may have got lost.
    """
    changes = [*account.states, (account.now, "")]
    return joined(
        [
            (at, until)
            for (at, state), (until, _) in itertools.pairwise(changes)
            if state in states and at >= account.began
        ]
    )
