"""Which news of a charger's meter are faults."""

from datetime import datetime

from eosvolt.domain.charge_points.energy_doubt import EnergyDoubt
from eosvolt.domain.charge_points.state import Known
from eosvolt.domain.explanations import Why, because
from eosvolt.domain.faults.events import FaultKind, Severity
from eosvolt.domain.kernel import Order
from eosvolt.domain.reactions.faults import found, over

ENERGY_UNIT_DOUBTFUL = "EnergyUnitDoubtful"
_DOUBTS = {
    EnergyDoubt.THOUSANDTH: Why.METER_GAINS_A_THOUSANDTH,
    EnergyDoubt.THOUSANDFOLD: Why.METER_GAINS_A_THOUSANDFOLD,
}


def after_energy_doubt(known: Known, connector: int, doubt: EnergyDoubt, at: datetime) -> list[Order]:
    """A meter that seems to count in another unit than it says, or whose figures fit again."""
    if doubt not in _DOUBTS:
        return [over(known, connector, ENERGY_UNIT_DOUBTFUL, at)]
    why = because(_DOUBTS[doubt])
    warning = Severity.WARNING
    return [found(known, connector, FaultKind.POWER, ENERGY_UNIT_DOUBTFUL, at, why, severity=warning)]
