"""Which of the things that are told of a charger's upkeep are news."""

from collections.abc import Sequence

import msgspec

from eosvolt.domain.kernel import Decider
from eosvolt.domain.maintenance.certificates import Certificates, certificates_after
from eosvolt.domain.maintenance.commands import MaintenanceCommand
from eosvolt.domain.maintenance.events import MaintenanceEvent


class Upkeep(msgspec.Struct, frozen=True):
    """What is known of a charger's upkeep: the last event of each kind, and its own certificates."""

    last: dict[str, MaintenanceEvent] = {}
    certificates: Certificates = Certificates()


def decide(command: MaintenanceCommand, upkeep: Upkeep) -> Sequence[MaintenanceEvent]:
    """What happens: an event that is not just the last of its kind again."""
    event = command.event
    return [] if upkeep.last.get(type(event).__name__) == event else [event]


def evolve(upkeep: Upkeep, event: MaintenanceEvent) -> Upkeep:
    """The upkeep after ``event``."""
    return Upkeep(
        {**upkeep.last, type(event).__name__: event}, certificates_after(upkeep.certificates, event)
    )


maintenance: Decider[MaintenanceCommand, Upkeep, MaintenanceEvent] = Decider(
    "maintenance", Upkeep(), decide, evolve
)
