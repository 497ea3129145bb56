"""Questions about how plugs are used and how well they work, and the answers."""

from datetime import date
from typing import NamedTuple

import msgspec


class PlugFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Some plugs: at these locations, of one charger, of one number. What is left out does not restrict."""

    locations: tuple[str, ...] = ()
    charger: str = ""
    plug: int | None = None


class Stretch(NamedTuple):
    """The local days from one up to another, in steps of a ``day`` or a ``month``."""

    since: date
    until: date
    by: str = "day"


class Traded(NamedTuple):
    """What sessions brought on a local day or in a month: minor units, Wh, and their number."""

    location: str
    day: date
    currency: str
    gross: int
    energy_wh: int
    sessions: int


class Attempts(NamedTuple):
    """Charging attempts that ended, and how many of them delivered energy and ended normally."""

    attempts: int
    successful: int


class StartedAt(NamedTuple):
    """The sessions that began on a weekday (0: Monday) in an hour of the local clock."""

    weekday: int
    hour: int
    sessions: int
