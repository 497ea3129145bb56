"""How many examples hypothesis tries: few on every save, many by night.

A test whose examples cost much more or less than others' takes a share of the profile's number, so that every
profile makes it longer or shorter.
"""

import os

from hypothesis import HealthCheck, settings

# Times differ between machines and loads; a test that must be quick says so itself.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
PROFILES = {
    "fast": settings(_PATIENT, max_examples=10),
    "dev": _PATIENT,
    "ci": settings(_PATIENT, derandomize=True, print_blob=True),
    "thorough": settings(_PATIENT, max_examples=2_000),
    "laws": settings(_PATIENT, max_examples=10_000),
}


def running() -> str:
    """The profile of this run: the one that the environment names, ``dev`` if it names none."""
    return os.environ.get("HYPOTHESIS_PROFILE", "dev")


def load() -> None:
    """Take the profile of this run."""
    for name, profile in PROFILES.items():
        settings.register_profile(name, profile)
    settings.load_profile(running())


def share(percent: int) -> int:
    """So many percent of the profile's examples, at least one."""
    return max(1, settings().max_examples * percent // 100)
