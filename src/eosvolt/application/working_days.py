"""Working days by the calendars of countries, with the library ``holidays``."""

from datetime import date

import holidays


def working_day_after(day: date, count: int, country: str) -> date:
    """The ``count``-th working day after a day.

    ``country`` is an ISO 3166-1 alpha-2 code. Where its calendar is not known, only Saturdays and Sundays are
    not working days.
    """
    known = country in holidays.list_supported_countries()
    calendar = holidays.country_holidays(country) if known else holidays.HolidayBase()
    return calendar.get_nth_working_day(day, count)
