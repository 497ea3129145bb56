"""The latest values of a session's meter."""

from datetime import datetime

import msgspec


class SessionMeter(msgspec.Struct, frozen=True):
    """The latest plausible register value in Wh, ``last_wh``, read at ``register_at``.

    The latest reading of any kind was at ``last_at``. ``sampled``: a register value came after the start.
    """

    start_wh: int
    last_wh: int
    last_at: datetime
    register_at: datetime
    sampled: bool = False


def meter_at_start(register_wh: int, at: datetime) -> SessionMeter:
    """The meter when charging begins."""
    return SessionMeter(start_wh=register_wh, last_wh=register_wh, last_at=at, register_at=at)
