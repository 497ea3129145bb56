"""What a zone can use: its capacity by settings and time of day, and what the building takes of it."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from eosvolt.domain.zones.values import Lines, MeterReading, SiteMeter, ZoneSettings

VOLTS, LINES = 230, 3
# A meter that has told nothing for so long is silent.
SILENT_AFTER = timedelta(seconds=60)
NOTHING: Lines = (0, 0, 0)


def line_ma(power_w: int) -> int:
    """The current on each of three lines of a power, in mA, rounded down."""
    return power_w * 1000 // (VOLTS * LINES)


def capacity_ma(settings: ZoneSettings, at: datetime) -> Lines:
    """What the grid connection gives at ``at`` after the buffer, on each line."""
    local = at.astimezone(ZoneInfo(settings.time_zone)).time().replace(tzinfo=None)
    watts = next(
        (window.capacity_w for window in settings.schedule if _within(window.since, window.until, local)),
        settings.capacity_w,
    )
    return _after_buffer(settings, watts)


def smallest_usable_ma(settings: ZoneSettings) -> Lines:
    """What chargers can use at the worst time of day, beside the building as it is foreseen."""
    watts = min((settings.capacity_w, *(window.capacity_w for window in settings.schedule)))
    foreseen = settings.unmanaged_w
    if settings.site_meter is SiteMeter.EXTERNAL:
        foreseen = max(foreseen, settings.worst_case_w)
    return minus(_after_buffer(settings, watts), even(_up(foreseen)))


def rest_ma(
    settings: ZoneSettings, reading: MeterReading | None, drawn: Lines, now: datetime
) -> tuple[Lines, bool]:
    """What the building takes beside the chargers, and whether the meter is silent.

    ``drawn`` is what chargers surely drew when the meter was read. What is left out of it counts to the
    building, so the rest is rather too large than too small.
    """
    if settings.site_meter is not SiteMeter.EXTERNAL:
        return even(_up(settings.unmanaged_w)), False
    if reading is None or now - reading.at > SILENT_AFTER:
        return even(_up(settings.worst_case_w)), True
    # Of a meter without currents only the power is known, taken as the same on each line.
    measured = reading.current_ma or even(_up(reading.power_w))
    # What the building feeds in is no capacity to rely on.
    return minus(measured, drawn if settings.meter_includes_chargers else NOTHING), False


def minus(lines: Lines, other: Lines) -> Lines:
    """The difference on each line, at least 0."""
    return max(lines[0] - other[0], 0), max(lines[1] - other[1], 0), max(lines[2] - other[2], 0)


def even(current_ma: int) -> Lines:
    """The same on each line."""
    return current_ma, current_ma, current_ma


def _up(power_w: int) -> int:
    return -(-max(power_w, 0) * 1000 // (VOLTS * LINES))


def _after_buffer(settings: ZoneSettings, watts: int) -> Lines:
    lines = even(line_ma(watts))
    if settings.capacity_ma is not None:
        first, second, third = (min(a, b) for a, b in zip(lines, settings.capacity_ma, strict=True))
        lines = first, second, third
    kept = 100 - settings.buffer_percent
    return lines[0] * kept // 100, lines[1] * kept // 100, lines[2] * kept // 100


def _within(since: time, until: time, local: time) -> bool:
    """Whether a time of day is in a window, which may go over midnight; from a time to itself is all day."""
    if since == until:
        return True
    if since < until:
        return since <= local < until
    return local >= since or local < until
