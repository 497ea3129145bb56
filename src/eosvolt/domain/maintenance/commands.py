"""What one can tell of a charger's upkeep."""

from eosvolt.domain.kernel import Command
from eosvolt.domain.maintenance.events import MaintenanceEvent


class Note(Command, frozen=True):
    """Somebody saw or did this. Whether it is news is for the decider to say."""

    event: MaintenanceEvent


MaintenanceCommand = Note
