"""The command of device management: record what a charger or an operator did."""

from eosvolt.domain.kernel import Command
from eosvolt.domain.maintenance.events import MaintenanceEvent


class RecordDeviceEvent(Command, frozen=True):
    """Record an event. The decider drops an event that repeats what is known."""

    event: MaintenanceEvent


MaintenanceCommand = RecordDeviceEvent
