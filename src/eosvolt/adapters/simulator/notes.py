"""The notes of the demo's operator on solved faults; many are empty."""

from random import Random

from eosvolt.domain.reactions.faults import NO_CONTACT, STOP_NOT_OBEYED
from eosvolt.domain.reactions.faults_power import POWER_LOSS, UNEXPECTED_REBOOT

NOTED_SHARE = 0.6
NOTES = {
    "GroundFailure": (
        "Residual current device tested and reset on site.",
        "The car's cable was damp; measured again: fine.",
        "Insulation measured, no finding. Only with this one car.",
        "Driver told that the cable of the car has a fault.",
    ),
    "ConnectorLockFailure": (
        "Cable freed on site.",
        "Lock motor cleaned and greased.",
        "Unlocked remotely, the driver could leave.",
        "Socket was dirty. Cleaned.",
        "Lock actuator replaced under warranty.",
    ),
    "OverCurrentFailure": (
        "Restarted remotely, measured again: fine.",
        "The car drew too much on L2; the driver knows.",
        "Load on all phases checked, within limits.",
        "Contactor checked by the electrician, no finding.",
    ),
    "HighTemperature": (
        "Filter mats changed.",
        "Fan replaced.",
        "Hot afternoon; cooled down by itself.",
        "Air inlet was covered with leaves. Cleared.",
    ),
    "EVCommunicationError": (
        "Only with one car, works with the next one.",
        "Restarted remotely, next session went well.",
        "Contacts of the plug cleaned.",
        "The driver had not pushed the plug in all the way.",
    ),
    "PowerMeterFailure": (
        "Meter answers again after a restart; register compared on site: right.",
        "Bus cable of the meter tightened.",
        "Manufacturer's ticket opened, known with this firmware.",
    ),
    NO_CONTACT: (
        "Mobile router restarted.",
        "The network operator had a fault in this area.",
        "SIM card replaced; signal is weak behind the gate.",
        "Came back by itself. Watched for a day.",
    ),
    STOP_NOT_OBEYED: (
        "Was out of contact when it should have stopped.",
        "Stopped on site.",
    ),
    POWER_LOSS: (
        "Fuse in the cabinet was out, switched on again.",
        "Work on the grid, announced by the network operator.",
        "Power cut in the whole street.",
    ),
    UNEXPECTED_REBOOT: (
        "After the power cut. Runs again.",
        "Seen in the log: watchdog. Kept under observation.",
        "Electrician was at the cabinet.",
    ),
}


def note_on(code: str, rng: Random) -> str:
    """A note on a fault of this code; may be empty."""
    noted, note = rng.random() < NOTED_SHARE, rng.choice(NOTES[code])
    return note if noted else ""
