"""The slots of a location's days, and whether they can be booked: what is shown is what can be booked.

The slots of a day are cut in elapsed time from the first instant of its frame; a day of 23 or 25 hours has
fewer or more of them. A slot that does not fit in the frame or in the opening hours is none.
"""

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
        first = local_date(since, self.time_zone) - _DAY
        days = count * self.rules.slot_minutes // (24 * 60) + 4
        known = {slot.since: slot for number in range(days) for slot in self.slots_of(first + number * _DAY)}
        ends = since
        for number in range(count):
            slot = known.get(ends)
            if slot is None:
                raise SlotUnavailable(
                    "No slot begins at this time." if number == 0 else "These slots do not follow each other."
                )
            ends = slot.until
        if besides is None or besides.since != since:
            self._check_in_time(since, now)
        return Slot(since, ends)

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
