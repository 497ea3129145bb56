"""Loaded by every Python process of a shifted run: lets it sleep.

libfaketime 0.9.10 passes ``clock_nanosleep`` a negative time when the monotonic clock is left alone, so that
``time.sleep`` fails with EINVAL. Waiting for no file takes as long and is not touched by it.
"""

import select
import time
from typing import Any


def _sleep(seconds: Any, /) -> None:
    select.select([], [], [], seconds)


time.sleep = _sleep
