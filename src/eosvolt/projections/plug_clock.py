"""What a charger's plugs are doing and since when.

Two things are true of a plug at any time: whether it is in order (``cause``, as in ``uptime``) and how it is
used (``use``). A stretch is time in which neither changed.
"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec


class Engagement(StrEnum):
    """How a plug is used: not, prepared, by what it reports, or by an open session whatever it reports."""

    IDLE = ""
    PREPARING = "preparing"
    REPORTED = "reported"
    SESSION = "session"


IN_USE = (Engagement.REPORTED, Engagement.SESSION)


class PlugStretch(NamedTuple):
    """Time of a plug in which nothing changed. ``claimed``: it was idle offline time until a late session."""

    connector: int
    since: datetime
    until: datetime
    cause: str
    use: Engagement
    claimed: bool = False


class OpenSession(msgspec.Struct, frozen=True, array_like=True):
    """A session that is open on a plug since ``at``."""

    session: str
    connector: int
    at: datetime


class PlugClock(msgspec.Struct, frozen=True, omit_defaults=True):
    """One plug; what is true of it holds since ``since``.

    ``offline_since``: when the present absence began. ``pending`` are the changes of use in its first minute,
    before it is known whether it counts. ``quiet`` are the last stretches of idle offline time.
    """

    connector: int
    observed_since: datetime
    since: datetime
    cause: str = ""
    use: Engagement = Engagement.IDLE
    reported: str = ""
    available: bool = False
    by_status: Engagement = Engagement.IDLE
    offline_since: datetime | None = None
    pending: tuple[tuple[datetime, datetime, Engagement], ...] = ()
    quiet: tuple[tuple[datetime, datetime], ...] = ()


class ChargerClock(msgspec.Struct, frozen=True, omit_defaults=True):
    """A charger, its plugs by number, and their rated power in W where it is known."""

    location: str = ""
    online: bool = False
    removed: bool = False
    reported: str = ""
    out_of_service: bool = False
    planned_plugs: tuple[int, ...] = ()
    sessions: tuple[OpenSession, ...] = ()
    plugs: tuple[PlugClock, ...] = ()
    rated_w: tuple[tuple[int, int], ...] = ()

    def power(self, connector: int) -> int:
        """The rated power of a plug in W, 0 where nobody told."""
        return dict(self.rated_w).get(connector, 0)
