"""The latest values of a session's meter."""

from datetime import datetime

import msgspec

from eosvolt.domain.charge_points.reports import RANK_OF_BEGIN
from eosvolt.domain.sessions.events import SessionReading


class SessionMeter(msgspec.Struct, frozen=True):
    """The latest plausible register value in Wh, ``last_wh``, read at ``register_at``.

    The latest reading of any kind was at ``last_at``. ``sampled``: a register value came after the start.
    """

    start_wh: int
    last_wh: int
    last_at: datetime
    register_at: datetime
    sampled: bool = False

    def after(self, reading: SessionReading, *, plausible: bool) -> "SessionMeter":
        """The meter after a reading that is not late.

        ``plausible``: its register goes on from those before.
        """
        register_wh = None if reading.rank == RANK_OF_BEGIN else reading.register_wh
        if register_wh is None:
            return msgspec.structs.replace(self, last_at=reading.at)
        if not plausible:
            return msgspec.structs.replace(self, last_at=reading.at, sampled=True)
        return SessionMeter(self.start_wh, register_wh, reading.at, reading.at, sampled=True)


def meter_at_start(register_wh: int, at: datetime) -> SessionMeter:
    """The meter when charging begins."""
    return SessionMeter(start_wh=register_wh, last_wh=register_wh, last_at=at, register_at=at)
