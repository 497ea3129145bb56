"""Former descriptions of a charger, for sessions that are reported after it was moved or changed."""

import msgspec

from eosvolt.domain.charge_points.events import ChargePointAdded, ChargePointChanged, ConnectorSpec
from eosvolt.domain.earlier import Earlier

# Chargers are seldom moved; older descriptions are dropped.
DESCRIPTIONS_REMEMBERED = 64


class Description(msgspec.Struct, frozen=True):
    """A charger as its operator described it: the location where it stands, and its plugs."""

    location: str
    connectors: tuple[ConnectorSpec, ...]

    def max_power_w(self, connector: int) -> int:
        """The power of a plug in W; 0 where it is not known."""
        return next((spec.max_power_w for spec in self.connectors if spec.number == connector), 0)


Descriptions = Earlier[Description]


def earlier_descriptions(
    earlier: Descriptions, present: Description, event: ChargePointAdded | ChargePointChanged
) -> Descriptions:
    """The earlier descriptions once ``event`` puts another in the place of ``present``."""
    if (event.location, event.connectors) == (present.location, present.connectors):
        return earlier
    return (*earlier, (event.at, present))[-DESCRIPTIONS_REMEMBERED:]
