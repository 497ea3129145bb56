"""What can have happened when somebody wanted to charge and might not."""

from datetime import datetime

from eosvolt.domain.kernel import Event


class StartRefused(Event, frozen=True, tag="start-refused"):
    """A charger was told that a token may not charge.

    ``reason`` is a code of ``StartRefusal``, or a later one. ``connector`` is 0 for an Authorize, which
    names no plug; ``session`` is the attempt that a StartTransaction made. ``at`` is when, by our clock.
    """

    company: int
    location: str
    charge_point: str
    token: str
    at: datetime
    reason: str
    connector: int = 0
    session: str = ""


RefusalEvent = StartRefused
