"""What a start means for the reservations of a charger."""

from datetime import datetime, timedelta

from eosvolt.domain.charge_points.reports import StartReport
from eosvolt.domain.kernel import Order
from eosvolt.domain.maintenance.commands import Note
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import ReservationEnded, ReservationMade
from eosvolt.domain.maintenance.upkeep import Upkeep
from eosvolt.domain.tokens.uid import folded

# A start from before the reservation may come late out of a queue; the charger's clock is not ours.
CLOCKS_DIFFER = timedelta(minutes=5)


def after_start(charge_point: str, upkeep: Upkeep, report: StartReport, group: str = "") -> list[Order]:
    """The reservation that the start uses up.

    The one that the charger names, else the one that was made for this token, or for its ``group``, on this
    plug or on any.
    """
    held = upkeep.reservations.get(report.reservation) if report.reservation is not None else None
    held = held or _meant(upkeep, report, folded(group))
    if held is None:
        return []
    at = max(report.at, held.at)
    used = ReservationEnded(at=at, reservation=held.reservation, reason="used")
    return [Order(maintenance, charge_point, Note(event=used))]


def _meant(upkeep: Upkeep, report: StartReport, group: str) -> ReservationMade | None:
    candidates = [
        each
        for each in upkeep.reservations.values()
        if each.connector in (0, report.connector)
        and each.at - CLOCKS_DIFFER <= report.at <= each.expires_at
        and (each.token == folded(report.token) or (group and each.group == group))
    ]
    return min(candidates, key=_soonest, default=None)


def _soonest(reservation: ReservationMade) -> tuple[bool, datetime]:
    """One for a certain plug before one for any; then the one that ends first."""
    return reservation.connector == 0, reservation.expires_at
