"""Working days by the calendars of countries, with the library ``holidays``."""

from datetime import date

import holidays
from holidays.registry import EntityLoader

# The library's own list of countries loads the calendars of all of them, which takes as long as a page.
_KNOWN = frozenset(EntityLoader.get_country_codes())


def working_day_after(day: date, count: int, country: str) -> date:
    """The ``count``-th working day after a day.

    ``country`` is an ISO 3166-1 alpha-2 code. Where its calendar is not known, only Saturdays and Sundays are
    not working days.
    """
    calendar = holidays.country_holidays(country) if country in _KNOWN else holidays.HolidayBase()
    return calendar.get_nth_working_day(day, count)
