"""The keys of the rows of the ledger that keep the sums of the days of a company and of its locations."""

from datetime import date

DAY, LOCATION_DAY = "day", "locationDay"


def location_days(company: int, location: str) -> str:
    """What the keys of the days of a location begin with; their local date follows, so they are in order."""
    return f"{LOCATION_DAY}:{company}/{location}/"


def day_keys(company: int, location: str, day: date) -> tuple[str, ...]:
    """The keys of the sums to which an entry belongs: withdrawals are of no location."""
    of_company = f"{DAY}:{company}/{day.isoformat()}"
    return (of_company, f"{location_days(company, location)}{day.isoformat()}") if location else (of_company,)
