"""The names of definitions of uptime and of kinds of exclusions, as people read them."""

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.domain.exclusions.events import ExclusionKind

DEFINITION_NAMES = {
    "raw": Text("Plain"),
    "nevi": Text("NEVI (United States)"),
    "uk2023": Text("United Kingdom 2023"),
    "cec": Text("California (CEC)"),
}
EXCLUSION_KINDS = {
    ExclusionKind.UTILITY.value: Text("Grid"),
    ExclusionKind.NETWORK.value: Text("Internet or mobile network"),
    ExclusionKind.VEHICLE.value: Text("Vehicle"),
    ExclusionKind.VANDALISM.value: Text("Vandalism"),
    ExclusionKind.DISASTER.value: Text("Natural disaster"),
    ExclusionKind.MAINTENANCE.value: Text("Planned maintenance"),
}
