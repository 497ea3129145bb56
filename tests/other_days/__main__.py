"""The tests on other days: forty days on, in nights in which clocks change, on leap day, at the year's end.

Every test run, with its servers, databases and browsers, believes a shifted clock (Debian's ``faketime``).
Durations stay what they are: the clock that measures them is not touched.

    python -m tests.other_days [--day NAME ...] [arguments of pytest]
"""

import argparse
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

SETTINGS = {
    # Files keep their true times, so that compiled ones stay valid.
    "NO_FAKE_STAT": "1",
    # Timed waits are on the monotonic clock already; "mended" they would return at once, again and again.
    "FAKETIME_FORCE_MONOTONIC_FIX": "0",
    "PYTHONPATH": str(Path(__file__).with_name("startup")),
}

# A run that begins half a minute before a clock change goes through it.
DAYS: dict[str, timedelta | datetime] = {
    "in-forty-days": timedelta(days=40),
    "spring-night": datetime(2027, 3, 28, 0, 59, 30, tzinfo=UTC),
    "autumn-night": datetime(2027, 10, 31, 0, 59, 30, tzinfo=UTC),
    "new-year": datetime(2027, 12, 31, 23, 50, tzinfo=UTC),
    "leap-day": datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
}


def command(shift: timedelta, pytest: list[str]) -> list[str]:
    """What runs pytest, and all that it starts, with a clock that is shifted by ``shift``."""
    seconds = int(shift.total_seconds())
    shifted = ["faketime", "-m", "--exclude-monotonic", "-f", f"{seconds:+d}s"]
    return [*shifted, sys.executable, "-m", "pytest", *pytest]


def run(name: str, pytest: list[str]) -> int:
    """Run the tests on a day of ``DAYS``; pytest's exit code."""
    day, now = DAYS[name], datetime.now(UTC)
    shift = day if isinstance(day, timedelta) else day - now
    print(f"== {name}: as if it were {now + shift:%Y-%m-%d %H:%M:%S} UTC", flush=True)  # noqa: T201 - the report
    return subprocess.run(command(shift, pytest), env={**os.environ, **SETTINGS}, check=False).returncode


def main() -> int:
    """Run the tests on the days asked for, on all of them unless told; 0 only if they are green on each."""
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reader.add_argument("--day", action="append", choices=DAYS, help="only this day; may be repeated")
    chosen, pytest = reader.parse_known_args()
    failed = [name for name in chosen.day or DAYS if run(name, pytest) != 0]
    if failed:
        print(f"Not green: {', '.join(failed)}", file=sys.stderr)  # noqa: T201 - the report
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
