"""Which news of a charger's meter are faults."""

from datetime import datetime

from eosvolt.domain.charge_points.energy_doubt import EnergyDoubt
from eosvolt.domain.charge_points.state import Known
from eosvolt.domain.faults.events import FaultKind, Severity
from eosvolt.domain.kernel import Order
from eosvolt.domain.reactions.faults import found, over

ENERGY_UNIT_DOUBTFUL = "EnergyUnitDoubtful"
_DOUBTS = {
    EnergyDoubt.THOUSANDTH: (
        "Its meter gains a thousandth of what its power explains: it may declare kWh as Wh. "
        "Bills go by what it declares."
    ),
    EnergyDoubt.THOUSANDFOLD: (
        "Its meter gains a thousand times what its power explains: it may declare Wh as kWh. "
        "Bills go by what it declares."
    ),
}


def after_energy_doubt(known: Known, connector: int, doubt: EnergyDoubt, at: datetime) -> list[Order]:
    """A meter that seems to count in another unit than it says, or whose figures fit again."""
    if doubt not in _DOUBTS:
        return [over(known, connector, ENERGY_UNIT_DOUBTFUL, at)]
    text = _DOUBTS[doubt]
    warning = Severity.WARNING
    return [found(known, connector, FaultKind.POWER, ENERGY_UNIT_DOUBTFUL, at, text, severity=warning)]
