"""The last that was read of a session's meter."""

from datetime import datetime

import msgspec


class SessionMeter(msgspec.Struct, frozen=True):
    """The register as it was last, ``last_wh``, at the latest reading that went on from those before.

    That was at ``register_at``; the latest reading of any kind was at ``last_at``. ``sampled``: a register
    came since the start.
    """

    start_wh: int
    last_wh: int
    last_at: datetime
    register_at: datetime
    sampled: bool = False


def meter_at_start(register_wh: int, at: datetime) -> SessionMeter:
    """The meter when charging begins."""
    return SessionMeter(start_wh=register_wh, last_wh=register_wh, last_at=at, register_at=at)
