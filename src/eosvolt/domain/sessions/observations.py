"""What is seen of a plug, as a session's timeline holds it."""

from datetime import datetime

import msgspec

# What is observed beside the plug's states: the connection, a start of the charger, that the charger goes on
# with the transaction that it had before, the next car on the plug.
DISCONNECTED, CONNECTED, REBOOTED, FOLLOWED = "Disconnected", "Connected", "Rebooted", "Followed"
GOES_ON = "GoesOn"


class Observation(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The plug's state, or what is said beside it, at an instant. ``heard_at`` is when we learnt of it."""

    at: datetime
    what: str
    heard_at: datetime | None = None
