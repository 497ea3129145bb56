"""The words of states, kinds and flags: the one place where the code's values become what people read."""

from collections.abc import Mapping
from typing import NamedTuple

from eosvolt.domain.commands.catalogue import CATALOGUE

PLUG_STATES = (
    "Available",
    "Preparing",
    "Charging",
    "SuspendedEV",
    "SuspendedEVSE",
    "Finishing",
    "Reserved",
    "Unavailable",
    "Faulted",
    "Offline",
)

SESSION_STATES = {
    "pending": "Pending",
    "charging": "Charging",
    "suspended": "Suspended",
    "blocking": "Blocking",
    "completed": "Completed",
    "failed": "Failed",
}
ACTIVE_STATES = ("pending", "charging", "suspended")

SESSION_TYPES = {"onDemand": "On demand", "booking": "Booking", "home": "Home"}

FAULT_STATES = {"open": "Open", "recovered": "Recovered", "solved": "Solved"}
FAULT_KINDS = {"communication": "Communication", "hardware": "Hardware", "power": "Power"}
FAULT_LEVELS = {"critical": "Critical", "major": "Major", "minor": "Minor"}
# The tabs of the diagnostics page by the state in its address.
FAULT_QUEUES = {
    "attention": "Needs attention",
    "acknowledged": "Acknowledged",
    "snoozed": "Snoozed",
    "recovered": "Recovered",
    "solved": "Solved",
    "all": "All",
}
SNOOZES = {
    "hour": "1 hour",
    "4hours": "4 hours",
    "tomorrow": "Until tomorrow 08:00",
    "3days": "3 days",
    "week": "1 week",
}
FAULT_SEVERITIES = {"error": "Error", "warning": "Warning"}

CHANNELS = {"email": "E-mail", "webhook": "Webhook"}
TRIGGERS = {"faults": "Faults", "historyHead": "Head of the history"}
HEAD_EVERY = {"hour": "Every hour", "day": "Every day"}
OCCASIONS = {
    "opened": "Fault",
    "recovered": "Over",
    "summary": "Summary",
    "test": "Test",
    "historyHead": "Head of the history",
    "historyAlarm": "Alarm about the history",
}
MESSAGE_STATES = {
    "waiting": "Waiting",
    "delivered": "Delivered",
    "givenUp": "Given up",
    "dropped": "Not needed",
    "summarised": "In a summary",
}

COMMAND_STATES = {
    "queued": "Queued",
    "sent": "Sent",
    "accepted": "Accepted",
    "rejected": "Rejected",
    "failed": "Failed",
    "timedOut": "Timed out",
    "expired": "Expired",
}
COMMANDS = {kind.action: kind.label for kind in CATALOGUE}

CONFORMANCE = {
    "strict": "strict: refuse what breaks its schema",
    "tolerant": "tolerant: repair what can be repaired, refuse the rest",
    "trust": "trust: take what can be read",
}
SECURITY_PROFILES = {
    "0": "0: none",
    "1": "1: password",
    "2": "2: TLS and password",
    "3": "3: TLS and the charger's own certificate",
}

LOCATION_TYPES = {"public": "Public", "semiPublic": "Semi-public", "private": "Private"}
STRATEGIES = {"perKwh": "per kWh", "perMinute": "per minute"}

# The types of OCPI and some more, the usual ones first.
CONNECTOR_TYPES = {
    "iec62196T2": "Type 2",
    "iec62196T2Combo": "CCS (Combo 2)",
    "iec62196T1": "Type 1",
    "iec62196T1Combo": "CCS (Combo 1)",
    "chademo": "CHAdeMO",
    "domesticF": "Schuko",
    "teslaS": "Tesla (NACS)",
    "saeJ3400": "NACS (SAE J3400)",
    "gbtAc": "GB/T AC",
    "gbtDc": "GB/T DC",
    "chaoji": "ChaoJi",
    "mcs": "MCS",
    "saeMcs": "MCS (SAE)",
    "iec62196T3A": "Type 3A",
    "iec62196T3C": "Type 3C",
    "teslaR": "Tesla Roadster",
    "pantographBottomUp": "Pantograph, bottom up",
    "pantographTopDown": "Pantograph, top down",
    "iec603092Single16": "CEE 16 A, one phase",
    **{f"iec603092Three{ampere}": f"CEE {ampere} A, three phases" for ampere in ("16", "32", "64")},
    **{f"domestic{letter}": f"Domestic {letter}" for letter in "ABCDEGHIJKLMNO"},
    **{
        f"nema{kind}": f"NEMA {kind[:-2]}-{kind[-2:]}"
        for kind in ("520", "630", "650", "1030", "1050", "1430", "1450")
    },
    "unknown": "Unknown",
}
_CONNECTOR_TYPES = {name.lower(): spoken for name, spoken in CONNECTOR_TYPES.items()}


UPTIME_FORMULA = (
    "Uptime = (observed − down) ÷ observed, in minutes over all plugs. Down: faulted, unavailable (unless "
    "you planned it), or disconnected for more than 60 s, counted from the disconnect."
)
UTILIZATION_FORMULA = (
    "Utilization = time in use ÷ time in service. In use: a session is open, or its car is still plugged in. "
    "In service: since the plug was first seen, without what you planned to be out of service."
)


class Explained(NamedTuple):
    """A flag of a session: a short name and what it means for the bill."""

    name: str
    meaning: str


FLAGS = {
    "adopted": Explained(
        "Adopted", "The charger sent values of a transaction that it had never reported as started."
    ),
    "lateStart": Explained("Late start", "The stop of this session came before its start."),
    "startUnread": Explained(
        "Start register not readable",
        "No meter value of the start can be read; energy counts from the first one that can.",
    ),
    "reset": Explained(
        "Meter reset", "The meter began again from zero; the energy before and after is added up."
    ),
    "rollover": Explained(
        "Meter rollover", "The meter ran over its highest value; the energy goes on from there."
    ),
    "sessionRelative": Explained("Session meter", "The charger counts energy from the start of the session."),
    "lifetime": Explained("Lifetime meter", "The charger counts energy over its whole life after all."),
    "implausible": Explained(
        "Implausible jump", "The meter jumped by more than the plug can deliver; the jump is not billed."
    ),
    "setAside": Explained(
        "Meter value set aside", "A meter value contradicts the others. It is recorded, not billed."
    ),
    "stopSetAside": Explained(
        "Meter at the stop set aside",
        "The meter value of the stop contradicts what was metered before. The session is billed without it.",
    ),
    "abovePower": Explained(
        "More than the plug delivers", "The meter shows more energy than the plug delivers in this time."
    ),
    "heldBack": Explained("Energy held back", "Part of the energy is not billed until an operator agrees."),
    "stopConflict": Explained(
        "Contradicting stop", "A second stop with other figures came later. It is recorded, not believed."
    ),
    "rebooted": Explained("Charger rebooted", "The charger restarted during the session."),
    "noStop": Explained(
        "Estimated end", "No stop was heard. The end is an estimate that a late stop still corrects."
    ),
    "idle": Explained("Idle", "The car took no energy for a full interval, so the session was ended."),
    "orphan": Explained(
        "Stop only", "Only the stop of this session arrived. Without its start nothing is billed."
    ),
}

REASONS = {
    "Idle": "ended by idle detection",
    "Superseded": "ended by the next session on the plug",
    "NoStop": "end estimated: no stop was heard",
    "Operator": "stopped by the operator",
    "Remote": "stopped by operator",
    "Local": "stopped at the charger",
    "EVDisconnected": "the car was unplugged",
    "PowerLoss": "power loss",
    "Reboot": "reboot",
    "HardReset": "hard reset",
    "SoftReset": "soft reset",
    "EmergencyStop": "emergency stop",
    "UnlockCommand": "unlock command",
    "DeAuthorized": "token no longer accepted",
    "Other": "other reason",
}


# Sentences of the domain that stand in events for ever, and how pages say them.
# The columns of the table of sessions by their names in the address.
SESSION_COLUMNS = {
    "number": "Number",
    "status": "Status",
    "startedAt": "Started",
    "endedAt": "Ended",
    "duration": "Duration",
    "location": "Location",
    "plug": "Plug",
    "token": "Token",
    "type": "Type",
    "energy": "kWh",
    "average": "Per kWh",
    "total": "Total",
}


def connector_type(value: str) -> str:
    """A plug's type as people say it."""
    return _CONNECTOR_TYPES.get(value.lower(), value or "Plug")


def flag(value: str) -> Explained:
    """What a flag means; a flag that nobody explained yet stands for itself."""
    return FLAGS.get(value, Explained(value, value))


def reason(value: str) -> str:
    """Why a session ended."""
    return REASONS.get(value, value)


def actor(by: str, people: Mapping[str, str]) -> str:
    """Who caused a change; ``people`` are the names of accounts and API keys by their actor."""
    kind, _, name = by.partition(":")
    match kind:
        case "charger":
            return f"charger {name}"
        case "admin":
            return people.get(by, "a former administrator")
        case "api-key":
            return f"API key “{people[by]}”" if by in people else f"API key {name}"
        case "system":
            return name.replace("-", " ")
        case _:
            return by


# The states of whatever a search finds.
HIT_STATES = {
    **SESSION_STATES,
    **FAULT_STATES,
    "online": "Online",
    "offline": "Offline",
    "accepted": "Accepted",
    "blocked": "Blocked",
    "expired": "Expired",
}

# Where one can go from every page: the page, its address, its name, its icon, and the key after "g".
RAIL = (
    ("dashboard", "/", "Dashboard", "dashboard", "d"),
    ("sessions", "/sessions", "Sessions", "history", "s"),
    ("locations", "/locations", "Locations", "map-pin", "l"),
    ("chargers", "/chargers", "Chargers", "charging-pile", "c"),
    ("tokens", "/tokens", "Tokens", "id-badge-2", "t"),
    ("diagnostics", "/diagnostics", "Diagnostics", "stethoscope", "f"),
    ("settings", "/settings", "Settings", "settings", "e"),
)
