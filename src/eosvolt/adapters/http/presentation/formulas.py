"""How the figures of performance are computed, in words, with versions."""

from typing import NamedTuple

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.projections.uptime_definitions import DEFINITIONS


class Formula(NamedTuple):
    """How a figure is computed. ``version`` changes with it."""

    id: str
    version: int
    text: Text

    @property
    def english(self) -> str:
        """The text as the API says it."""
        return str.__str__(self.text)


_UPTIME = {
    "raw": Text(
        "(observed − down) ÷ observed. Down: faulted, unavailable unless planned, or disconnected for more"
        " than 60 s."
    ),
    "nevi": Text(
        "23 CFR 680.116(b): (minutes − (outage − excluded)) ÷ minutes, per port. A port in use is up."
        " Excluded: recorded exclusions, planned maintenance, time outside opening hours."
    ),
    "uk2023": Text(
        "Public Charge Point Regulations 2023, reg. 7: (M − downtime − exempt) ÷ (M − exempt), mean of the"
        " network's ports of 50 kW or more. Exempt: grid, network, vandalism, disaster, time outside opening"
        " hours."
    ),
    "cec": Text(
        "California Energy Commission: (minutes − (outage − excluded)) ÷ minutes, per port. Excluded: grid,"
        " disaster, vandalism up to 10 days each, planned maintenance up to 72 hours a calendar year."
    ),
}
_OTHERS = (
    Formula(
        "revenue",
        1,
        Text("Gross: charging amounts of sessions ended + blocking fees fallen due − what was given back."),
    ),
    Formula("energy", 1, Text("Energy delivered by sessions, counted when their charging ended.")),
    Formula("sessions", 1, Text("Sessions whose charging ended and that delivered energy.")),
    Formula(
        "utilization",
        1,
        Text(
            "Time in use ÷ time in service. In use: Charging, SuspendedEV, SuspendedEVSE, Finishing, or an"
            " open session. In service: since the first contact, less planned unavailability."
        ),
    ),
    Formula("occupancy", 1, Text("(Time in use + Preparing) ÷ time in service.")),
    Formula("energyUtilization", 1, Text("Energy of sessions ended ÷ (rated power × time in service).")),
    Formula(
        "successRate",
        1,
        Text(
            "Attempts that delivered energy and ended normally ÷ all attempts that ended. Not normal:"
            " emergency stop, reset, reboot, power loss, unlock, deauthorization, no stop, superseded, ended"
            " by an operator."
        ),
    ),
)
FORMULAS = {each.id: each for each in _OTHERS} | {
    f"uptime.{each.id}": Formula(f"uptime.{each.id}", each.version, _UPTIME[each.id])
    for each in DEFINITIONS.values()
}
