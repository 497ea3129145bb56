"""How many charging attempts ended on a local day, how many of them well, and when those with energy began.

The question of the dashboard's success rate and heat map, which would otherwise count hundreds of thousands
of sessions. A company's row of a day counts its locations together. Sessions of which only the stop is known
are left out: their start may still come, and says nothing of the stop's day.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from eosvolt.domain.calendar import local_date
from eosvolt.domain.kernel import Event, Fact
from eosvolt.domain.sessions.events import (
    BillCorrected,
    ChargingEnded,
    EndReconciled,
    EndWithdrawn,
)
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row

# Ends that something went wrong before; all others are as the driver, the car or the tariff wanted them.
TROUBLED_ENDS = (
    "DeAuthorized",
    "EmergencyStop",
    "HardReset",
    "NoStop",
    "Operator",
    "PowerLoss",
    "Reboot",
    "SoftReset",
    "Superseded",
    "UnlockCommand",
)
_HOURS = 24


class AttemptsRow(Row, frozen=True, kw_only=True):
    """The attempts of a local day; ``location`` is empty where those of all locations are counted.

    ``successful`` of the ``attempts`` that ended on the day delivered energy and did not end in trouble;
    ``troubled`` are the sessions that did. ``starts`` counts by hour of the local clock the sessions with
    energy that began on the day and have ended, whenever that was.
    """

    id: str
    company: int
    location: str
    day: date
    attempts: int = 0
    successful: int = 0
    troubled: tuple[str, ...] = ()
    starts: tuple[int, ...] = (0,) * _HOURS


class _Known(NamedTuple):
    """An end as it holds, or held before: when charging began and ended, the energy, and why it ended.

    ``reason`` is ``None`` where the fact does not say it again.
    """

    began: datetime
    ended: datetime
    energy_wh: int
    reason: str | None = None


def _changes(event: Event) -> tuple[_Known | None, _Known | None]:
    """The end that no longer holds, and the one that holds instead."""
    match event:
        case ChargingEnded() as end:
            return None, _Known(end.started_at, end.at, end.energy_wh, end.reason)
        case EndReconciled() as late:
            return (
                _Known(late.started_at, late.previous_ended_at, late.previous_energy_wh),
                _Known(late.started_at, late.ended_at, late.energy_wh, late.reason),
            )
        case BillCorrected() as bill:
            return (
                _Known(bill.started_at, bill.ended_at, bill.previous_energy_wh),
                _Known(bill.started_at, bill.ended_at, bill.energy_wh),
            )
        case EndWithdrawn() as withdrawn:
            before = _Known(withdrawn.started_at, withdrawn.previous_ended_at, withdrawn.previous_energy_wh)
            return before, None
        case _:
            return None, None


def keys(fact: Fact) -> Iterable[str]:
    """The days on which the session began and ended, of its location and of the company."""
    company, location, zone = _where(fact)
    days = {
        local_date(at, zone)
        for known in _changes(fact.event)
        if known is not None
        for at in (known.began, known.ended)
    }
    return [_key(company, place, day) for place in (location, "") for day in sorted(days)]


def apply(row: AttemptsRow | None, fact: Fact, key: str) -> AttemptsRow:
    """The day after the fact."""
    company, location, zone = _where(fact)
    place, _, text = key.removeprefix(f"{company}/").rpartition("/")
    found = row or AttemptsRow(
        id=key, company=company, location=location if place else "", day=date.fromisoformat(text)
    )
    before, after = _changes(fact.event)
    was_troubled = fact.key in found.troubled
    if before is not None:
        found = _counted(found, before, zone, fact.key, -1, troubled=was_troubled)
    if after is not None:
        # What corrects the bill alone leaves the end as it was.
        troubled = was_troubled if after.reason is None else after.reason in TROUBLED_ENDS
        found = _counted(found, after, zone, fact.key, 1, troubled=troubled)
    return found


def _counted(
    row: AttemptsRow, end: _Known, zone: str, session: str, sign: int, *, troubled: bool
) -> AttemptsRow:
    if end.energy_wh and local_date(end.began, zone) == row.day:
        hour = end.began.astimezone(ZoneInfo(zone)).hour
        starts = tuple(number + sign * (each == hour) for each, number in enumerate(row.starts))
        row = msgspec.structs.replace(row, starts=starts)
    if local_date(end.ended, zone) != row.day:
        return row
    others = [each for each in row.troubled if each != session]
    return msgspec.structs.replace(
        row,
        attempts=row.attempts + sign,
        successful=row.successful + (sign if end.energy_wh and not troubled else 0),
        troubled=tuple(sorted([*others, session] if troubled and sign > 0 else others)),
    )


def _where(fact: Fact) -> tuple[int, str, str]:
    """The company, location and time zone of the session."""
    match fact.event:
        case (
            ChargingEnded(place=place)
            | EndReconciled(place=place)
            | BillCorrected(place=place)
            | EndWithdrawn(place=place)
        ):
            return place.company, place.location, place.time_zone
        case other:
            raise TypeError(f"{other} is no end of a session.")


def _key(company: int, location: str, day: date) -> str:
    return f"{company}/{location}/{day.isoformat()}"


charging_attempts = ReadModel(
    name="charging_attempts",
    version=1,
    row=AttemptsRow,
    reads=tags(ChargingEnded, EndReconciled, EndWithdrawn, BillCorrected),
    keys=keys,
    apply=apply,
    indexes=("company, location, day",),
)
