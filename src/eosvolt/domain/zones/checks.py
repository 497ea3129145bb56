"""What is asked of the settings of a zone and of the wiring of its plugs."""

from eosvolt.domain.calendar import is_time_zone
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.zones.limits import (
    LARGEST_CURRENT_MA,
    LARGEST_POWER_W,
    LEAST_MA,
    LONGEST_NAME,
    MOST_FIRST_TOKENS,
    MOST_WINDOWS,
)
from eosvolt.domain.zones.values import PlugWiring, ZoneSettings


def check_fallback(fallback_ma: int, fits_ma: int) -> None:
    """Raise ``Rejected`` if the fallback of all plugs together is more than there may be."""
    if fallback_ma > fits_ma:
        largest = fits_ma // 100 / 10 if fits_ma >= LEAST_MA else 0
        raise Rejected(
            f"All plugs together may draw more than the zone can give: {fallback_ma / 1000:g} A for each plug"
            f" without a limit is too much, at most {largest:g} A fits."
        )


def check_settings(settings: ZoneSettings) -> None:
    """Raise ``Rejected`` for settings that make no sense."""
    if not settings.name.strip():
        raise Rejected("A zone needs a name.")
    if len(settings.name) > LONGEST_NAME or len(settings.meter_number) > LONGEST_NAME:
        raise Rejected(f"A name has at most {LONGEST_NAME} characters.")
    if not is_time_zone(settings.time_zone):
        raise Rejected("This is not an IANA time zone.")
    powers = (settings.capacity_w, *(window.capacity_w for window in settings.schedule))
    if any(not 0 < each <= LARGEST_POWER_W for each in powers):
        raise Rejected(f"The capacity is more than 0 and at most {LARGEST_POWER_W // 1_000_000} MW.")
    if any(not 0 <= each <= LARGEST_CURRENT_MA for each in settings.capacity_ma or ()):
        raise Rejected(f"The capacity of a line is at most {LARGEST_CURRENT_MA // 1000} A.")
    if not 0 <= settings.buffer_percent < 100:
        raise Rejected("The buffer is at least 0 and less than 100 percent.")
    for watts in (settings.minimum_session_w, settings.unmanaged_w, settings.worst_case_w):
        if not 0 <= watts <= LARGEST_POWER_W:
            raise Rejected(f"A power is at least 0 and at most {LARGEST_POWER_W // 1_000_000} MW.")
    if settings.fallback_ma % 100 or not (
        settings.fallback_ma == 0 or LEAST_MA <= settings.fallback_ma <= LARGEST_CURRENT_MA
    ):
        raise Rejected("What a plug may draw without a limit is 0 or at least 6 A, in steps of 0.1 A.")
    if len(settings.schedule) > MOST_WINDOWS:
        raise Rejected(f"A schedule has at most {MOST_WINDOWS} windows.")
    if len(settings.first_tokens) > MOST_FIRST_TOKENS:
        raise Rejected(f"At most {MOST_FIRST_TOKENS} tokens have priority.")
    _check_schedule(settings)


def check_wiring(plug: PlugWiring) -> None:
    """Raise ``Rejected`` for a plug that cannot be connected like this."""
    if plug.plug < 1:
        raise Rejected("Plugs are numbered from 1.")
    if plug.phases not in {1, 2, 3}:
        raise Rejected("A plug has 1, 2 or 3 phases.")
    known = plug.rotation
    if known and (len(known) != plug.phases or not set(known) <= {1, 2, 3} or len(set(known)) != len(known)):
        raise Rejected("The phase rotation names a different line (1, 2 or 3) for each phase of the plug.")
    if not LEAST_MA <= plug.max_ma <= LARGEST_CURRENT_MA:
        raise Rejected(f"A plug delivers at least 6 A and at most {LARGEST_CURRENT_MA // 1000} A.")


def _check_schedule(settings: ZoneSettings) -> None:
    taken: set[int] = set()
    for window in settings.schedule:
        first = window.since.hour * 60 + window.since.minute
        last = window.until.hour * 60 + window.until.minute
        minutes = {minute % 1440 for minute in range(first, last if last > first else last + 1440)}
        if taken & minutes:
            raise Rejected("Two windows of the schedule overlap.")
        taken |= minutes
