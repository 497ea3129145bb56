"""How the figures of performance are computed, in words, with versions."""

from typing import NamedTuple

from eosvolt.projections.uptime_definitions import DEFINITIONS


class Formula(NamedTuple):
    """How a figure is computed. ``version`` changes with it."""

    id: str
    version: int
    text: str


FORMULAS = {
    "revenue": Formula(
        "revenue",
        1,
        "charging amounts of sessions ended + blocking fees fallen due − what was given back, gross",
    ),
    "energy": Formula("energy", 1, "energy of sessions whose charging ended"),
    "sessions": Formula("sessions", 1, "sessions whose charging ended and that delivered energy"),
    "utilization": Formula(
        "utilization",
        1,
        "time in use ÷ time in service; in use: Charging, SuspendedEV, SuspendedEVSE, Finishing,"
        " or an open session; in service: since the first contact less planned unavailability",
    ),
    "occupancy": Formula("occupancy", 1, "(time in use + Preparing) ÷ time in service"),
    "energyUtilization": Formula(
        "energyUtilization", 1, "energy of sessions ended ÷ (rated power × time in service)"
    ),
    "successRate": Formula(
        "successRate",
        1,
        "attempts that delivered energy and ended normally ÷ all attempts that ended; not normal:"
        " emergency stop, reset, reboot, power loss, unlock, deauthorization, no stop, superseded,"
        " ended by an operator",
    ),
} | {
    f"uptime.{each.id}": Formula(f"uptime.{each.id}", each.version, each.formula)
    for each in DEFINITIONS.values()
}
