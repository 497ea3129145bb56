"""Loaded by every Python process of a shifted run: lets it sleep, and shifts whatever it starts."""

import os
import select
import subprocess
import time
from pathlib import Path
from typing import Any

# What is started with an environment of its own, as PostgreSQL is, has the same clock. The shared memory of
# faketime is left out: other accounts may not open it, and a shift needs no memory.
_SHIFT = {
    name: value
    for name, value in os.environ.items()
    if name in {"LD_PRELOAD", "NO_FAKE_STAT"} or (name.startswith("FAKETIME") and name != "FAKETIME_SHARED")
}
_HERE = str(Path(__file__).parent)
_start: Any = subprocess.Popen.__init__


def _sleep(seconds: Any, /) -> None:
    """Sleep by waiting for no file.

    libfaketime 0.9.10 passes ``clock_nanosleep`` a negative time when the monotonic clock is left alone, so
    that ``time.sleep`` fails with EINVAL.
    """
    select.select([], [], [], seconds)


def _start_shifted(self: Any, *arguments: Any, env: Any = None, **more: Any) -> None:
    if env is not None:
        path = os.pathsep.join(filter(None, (env.get("PYTHONPATH"), _HERE)))
        env = {**_SHIFT, **env, "PYTHONPATH": path}
    _start(self, *arguments, env=env, **more)


time.sleep = _sleep
setattr(subprocess.Popen, "__init__", _start_shifted)  # noqa: B010 - a method is replaced on purpose
