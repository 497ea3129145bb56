"""What a register's value means for a session: how much energy it has drawn.

Registers should only grow. Real ones count from the session's start although the start said otherwise, fall
back to zero, roll over, or send one value of another kind; each of these is recognised, made visible and
never billed twice.
"""

from datetime import datetime
from typing import NamedTuple

import msgspec

# A fall of this size is the meter settling at the edge of a session, not a reset.
SETTLING_WH = 50
# What a session may have drawn unseen around a reset, beyond what its plug's power explains.
SLACK_WH = 10_000
# No car takes more between two readings; a larger step is a value of another kind.
LARGEST_STEP_WH = 300_000
# Assumed where the operator did not describe the plug: the most powerful chargers of today.
UNKNOWN_POWER_W = 400_000
ROLLOVERS_WH = tuple(10**digits for digits in range(5, 12))


class Meter(msgspec.Struct, frozen=True):
    """The register of one session.

    ``energy_wh`` is drawn so far; the present segment began at register ``origin_wh`` with ``base_wh``
    already drawn. ``relative``: samples count from the session's start. ``sampled``: a reading came since the
    start.
    """

    start_wh: int
    origin_wh: int
    base_wh: int
    last_wh: int
    last_at: datetime
    energy_wh: int = 0
    relative: bool = False
    sampled: bool = False
    rebased: bool = False


class Rebase(NamedTuple):
    """Why and where the register did not go on."""

    cause: str
    before_wh: int
    after_wh: int


def meter_at_start(register_wh: int, at: datetime) -> Meter:
    """The meter when charging begins."""
    return Meter(start_wh=register_wh, origin_wh=register_wh, base_wh=0, last_wh=register_wh, last_at=at)


def advance(meter: Meter, register_wh: int, at: datetime, max_power_w: int) -> tuple[Meter, Rebase | None]:
    """The meter after a reading at ``at``, not before ``meter.last_at``, and the break in it.

    If there is one.
    """
    moved = _rebased(meter, register_wh, at, max_power_w)
    if moved is None:
        energy = max(meter.energy_wh, meter.base_wh + register_wh - meter.origin_wh)
        last = max(register_wh, meter.last_wh)
        return msgspec.structs.replace(meter, energy_wh=energy, last_wh=last, last_at=at, sampled=True), None
    cause, base, origin, relative = moved
    changed = msgspec.structs.replace(
        meter,
        base_wh=base,
        origin_wh=origin,
        last_wh=register_wh,
        last_at=at,
        energy_wh=max(meter.energy_wh, base + register_wh - origin),
        relative=relative,
        sampled=True,
        rebased=True,
    )
    return changed, Rebase(cause, meter.last_wh, register_wh)


def energy_then(meter: Meter, register_wh: int) -> int | None:
    """What an earlier reading of the same segment meant; ``None`` where it belongs to another one."""
    energy = meter.base_wh + register_wh - meter.origin_wh
    return energy if meter.base_wh <= energy <= meter.energy_wh else None


def energy_at_stop(
    meter: Meter, register_wh: int, at: datetime, known_wh: int, max_power_w: int
) -> tuple[Meter, Rebase | None]:
    """The meter after the stop's value: start and stop are of the same register, whatever the samples were.

    ``known_wh`` is what samples until the stop say; later ones are of somebody else.
    """
    plain = register_wh - meter.start_wh
    tolerance = max(4 * SETTLING_WH, known_wh // 100)
    relative_only = meter.relative and meter.start_wh > 0
    believable = (relative_only or not meter.rebased) and plain >= max(known_wh - tolerance, 0)
    if believable and not _implausible(plain - meter.energy_wh, meter, at, max_power_w):
        return msgspec.structs.replace(
            meter, energy_wh=plain, last_wh=register_wh, last_at=max(at, meter.last_at), sampled=True
        ), None
    return advance(meter, register_wh, max(at, meter.last_at), max_power_w)


def _rebased(
    meter: Meter, register_wh: int, at: datetime, max_power_w: int
) -> tuple[str, int, int, bool] | None:
    step = register_wh - meter.last_wh
    if step >= 0:
        return _jumped(meter, register_wh, at, max_power_w)
    if not meter.sampled and register_wh < meter.start_wh - SETTLING_WH:
        return "sessionRelative", 0, 0, True
    if -step <= SETTLING_WH:
        return None
    for whole in ROLLOVERS_WH:
        if whole * 99 // 100 <= meter.last_wh < whole and -step > whole // 2:
            return "rollover", meter.base_wh, meter.origin_wh - whole, meter.relative
    seconds = (at - meter.last_at).total_seconds()
    from_zero = register_wh <= _deliverable(seconds, max_power_w) + SLACK_WH
    return "reset", meter.energy_wh, 0 if from_zero else register_wh, False


def _jumped(
    meter: Meter, register_wh: int, at: datetime, max_power_w: int
) -> tuple[str, int, int, bool] | None:
    step = register_wh - meter.last_wh
    if not _implausible(step, meter, at, max_power_w):
        return None
    lifetime = register_wh - meter.start_wh
    if (
        meter.relative
        and lifetime >= meter.energy_wh
        and not _implausible(lifetime - meter.energy_wh, meter, at, max_power_w)
    ):
        return "lifetime", 0, meter.start_wh, False
    return "implausible", meter.energy_wh, register_wh, meter.relative


def _implausible(step_wh: int, meter: Meter, at: datetime, max_power_w: int) -> bool:
    if step_wh <= LARGEST_STEP_WH:
        return False
    return step_wh > _deliverable((at - meter.last_at).total_seconds(), max_power_w) + SLACK_WH


def _deliverable(seconds: float, max_power_w: int) -> int:
    return int((max_power_w or UNKNOWN_POWER_W) * max(seconds, 0) * 1.2 / 3600)
