"""The rules of a location for bookings, and what they may say."""

from collections.abc import Iterator

from msgspec import Struct

from eosvolt.domain.calendar import MINUTES_A_DAY, clock
from eosvolt.domain.locations.opening_hours import OpenRange, range_problems

SLOT_STEP_MINUTES = 30
MOST_AHEAD_DAYS = 366
MOST_WINDOW_MINUTES = 7 * MINUTES_A_DAY


class BookingRules(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The rules of a location for bookings. As they are made: nothing can be booked.

    ``frame`` is the part of each local day that can be booked; a whole day is 0 to 1440. ``slot_minutes`` is
    the length of a slot, ``buffer_minutes`` is kept free after each booking. ``auto_cancel_minutes`` after
    its start a booking ends of which nobody charges; ``None``: at its own end. ``mix_mode``: on-demand
    sessions may begin within the frame beside bookings. ``on_demand_into_booking``: a session that the booker
    began on demand goes on as the booked one when the slot begins; otherwise it is stopped, as everybody
    else's is. ``early_start_minutes`` before its slots a booked session may begin, ``late_stop_minutes``
    after them it has to end. A booking begins at most ``ahead_days`` of 24 hours and at least
    ``notice_minutes`` after it is made; drivers change it until ``change_minutes`` before its start and
    cancel it until ``cancel_minutes`` before. ``one_per_driver``: nobody has two bookings at a time that are
    not over.
    """

    enabled: bool = False
    frame: OpenRange = OpenRange(0, MINUTES_A_DAY)
    slot_minutes: int = 60
    buffer_minutes: int = 0
    auto_cancel_minutes: int | None = None
    mix_mode: bool = True
    on_demand_into_booking: bool = False
    early_start_minutes: int = 0
    late_stop_minutes: int = 0
    ahead_days: int = 90
    notice_minutes: int = 0
    change_minutes: int = 60
    cancel_minutes: int = 60
    one_per_driver: bool = True


# Nothing can be booked. One object, so that events leave it out.
NO_BOOKING = BookingRules()


def problems(rules: BookingRules) -> list[tuple[str, str]]:
    """Every mistake in the rules, as ``(pointer, sentence)``; empty for valid ones.

    Pointers are JSON pointers (RFC 6901) into the API's form of the rules, e.g. ``/slotMinutes``.
    """
    return list(_problems(rules))


def _problems(rules: BookingRules) -> Iterator[tuple[str, str]]:
    frame = list(range_problems("", rules.frame))
    yield from frame
    if not SLOT_STEP_MINUTES <= rules.slot_minutes <= MINUTES_A_DAY or rules.slot_minutes % SLOT_STEP_MINUTES:
        yield "/slotMinutes", "A slot is 30, 60, 90 … up to 1440 minutes long."
    elif not frame and rules.slot_minutes > rules.frame.minutes:
        shown = f"{clock(rules.frame.starts)} to {clock(rules.frame.ends)}"
        yield "/slotMinutes", f"A slot of {rules.slot_minutes} minutes is longer than {shown}."
    for pointer, minutes in (
        ("/bufferMinutes", rules.buffer_minutes),
        ("/earlyStartMinutes", rules.early_start_minutes),
        ("/lateStopMinutes", rules.late_stop_minutes),
    ):
        if not 0 <= minutes <= MINUTES_A_DAY:
            yield pointer, f"Between 0 and {MINUTES_A_DAY} minutes."
    for pointer, minutes in (
        ("/noticeMinutes", rules.notice_minutes),
        ("/changeMinutes", rules.change_minutes),
        ("/cancelMinutes", rules.cancel_minutes),
    ):
        if not 0 <= minutes <= MOST_WINDOW_MINUTES:
            yield pointer, f"Between 0 and {MOST_WINDOW_MINUTES} minutes."
    auto_cancel = rules.auto_cancel_minutes
    if auto_cancel is not None and not 1 <= auto_cancel <= MINUTES_A_DAY:
        yield "/autoCancelMinutes", f"Between 1 and {MINUTES_A_DAY} minutes, or none."
    if not 1 <= rules.ahead_days <= MOST_AHEAD_DAYS:
        yield "/aheadDays", f"Between 1 and {MOST_AHEAD_DAYS} days."
    elif rules.notice_minutes >= rules.ahead_days * MINUTES_A_DAY:
        yield "/noticeMinutes", "Bookings have to be possible earlier than they have to be made."
