"""Who may begin to charge when: opening hours, and times for everybody, the listed, or nobody."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from eosvolt.domain.calendar import MINUTES_A_DAY
from eosvolt.domain.locations import opening_hours
from eosvolt.domain.locations.opening_hours import WEEKDAYS, OpeningHours, OpenRange, range_problems
from eosvolt.domain.overlaps import Stretch, overlaps, wrapped

MOST_ACCESS_WINDOWS = 50


class Who(StrEnum):
    """Who may charge on demand. ``NOBODY``: only who has booked."""

    EVERYBODY = "everybody"
    LISTED = "listed"
    NOBODY = "nobody"


class AccessWindow(Struct, frozen=True):
    """A part of some days of the week (0 is Monday) and who may charge in it.

    ``starts`` and ``ends`` are those of an ``OpenRange``: it may go on past midnight.
    """

    weekdays: tuple[int, ...]
    starts: int
    ends: int
    who: Who

    @property
    def range(self) -> OpenRange:
        """Its part of the day."""
        return OpenRange(self.starts, self.ends)

    def holds_at(self, at: datetime, time_zone: str) -> bool:
        """Whether the local clock shows a time of it."""
        week = tuple((self.range,) if day in self.weekdays else () for day in range(len(WEEKDAYS)))
        return OpeningHours(week=week).is_open(at, time_zone)


AccessSchedule = tuple[AccessWindow, ...]


class GuestToken(Struct, frozen=True):
    """A token that is on a location's list until an instant."""

    token: str
    until: datetime


class AccessRules(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The rules for starts. Outside ``opening_hours`` no session starts; a running one goes on.

    ``groups`` are groups of tokens on the location's list, beside its tokens in ``Details``, and
    ``customers`` and ``customer_groups`` ids of customers and of groups of them, all of whose tokens are on
    the list. On the list of a home are also all tokens of the customer ``owner``, and ``guests`` for their
    time. In the times of ``schedule`` the schedule says who may charge on demand; otherwise the location's
    type does.
    """

    opening_hours: OpeningHours = OpeningHours()
    groups: tuple[str, ...] = ()
    schedule: AccessSchedule = ()
    guests: tuple[GuestToken, ...] = ()
    owner: str = ""
    customer_groups: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()


# Always open, without a list and a schedule. One object, so that events leave it out.
OPEN_ACCESS = AccessRules()


def on_demand(schedule: AccessSchedule, at: datetime, time_zone: str) -> Who | None:
    """Who may charge on demand at an instant by the schedule; ``None`` where it says nothing."""
    return next((window.who for window in schedule if window.holds_at(at, time_zone)), None)


def problems(rules: AccessRules, *, private: bool) -> list[tuple[str, str]]:
    """Every rule that they break, as ``(pointer, sentence)``; empty for valid ones.

    Pointers are JSON pointers (RFC 6901) into the API's form of a location. ``private``: of a private
    location, which is never open to everybody.
    """
    return [
        *((f"/openingHours{at}", wrong) for at, wrong in opening_hours.problems(rules.opening_hours)),
        *((f"/accessSchedule{at}", wrong) for at, wrong in _problems(rules.schedule, private=private)),
    ]


def _problems(schedule: AccessSchedule, *, private: bool) -> Iterator[tuple[str, str]]:
    if len(schedule) > MOST_ACCESS_WINDOWS:
        yield "", f"At most {MOST_ACCESS_WINDOWS} times of access."
        return
    stretches: list[Stretch] = []
    for index, window in enumerate(schedule):
        pointer = f"/{index}"
        if not window.weekdays or not set(window.weekdays) <= set(range(len(WEEKDAYS))):
            yield f"{pointer}/days", "A time of access needs at least one day of the week."
        if private and window.who is Who.EVERYBODY:
            yield f"{pointer}/who", "A private location is never open to everybody: choose semi-public."
        wrong = list(range_problems(pointer, window.range))
        yield from wrong
        if wrong:
            continue
        for weekday in set(window.weekdays):
            starts = weekday * MINUTES_A_DAY + window.starts
            stretches += wrapped(starts, starts + window.range.minutes, index, len(WEEKDAYS) * MINUTES_A_DAY)
    for first, second in sorted(overlaps(stretches)):
        one, other = schedule[first].range, schedule[second].range
        if first != second:
            yield f"/{second}", f"The time {other} overlaps {one}."
