"""The attempts of each day, counted again from the rows of the sessions."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from eosvolt.projections.charging_attempts import TROUBLED_ENDS, AttemptsRow
from eosvolt.projections.session_row import SessionRow

Counts = dict[tuple[str, date], tuple[int, int, tuple[int, ...]]]
_NO_STARTS = [0] * 24


def told(rows: Iterable[AttemptsRow]) -> Counts:
    """What the rows say, without days on which nothing counts."""
    said = {(row.location, row.day): (row.attempts, row.successful, row.starts) for row in rows}
    return {place: counts for place, counts in said.items() if any((*counts[:2], *counts[2]))}


def counted(sessions: Iterable[SessionRow]) -> Counts:
    """Attempts, successful ones and starts by hour, by location and local day, and for all locations."""
    found: dict[tuple[str, date], tuple[int, int, list[int]]] = {}

    def add(row: SessionRow, day: date, attempts: int, successful: int, hour: int | None = None) -> None:
        for place in (row.location, ""):
            before = found.get((place, day), (0, 0, list(_NO_STARTS)))
            starts = [number + (each == hour) for each, number in enumerate(before[2])]
            found[place, day] = before[0] + attempts, before[1] + successful, starts

    for row in sessions:
        if row.ended_at is None or "orphan" in row.flags:
            continue
        zone = ZoneInfo(row.time_zone)
        well = bool(row.energy_wh) and row.reason not in TROUBLED_ENDS
        add(row, row.ended_at.astimezone(zone).date(), 1, int(well))
        if row.energy_wh:
            began = row.started_at.astimezone(zone)
            add(row, began.date(), 0, 0, began.hour)
    return {place: (attempts, well, tuple(starts)) for place, (attempts, well, starts) in found.items()}
