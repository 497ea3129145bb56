"""Members of the platform staff, who look after the installation and belong to no company."""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

PlatformState = Literal["invited", "expired", "revoked", "registered"]
INVITATION_LASTS = timedelta(days=7)


class StaffMember(NamedTuple):
    """A member. Personal data, outside the history."""

    id: str
    email: str
    name: str


class PlatformCompany(NamedTuple):
    """A company number that was given, as platform staff see it: counts and states, none of its contents.

    ``state``: ``invited``, ``expired``, ``revoked`` or ``registered``, ``since`` when. ``email`` is where its
    invitation went; ``active_at``: when one of its people or programs was here or a charger connected last.
    """

    number: int
    state: PlatformState
    since: datetime
    name: str
    email: str
    expires_at: datetime | None
    chargers: int
    active_at: datetime | None
