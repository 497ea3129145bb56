"""Samples of an energy register, findings about them, and how fast a register can grow."""

from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from eosvolt.domain.tariffs.energy import EnergyPoint

# Registers in whole kWh and clocks in whole seconds exaggerate a step by up to this much.
SLACK_WH = 1_000
# Assumed where the plug's power is not configured: that of the most powerful chargers of today.
UNKNOWN_POWER_W = 400_000

ABOVE_POWER = "abovePower"
_MILLISECOND = timedelta(milliseconds=1)


class Sample(msgspec.Struct, frozen=True, order=True, array_like=True, gc=False):
    """A register value in Wh at an instant. Of several at one instant the lowest ``rank`` is preferred."""

    at: datetime
    rank: int
    wh: int


class Stop(NamedTuple):
    """The register value in Wh of the charger's stop.

    ``latest`` is the latest possible time of the stop; it differs from ``at`` if the clock was wrong.
    """

    at: datetime
    wh: int
    latest: datetime


class RegisterFinding(msgspec.Struct, frozen=True, omit_defaults=True):
    """An odd value of a register, and its cause.

    ``cause`` is ``setAside`` (a sample that contradicts the others), ``stopSetAside``, ``reset``,
    ``rollover``, ``sessionRelative`` (counts from the session's start), ``implausible`` (a jump that nothing
    explains, which is no energy) or ``abovePower`` (more than the plug delivers).
    """

    at: datetime
    cause: str
    register_wh: int
    before_wh: int = 0


class RegisterExplanation(NamedTuple):
    """The energy that all values of a register prove together.

    ``readings`` are the session's energy by instant, from 0 at the start; ``energy_wh`` is the total.
    ``claimed_wh`` is stop minus start where that is more, else the total. ``tail_wh`` is the energy at the
    last sample, ``None`` if that was set aside. ``on_series`` are the accepted samples. Of two explanations
    the one with the lower ``cost`` is better.
    """

    readings: tuple[EnergyPoint, ...]
    energy_wh: int
    claimed_wh: int
    findings: tuple[RegisterFinding, ...]
    tail_wh: int | None
    on_series: frozenset[Sample]
    cost: int


def deliverable_wh(since: datetime, until: datetime, power_w: int) -> int:
    """The most Wh that a register can gain between two instants: 110 % of full power plus ``SLACK_WH``."""
    return power_wh(since, until, power_w) * 11 // 10 + SLACK_WH


def power_wh(since: datetime, until: datetime, power_w: int) -> int:
    """The Wh that a plug delivers at full power between two instants; 0 where they are reversed."""
    return max((until - since) // _MILLISECOND, 0) * power_w // 3_600_000
