"""Ports and their outages, in a year of 525,600 minutes."""

from datetime import UTC, datetime, timedelta
from typing import Any

from eosvolt.domain.exclusions.events import ExclusionKind
from eosvolt.projections.uptime_definitions import (
    DEFINITIONS,
    Excluded,
    Outage,
    Port,
    Reckoning,
    reckoned,
)

BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
ENDS = datetime(2027, 1, 1, tzinfo=UTC)
MINUTE = 60_000_000


def minute(number: float) -> datetime:
    """So many minutes after the year began."""
    return BEGINS + timedelta(minutes=number)


def outage(since: float, length: float, cause: str = "faulted", *, used: bool = False) -> Outage:
    return Outage(minute(since), minute(since + length), cause, used)


def excluded(since: float, length: float, kind: ExclusionKind) -> Excluded:
    return Excluded(minute(since), minute(since + length), kind)


def port(*outages: Outage, **more: Any) -> Port:
    given: dict[str, Any] = {"observed_since": BEGINS, "known_until": ENDS, "rated_w": 150_000} | more
    return Port("L", "CP-1", 1, outages=outages, **given)


def year(definition: str, of: Port) -> Reckoning:
    """What a definition says of the whole year."""
    return reckoned(DEFINITIONS[definition].parts(of), BEGINS, ENDS)
