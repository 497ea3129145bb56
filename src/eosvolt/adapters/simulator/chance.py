"""Chance that can be repeated: every stream of random numbers has a seed and a name."""

from random import Random


def stream(seed: int, *names: str | int) -> Random:
    """The random numbers of one named thing. The same seed and names always give the same numbers."""
    return Random("/".join(str(part) for part in (seed, *names)))  # noqa: S311 - decides about weather, not secrets
