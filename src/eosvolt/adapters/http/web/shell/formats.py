"""How values look on a page: amounts with currency, energy in fitting units, local and exact time."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.amounts import (
    count,
    counted,
    decimal_text,
    energy,
    kwh,
    money,
    percent,
    price,
    quantity,
)
from eosvolt.adapters.http.presentation.instants import date_text, day_pattern, exact_moment, zone_text
from eosvolt.domain.money import Money
from eosvolt.projections.uptime_share import Share

# Amounts belong to the presentation, which documents share with pages.
__all__ = ["count", "counted", "energy", "kwh", "money", "percent", "price", "quantity"]

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def minor(amount: int, currency: str) -> str:
    """Minor units as ``money`` writes them."""
    return money(Money(currency, amount))


def power(watts: int | None) -> str:
    """Power in kW; empty where it is not known."""
    if watts is None:
        return ""
    return f"{decimal_text(Decimal(watts) / 1000, format='#,##0.0')} kW"


def rate(fraction: Fraction | None) -> str:
    """A share with one decimal, rounded down: only the whole is ``100 %``. A dash where it is not known."""
    if fraction is None:
        return "–"
    tenths = int(fraction * 1000)
    if tenths >= 1000:
        return "100 %"
    return f"{decimal_text(Decimal(tenths) / 10, format='0.0')} %"


def downtime(share: Share, plugs: int = 1) -> str:
    """What an uptime leaves out, in words. Of the sum over several ``plugs`` it gives the average of one."""
    if not share.observed:
        return gettext("Not observed yet.")
    share = Share(*(passed / max(plugs, 1) for passed in share))
    observed = lasting(share.observed)
    if plugs > 1:
        observed = gettext("{time} (average of {number} plugs)", time=observed, number=plugs)
    causes = (
        (gettext("faulted"), share.faulted),
        (gettext("unavailable"), share.unavailable),
        (gettext("offline"), share.offline),
    )
    parts = [f"{name} {lasting(passed)}" for name, passed in causes if passed]
    down = gettext("never down")
    if parts:
        down = gettext("down {time} ({parts})", time=lasting(share.down), parts=", ".join(parts))
    text = gettext("Observed {time}: {down}.", time=observed, down=down)
    if not share.planned:
        return text
    return f"{text} {gettext('Planned out of service: {time}.', time=lasting(share.planned))}"


def moment(
    at: datetime | None,
    zone: str,
    *,
    seconds: bool = False,
    named: bool = False,
    then: datetime | None = None,
) -> Markup:
    """An instant on a location's clock; the exact one on hover.

    ``named`` adds the zone, for lists in which several meet; a year that is not that of ``then`` is said.
    """
    if at is None:
        return Markup('<span class="text-secondary">–</span>')
    local = at.astimezone(ZoneInfo(zone))
    other_year = then is not None and local.year != then.astimezone(ZoneInfo(zone)).year
    day_text = date_text(local.date(), f"{day_pattern()}{' y' if other_year else ''}")
    text = f"{day_text} {local:{'%H:%M:%S' if seconds else '%H:%M'}}"
    if named:
        text = Markup('{} <span class="zone">{}</span>').format(text, zone_text(local, zone))
    return _time(at, zone, text)


def full_moment(at: datetime | None, zone: str) -> Markup:
    """An instant with its year, seconds and zone."""
    if at is None:
        return Markup('<span class="text-secondary">–</span>')
    return _time(at, zone, exact_moment(at, zone))


def ago(at: datetime | None, now: datetime, zone: str) -> Markup:
    """How long ago; the browser keeps it true. The exact instant on hover."""
    if at is None:
        return Markup('<span class="text-secondary">{}</span>').format(gettext("never"))
    return Markup('<time datetime="{}" title="{}" data-ago="{}">{}</time>').format(
        _utc(at), _hover(at, zone), _utc(at), ago_text(now - at)
    )


def ago_text(passed: timedelta) -> str:
    """``5 min ago`` in the words that the browser's own ticking uses."""
    if passed < timedelta(seconds=5):
        return gettext("just now")
    return gettext("{time} ago", time=lasting(passed))


def lasting(passed: timedelta) -> str:
    """A duration in its two largest units: ``45 s``, ``5 min``, ``1 h 5 min``, ``2 d 15 h``."""
    seconds = max(int(passed.total_seconds()), 0)
    if seconds < _MINUTE:
        return f"{seconds} s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min"
    if seconds < _DAY:
        return f"{seconds // _HOUR} h {seconds % _HOUR // _MINUTE} min"
    return gettext("{days} d {hours} h", days=seconds // _DAY, hours=seconds % _DAY // _HOUR)


def ahead(seconds: int) -> str:
    """How far a clock is from ours, e.g. ``2 h 0 min ahead``."""
    off = lasting(timedelta(seconds=abs(seconds)))
    return gettext("{time} ahead", time=off) if seconds > 0 else gettext("{time} behind", time=off)


def day(at: date) -> str:
    """A date, e.g. ``Sat 21 Nov 2026``."""
    return date_text(at, f"EEE {day_pattern()} y")


def month(at: date) -> str:
    """A month, e.g. ``November 2026``."""
    return date_text(at, "MMMM y")


def period_name(period: str, since: date, until: date, beside: date) -> str:
    """What a stretch of days is called: ``1–28 Oct`` for a part of a month, ``Oct 2026`` for all of it.

    ``until`` is the first day after it. The year is said where it is not that of ``beside``.
    """
    last = until - timedelta(days=1)
    year = "" if last.year == beside.year else " y"
    whole_month = since.day == 1 and until.day == 1 and (until - since).days <= 31
    if period == "day":
        return date_text(since, f"EEE {day_pattern()}{year}")
    if period == "month" and whole_month:
        return date_text(since, "MMM y")
    if period == "month":
        until_day = date_text(last, f"{day_pattern()}{year}")
        return gettext("{first_day}–{last_day}", first_day=since.day, last_day=until_day)
    if (since.month, since.day, until.month, until.day) == (1, 1, 1, 1):
        return str(since.year)
    first = date_text(since, day_pattern())
    return f"{first} – {date_text(last, f'{day_pattern()}{year}')}"


def weekday(at: date) -> str:
    """The short name of a date's weekday."""
    return date_text(at, "EEE")


def day_of_month(at: date) -> str:
    """A date without its weekday and year, e.g. ``21 Nov``."""
    return date_text(at, day_pattern())


def weekday_names() -> list[str]:
    """The short names of the weekdays from Monday on."""
    monday = date(2026, 11, 16)
    days = [monday + timedelta(days=number) for number in range(7)]
    return [date_text(day, "EEE") for day in days]


def clock_of(at: datetime, zone: str) -> str:
    """The time of day on a location's clock."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def sparkline(values: Sequence[int], width: int = 120, height: int = 28) -> str:
    """Points of a polyline, one for each value, in a box of the given size; empty for fewer than two."""
    if len(values) < 2:
        return ""
    highest = max(*values, 1)
    step = width / (len(values) - 1)
    return " ".join(
        f"{index * step:.1f},{height - 2 - value * (height - 4) / highest:.1f}"
        for index, value in enumerate(values)
    )


def _time(at: datetime, zone: str, text: str) -> Markup:
    return Markup('<time datetime="{}" title="{}">{}</time>').format(_utc(at), _hover(at, zone), text)


def _hover(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{day(local.date())} {local:%H:%M:%S} {zone} · {_utc(at)}"


def _utc(at: datetime) -> str:
    exact = at.astimezone(UTC)
    return str(
        escape(
            exact.isoformat(timespec="milliseconds" if exact.microsecond else "seconds").replace(
                "+00:00", "Z"
            )
        )
    )
