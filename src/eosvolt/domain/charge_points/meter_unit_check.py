"""Checks the unit of an energy register: some chargers declare kWh as Wh, or the other way round.

A factor of a thousand is found by comparing the register's gain with the energy that the reported power
explains. It is only reported as a fault and never applied: bills use the unit that the charger declared.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from eosvolt.domain.charge_points.reports import Reading

# Energy that the power must explain before a comparison counts. A register that counts kWh moves only once
# in 1,000 Wh, therefore it takes more.
ENOUGH_FOR_THOUSANDTH_WH = 3_000
ENOUGH_FOR_THOUSANDFOLD_WH = 50
AGREE = 3
# Between readings further apart the power is not known.
LONGEST_GAP_SECONDS = 900.0


class MeterUnitVerdict(StrEnum):
    """The share of the explained energy that the register gains."""

    NONE = ""
    THOUSANDTH = "thousandth"
    THOUSANDFOLD = "thousandfold"


class MeterUnitCheck(msgspec.Struct, frozen=True):
    """The state of the check of one plug.

    ``explained_wh`` is the energy that the power explains since the register was ``anchor_wh``. The last
    ``agreed`` comparisons found ``suspected``. ``verdict`` is what ``AGREE`` comparisons in a row found.
    """

    at: datetime | None = None
    power_w: int = 0
    anchor_wh: int = 0
    explained_wh: float = 0.0
    suspected: MeterUnitVerdict = MeterUnitVerdict.NONE
    agreed: int = 0
    verdict: MeterUnitVerdict = MeterUnitVerdict.NONE


def checked(check: MeterUnitCheck, reading: Reading) -> MeterUnitCheck:
    """The check after a reading. A reading without register or power, or an older one, changes nothing."""
    register, power = reading.register_wh, reading.power_w
    if register is None or power is None or (check.at is not None and reading.at <= check.at):
        return check
    seconds = 0.0 if check.at is None else (reading.at - check.at).total_seconds()
    gained = register - check.anchor_wh
    if check.at is None or seconds > LONGEST_GAP_SECONDS or gained < 0:
        return msgspec.structs.replace(
            check, at=reading.at, power_w=power, anchor_wh=register, explained_wh=0.0
        )
    explained = check.explained_wh + (check.power_w + power) / 2 * seconds / 3600
    found = _compared(gained, explained)
    if found is None:
        return msgspec.structs.replace(check, at=reading.at, power_w=power, explained_wh=explained)
    agreed = check.agreed + 1 if found is check.suspected else 1
    return MeterUnitCheck(
        at=reading.at,
        power_w=power,
        anchor_wh=register,
        suspected=found,
        agreed=agreed,
        verdict=found if agreed >= AGREE else check.verdict,
    )


def _compared(gained_wh: int, explained_wh: float) -> MeterUnitVerdict | None:
    """What one comparison finds; ``None`` where there is too little energy to compare."""
    if explained_wh >= ENOUGH_FOR_THOUSANDFOLD_WH and 400 < gained_wh / explained_wh < 2_500:
        return MeterUnitVerdict.THOUSANDFOLD
    if explained_wh < ENOUGH_FOR_THOUSANDTH_WH:
        return None
    # A single step may be noise of the register.
    thousandth = gained_wh > 1 and 0.0004 < gained_wh / explained_wh < 0.0025
    return MeterUnitVerdict.THOUSANDTH if thousandth else MeterUnitVerdict.NONE
