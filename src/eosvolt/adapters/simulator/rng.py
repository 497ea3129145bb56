"""Random numbers that can be repeated: every stream has a seed and a name."""

from random import Random


def stream(seed: int, *names: str | int) -> Random:
    """A random number generator. The same seed and names always give the same numbers."""
    return Random("/".join(str(part) for part in (seed, *names)))  # noqa: S311 - decides about weather, not secrets
