"""Which observations of a charger's meter are faults."""

from datetime import datetime

from eosvolt.domain.charge_points.meter_unit_check import MeterUnitVerdict
from eosvolt.domain.charge_points.state import Registered
from eosvolt.domain.explanations import Why, because
from eosvolt.domain.faults.events import FaultKind, Severity
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.reactions.faults import found, over

ENERGY_UNIT_DOUBTFUL = "EnergyUnitDoubtful"
_EXPLANATIONS = {
    MeterUnitVerdict.THOUSANDTH: Why.METER_GAINS_A_THOUSANDTH,
    MeterUnitVerdict.THOUSANDFOLD: Why.METER_GAINS_A_THOUSANDFOLD,
}


def after_meter_unit_check(
    known: Registered, connector: int, verdict: MeterUnitVerdict, at: datetime
) -> list[CommandEnvelope]:
    """Report a meter that seems to count in another unit than it declares; recover it when it fits."""
    if verdict not in _EXPLANATIONS:
        return [over(known, connector, ENERGY_UNIT_DOUBTFUL, at)]
    why = because(_EXPLANATIONS[verdict])
    warning = Severity.WARNING
    return [found(known, connector, FaultKind.POWER, ENERGY_UNIT_DOUBTFUL, at, why, severity=warning)]
