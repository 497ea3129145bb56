"""The words of states, kinds and flags: the one place where the code's values become what people read."""

from collections.abc import Mapping
from typing import NamedTuple

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.payment_methods import PaymentMethod
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
PLUG_LABELS = {
    "Available": Text("Available"),
    "Preparing": Text("Preparing"),
    "Charging": Text("Charging"),
    "SuspendedEV": Text("SuspendedEV"),
    "SuspendedEVSE": Text("SuspendedEVSE"),
    "Finishing": Text("Finishing"),
    "Reserved": Text("Reserved"),
    "Unavailable": Text("Unavailable"),
    "Faulted": Text("Faulted"),
    "Offline": Text("Offline"),
}

SESSION_STATES = {
    "pending": Text("Pending"),
    "charging": Text("Charging"),
    "suspended": Text("Suspended"),
    "blocking": Text("Blocking"),
    "completed": Text("Completed"),
    "failed": Text("Failed"),
}
ACTIVE_STATES = ("pending", "charging", "suspended")

SESSION_TYPES = {"onDemand": Text("On demand"), "booking": Text("Booking"), "home": Text("Home")}

FAULT_STATES = {"open": Text("Open"), "recovered": Text("Recovered"), "solved": Text("Solved")}
FAULT_KINDS = {"communication": Text("Communication"), "hardware": Text("Hardware"), "power": Text("Power")}
FAULT_LEVELS = {"critical": Text("Critical"), "major": Text("Major"), "minor": Text("Minor")}
# The tabs of the diagnostics page by the state in its address.
FAULT_QUEUES = {
    "attention": Text("Needs attention"),
    "acknowledged": Text("Acknowledged"),
    "snoozed": Text("Snoozed"),
    "recovered": Text("Recovered"),
    "solved": Text("Solved"),
    "all": Text("All"),
}
SNOOZES = {
    "hour": Text("1 hour"),
    "4hours": Text("4 hours"),
    "tomorrow": Text("Until tomorrow 08:00"),
    "3days": Text("3 days"),
    "week": Text("1 week"),
}
FAULT_SEVERITIES = {"error": Text("Error"), "warning": Text("Warning")}

CHANNELS = {"email": Text("E-mail"), "webhook": Text("Webhook")}
TRIGGERS = {"faults": Text("Faults"), "historyHead": Text("Head of the history")}
HEAD_EVERY = {"hour": Text("Every hour"), "day": Text("Every day")}
OCCASIONS = {
    "opened": Text("Fault"),
    "recovered": Text("Over"),
    "summary": Text("Summary"),
    "test": Text("Test"),
    "historyHead": Text("Head of the history"),
    "historyAlarm": Text("Alarm about the history"),
}
MESSAGE_STATES = {
    "waiting": Text("Waiting"),
    "delivered": Text("Delivered"),
    "givenUp": Text("Given up"),
    "dropped": Text("Not needed"),
    "summarised": Text("In a summary"),
}

COMMAND_STATES = {
    "queued": Text("Queued"),
    "sent": Text("Sent"),
    "accepted": Text("Accepted"),
    "rejected": Text("Rejected"),
    "failed": Text("Failed"),
    "timedOut": Text("Timed out"),
    "expired": Text("Expired"),
}
# The catalogue's labels are messages as well.
COMMANDS = {kind.action: Text(kind.label) for kind in CATALOGUE}

CONFORMANCE = {
    "strict": Text("strict: refuse what breaks its schema"),
    "tolerant": Text("tolerant: repair what can be repaired, refuse the rest"),
    "trust": Text("trust: take what can be read"),
}
SECURITY_PROFILES = {
    "0": Text("0: none"),
    "1": Text("1: password"),
    "2": Text("2: TLS and password"),
    "3": Text("3: TLS and the charger's own certificate"),
}

LOCATION_TYPES = {"public": Text("Public"), "semiPublic": Text("Semi-public"), "private": Text("Private")}
STRATEGIES = {"perKwh": Text("per kWh"), "perMinute": Text("per minute")}

UPTIME_FORMULA = Text(
    "Uptime = (observed − down) ÷ observed, in minutes over all plugs. Down: faulted, unavailable (unless "
    "you planned it), or disconnected for more than 60 s, counted from the disconnect."
)
UTILIZATION_FORMULA = Text(
    "Utilization = time in use ÷ time in service. In use: a session is open, or its car is still plugged in. "
    "In service: since the plug was first seen, without what you planned to be out of service."
)


class Explained(NamedTuple):
    """A flag of a session: a short name and what it means for the bill."""

    name: str
    meaning: str


FLAGS = {
    "adopted": Explained(
        Text("Adopted"),
        Text("The charger sent values of a transaction that it had never reported as started."),
    ),
    "lateStart": Explained(Text("Late start"), Text("The stop of this session came before its start.")),
    "startUnread": Explained(
        Text("Start register not readable"),
        Text("No meter value of the start can be read; energy counts from the first one that can."),
    ),
    "closed": Explained(
        Text("Outside opening hours"),
        Text("It began while the location was closed. The charger was told so; what it delivered is billed."),
    ),
    "notListed": Explained(
        Text("Not on the location's list"),
        Text("Its token was not on the list. The charger was told so; what it delivered is billed."),
    ),
    "bookingsOnly": Explained(
        Text("Bookings only"),
        Text("It began when the location was open to bookings only. What it delivered is billed."),
    ),
    "booked": Explained(
        Text("Booked by another driver"),
        Text("It began in a time that another driver had booked. What it delivered is billed."),
    ),
    "reset": Explained(
        Text("Meter reset"), Text("The meter began again from zero; the energy before and after is added up.")
    ),
    "rollover": Explained(
        Text("Meter rollover"), Text("The meter ran over its highest value; the energy goes on from there.")
    ),
    "sessionRelative": Explained(
        Text("Session meter"), Text("The charger counts energy from the start of the session.")
    ),
    "lifetime": Explained(
        Text("Lifetime meter"), Text("The charger counts energy over its whole life after all.")
    ),
    "implausible": Explained(
        Text("Implausible jump"),
        Text("The meter jumped by more than the plug can deliver; the jump is not billed."),
    ),
    "setAside": Explained(
        Text("Meter value set aside"),
        Text("A meter value contradicts the others. It is recorded, not billed."),
    ),
    "stopSetAside": Explained(
        Text("Meter at the stop set aside"),
        Text(
            "The meter value of the stop contradicts what was metered before. The session is billed without "
            "it."
        ),
    ),
    "abovePower": Explained(
        Text("More than the plug delivers"),
        Text("The meter shows more energy than the plug delivers in this time."),
    ),
    "heldBack": Explained(
        Text("Energy held back"), Text("Part of the energy is not billed until an operator agrees.")
    ),
    "stopConflict": Explained(
        Text("Contradicting stop"),
        Text("A second stop with other figures came later. It is recorded, but changes nothing."),
    ),
    "rebooted": Explained(Text("Charger rebooted"), Text("The charger restarted during the session.")),
    "noStop": Explained(
        Text("Estimated end"),
        Text("No stop was received. The end is an estimate that a late stop still corrects."),
    ),
    "idle": Explained(
        Text("Idle"), Text("The car took no energy for a full interval, so the session was ended.")
    ),
    "orphan": Explained(
        Text("Stop only"), Text("Only the stop of this session arrived. Without its start nothing is billed.")
    ),
}

REASONS = {
    "Idle": Text("ended by idle detection"),
    "Superseded": Text("ended by the next session on the plug"),
    "NoStop": Text("end estimated: no stop was received"),
    "Operator": Text("stopped by the operator"),
    "Remote": Text("stopped by operator"),
    "Local": Text("stopped at the charger"),
    "EVDisconnected": Text("the car was unplugged"),
    "PowerLoss": Text("power loss"),
    "Reboot": "reboot",
    "HardReset": Text("hard reset"),
    "SoftReset": Text("soft reset"),
    "EmergencyStop": Text("emergency stop"),
    "UnlockCommand": Text("unlock command"),
    "DeAuthorized": Text("token no longer accepted"),
    "Other": Text("other reason"),
}


# Sentences of the domain that stand in old events, and the pages' words for them.
# The columns of the table of sessions by their names in the address.
PAYMENT_METHODS = {
    PaymentMethod.INVOICE.value: Text("By invoice"),
    PaymentMethod.CARD.value: Text("By card"),
    PaymentMethod.NONE.value: Text("Without a customer"),
}
SESSION_COLUMNS = {
    "number": Text("Number"),
    "status": Text("Status"),
    "startedAt": Text("Started"),
    "endedAt": Text("Ended"),
    "duration": Text("Duration"),
    "location": Text("Location"),
    "plug": Text("Plug"),
    "token": Text("Token"),
    "type": Text("Type"),
    "energy": "kWh",
    "average": Text("Per kWh"),
    "total": Text("Total"),
    "paymentMethod": Text("Payment method"),
}


def plug_label(state: str) -> str:
    """The label of a plug's state; one that OCPP does not know is shown as it is."""
    return PLUG_LABELS.get(state, state)


def flag(value: str) -> Explained:
    """The meaning of a flag; an unknown flag is shown as it is."""
    return FLAGS.get(value, Explained(value, value))


def reason(value: str) -> str:
    """Why a session ended."""
    return REASONS.get(value, value)


def actor(by: str, people: Mapping[str, str]) -> str:
    """Who caused a change; ``people`` are the names of accounts and API keys by their actor."""
    kind, _, name = by.partition(":")
    match kind:
        case "charger":
            return gettext("charger {name}", name=name)
        case "admin":
            return people.get(by, gettext("a former administrator"))
        case "api-key":
            return (
                gettext("API key “{by}”", by=people[by])
                if by in people
                else gettext("API key {name}", name=name)
            )
        case "driver" | "staff":
            return gettext("a driver") if kind == "driver" else gettext("platform staff")
        case "system":
            return translated(name.replace("-", " "))
        case _:
            return by


# The states of whatever a search finds.
HIT_STATES = {
    **SESSION_STATES,
    **FAULT_STATES,
    "online": Text("Online"),
    "offline": Text("Offline"),
    "accepted": Text("Accepted"),
    "blocked": Text("Blocked"),
    "expired": Text("Expired"),
}
