"""Time that passes as on a real clock but begins when a test says: no test depends on its date."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta


def time_from(begun: datetime) -> Callable[[], datetime]:
    """Tells the present instant of a clock that shows ``begun`` now and then runs as fast as ours."""
    started = time.monotonic()
    return lambda: begun + timedelta(seconds=time.monotonic() - started)
