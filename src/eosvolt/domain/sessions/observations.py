"""The observations of a plug that a session's timeline holds."""

from datetime import datetime

import msgspec

# Observations beside the plug's states: the connection was lost or came back, the charger rebooted, the next
# car came. GOES_ON: the charger continues the transaction from before a reboot.
DISCONNECTED, CONNECTED, REBOOTED, FOLLOWED = "Disconnected", "Connected", "Rebooted", "Followed"
GOES_ON = "GoesOn"


class Observation(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A state of the plug, or one of the other observations, at ``at``; received at ``heard_at``."""

    at: datetime
    what: str
    heard_at: datetime | None = None
