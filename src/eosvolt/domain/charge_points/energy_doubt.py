"""Whether a register fits the power beside it: some chargers declare kWh as Wh, or the other way round.

A factor of a thousand is found by comparing what the register gained with what the power explains. It is only
said, never applied: the bill goes by what the charger declared until somebody decides otherwise.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from eosvolt.domain.charge_points.reports import Reading

# Of a register that is read in kWh only every thousandth step shows; of the opposite all of them.
ENOUGH_FOR_THOUSANDTH_WH = 3_000
ENOUGH_FOR_THOUSANDFOLD_WH = 50
AGREE = 3
# Between readings that are further apart the power may have been anything.
LONGEST_GAP_SECONDS = 900.0


class EnergyDoubt(StrEnum):
    """What the register seems to gain of what it should."""

    NONE = ""
    THOUSANDTH = "thousandth"
    THOUSANDFOLD = "thousandfold"


class EnergyWatch(msgspec.Struct, frozen=True):
    """What was compared so far on one plug.

    ``explained_wh`` is what the power explains since the register was ``anchor_wh``; ``agreed`` comparisons
    in a row said ``suspected``. ``doubt`` is what is held for true.
    """

    at: datetime | None = None
    power_w: int = 0
    anchor_wh: int = 0
    explained_wh: float = 0.0
    suspected: EnergyDoubt = EnergyDoubt.NONE
    agreed: int = 0
    doubt: EnergyDoubt = EnergyDoubt.NONE


def watched(watch: EnergyWatch, reading: Reading) -> EnergyWatch:
    """The watch after a reading; readings without register and power, or older ones, tell nothing."""
    register, power = reading.register_wh, reading.power_w
    if register is None or power is None or (watch.at is not None and reading.at <= watch.at):
        return watch
    seconds = 0.0 if watch.at is None else (reading.at - watch.at).total_seconds()
    gained = register - watch.anchor_wh
    if watch.at is None or seconds > LONGEST_GAP_SECONDS or gained < 0:
        return msgspec.structs.replace(
            watch, at=reading.at, power_w=power, anchor_wh=register, explained_wh=0.0
        )
    explained = watch.explained_wh + (watch.power_w + power) / 2 * seconds / 3600
    verdict = _verdict(gained, explained)
    if verdict is None:
        return msgspec.structs.replace(watch, at=reading.at, power_w=power, explained_wh=explained)
    agreed = watch.agreed + 1 if verdict is watch.suspected else 1
    return EnergyWatch(
        at=reading.at,
        power_w=power,
        anchor_wh=register,
        suspected=verdict,
        agreed=agreed,
        doubt=verdict if agreed >= AGREE else watch.doubt,
    )


def _verdict(gained_wh: int, explained_wh: float) -> EnergyDoubt | None:
    """What a comparison says; ``None`` where there is too little to compare."""
    if explained_wh >= ENOUGH_FOR_THOUSANDFOLD_WH and 400 < gained_wh / explained_wh < 2_500:
        return EnergyDoubt.THOUSANDFOLD
    if explained_wh < ENOUGH_FOR_THOUSANDTH_WH:
        return None
    # One step may be the register's own trembling.
    thousandth = gained_wh > 1 and 0.0004 < gained_wh / explained_wh < 0.0025
    return EnergyDoubt.THOUSANDTH if thousandth else EnergyDoubt.NONE
