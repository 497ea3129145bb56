"""The slots of a location's days, and whether they can be booked: what is shown is what can be booked.

The slots of a day are cut in elapsed time from the first instant of its frame; a day of 23 or 25 hours has
fewer or more of them. A slot that does not fit in the frame or in the opening hours is none.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from msgspec import Struct

from eosvolt.domain.bookings.values import SlotUnavailable
from eosvolt.domain.calendar import local_date, local_time
from eosvolt.domain.locations.booking_rules import BookingRules
from eosvolt.domain.locations.opening_hours import OpeningHours

MOST_SLOTS = 48

_DAY = timedelta(days=1)


class Slot(Struct, frozen=True, order=True):
    """A time ``[since, until)`` that can be booked, in UTC."""

    since: datetime
    until: datetime


class SlotPlan(Struct, frozen=True):
    """What the slots of a location follow from."""

    rules: BookingRules
    hours: OpeningHours
    time_zone: str

    def frame_of(self, day: date) -> Slot:
        """The part of a local day that can be booked; it may reach into the next one, or be empty."""
        frame = self.rules.frame
        ends = frame.starts + frame.minutes
        return Slot(local_time(day, frame.starts, self.time_zone), local_time(day, ends, self.time_zone))

    def in_frame(self, at: datetime) -> bool:
        """Whether an instant is within the part of its day that can be booked."""
        today = local_date(at, self.time_zone)
        frames = (self.frame_of(day) for day in (today - _DAY, today))
        return any(frame.since <= at < frame.until for frame in frames)

    def slots_of(self, day: date) -> list[Slot]:
        """The slots of the frame that begins on a local day, in order, whenever they are."""
        frame, length = self.frame_of(day), timedelta(minutes=self.rules.slot_minutes)
        count = (frame.until - frame.since) // length
        cut = [Slot(frame.since + n * length, frame.since + (n + 1) * length) for n in range(count)]
        spans = self.hours.open_spans(frame.since, frame.until, self.time_zone)
        return [slot for slot in cut if any(a <= slot.since and slot.until <= b for a, b in spans)]

    def offered_on(self, day: date, now: datetime) -> list[Slot]:
        """The slots of a local day that can be booked now, as far as the calendars of plugs allow."""
        if not self.rules.enabled:
            return []
        return [slot for slot in self.slots_of(day) if self._in_time(slot.since, now)]

    def run(self, since: datetime, count: int, now: datetime, besides: Slot | None = None) -> Slot:
        """The time of ``count`` consecutive slots from ``since`` on.

        ``besides`` is what is booked already: that it can be booked is not asked again. Raises
        ``SlotUnavailable`` for what is not offered.
        """
        if not self.rules.enabled:
            raise SlotUnavailable("Nothing can be booked at this location.")
        if not 1 <= count <= MOST_SLOTS:
            raise SlotUnavailable(f"A booking has 1 to {MOST_SLOTS} slots.")
        # First, because the days around an instant at the end of the calendar cannot be counted.
        if besides is None or besides.since != since:
            self._check_in_time(since, now)
        known = self._around(local_date(since, self.time_zone), count)
        if since not in known:
            raise SlotUnavailable("No slot begins at this time.")
        ends = _end_of(known, since, count)
        if ends is None:
            raise SlotUnavailable("These slots do not follow each other.")
        return Slot(since, ends)

    def runs_on(self, day: date, count: int, now: datetime) -> list[Slot]:
        """What ``run`` answers for each slot that is offered on a local day; without those it refuses."""
        if not 1 <= count <= MOST_SLOTS:
            return []
        known = self._around(day, count)
        found = ((slot.since, _end_of(known, slot.since, count)) for slot in self.offered_on(day, now))
        return [Slot(since, ends) for since, ends in found if ends is not None]

    def _around(self, day: date, count: int) -> dict[datetime, Slot]:
        """The slots of a local day, of the one before, and of those into which ``count`` slots can reach."""
        days = count * self.rules.slot_minutes // (24 * 60) + 4
        return {
            slot.since: slot for number in range(days) for slot in self.slots_of(day + (number - 1) * _DAY)
        }

    def _in_time(self, since: datetime, now: datetime) -> bool:
        earliest = now + timedelta(minutes=self.rules.notice_minutes)
        return earliest <= since <= now + timedelta(days=self.rules.ahead_days)

    def _check_in_time(self, since: datetime, now: datetime) -> None:
        if self._in_time(since, now):
            return
        if since < now:
            raise SlotUnavailable("This slot has begun already.")
        if since < now + timedelta(minutes=self.rules.notice_minutes):
            raise SlotUnavailable(f"Slots are booked at least {self.rules.notice_minutes} minutes before.")
        raise SlotUnavailable(f"Slots are booked at most {self.rules.ahead_days} days before.")


def _end_of(known: Mapping[datetime, Slot], since: datetime, count: int) -> datetime | None:
    """The end of ``count`` slots that follow each other from ``since`` on; ``None`` where they do not."""
    ends = since
    for _ in range(count):
        slot = known.get(ends)
        if slot is None:
            return None
        ends = slot.until
    return ends
