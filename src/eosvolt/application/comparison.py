"""The days with which a period is compared: the same part of the previous period."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from eosvolt.domain.calendar import local_date, local_day

_DAY = timedelta(days=1)


class ComparedPart(NamedTuple):
    """Whole local days from ``since`` up to but not including ``until``.

    With ``cut`` the last of these days ends at that instant; the rest of it is not compared.
    """

    since: date
    until: date
    cut: datetime | None = None


def same_part(since: date, until: date, before: date, now: datetime, time_zone: str) -> ComparedPart:
    """The part of the period from ``before`` with which the period ``since`` to ``until`` is compared.

    A past or future period is compared with the whole previous one. A running period is compared with the
    same days, the last of them up to the present time of day. If there is no such day (the 31st, 29
    February), the month counts up to its end.
    """
    today = local_date(now, time_zone)
    if not since <= today < until:
        return ComparedPart(before, since)
    if until - since <= _DAY:
        day = before
    else:
        months = today.month - since.month
        month = before.replace(month=before.month + months)
        length = monthrange(month.year, month.month)[1]
        if today.day > length:
            return ComparedPart(before, month + length * _DAY)
        day = month.replace(day=today.day)
    zone = ZoneInfo(time_zone)
    begins, ends = local_day(day, time_zone)
    cut = datetime.combine(day, now.astimezone(zone).time(), zone).astimezone(UTC)
    return ComparedPart(before, day + _DAY, min(max(cut, begins), ends))
