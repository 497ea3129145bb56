"""In which order commands go to a charger, which may be said twice, and which a newer one replaces."""

from typing import Any

from eosvolt.domain.commands.events import CommandRequested

STOPPING, STARTING, SETTING, ASKING = range(4)

# A limit may be what keeps a fuse from blowing, so every profile goes as fast as a stop.
_STOPS = frozenset({"remoteStop", "setChargingProfile"})
_STARTS = frozenset({"remoteStart", "unlock"})
_QUESTIONS = frozenset(
    {"getConfiguration", "getLocalListVersion", "getCompositeSchedule", "getInstalledCertificateIds"}
)
_ASKS = _QUESTIONS | {"triggerMessage", "dataTransfer", "getDiagnostics", "getLog"}
_REPEATABLE = _QUESTIONS | {"setChargingProfile", "changeConfiguration", "changeAvailability"}
# Asked for twice, these are done twice: a second boot, a second key pair.
_WITH_EFFECT = frozenset({"BootNotification", "SignChargePointCertificate"})

Slot = tuple[str, str, str, str]


def urgency(action: str) -> int:
    """The smallest goes first; of equals, the oldest."""
    if action in _STOPS:
        return STOPPING
    if action in _STARTS:
        return STARTING
    return ASKING if action in _ASKS else SETTING


def repeatable(action: str, payload: dict[str, Any]) -> bool:
    """Whether doing it twice does no harm, so that it may be sent again where no answer came."""
    match action:
        case "triggerMessage":
            return payload.get("requestedMessage") not in _WITH_EFFECT
        case "sendLocalList":
            # A difference that has been applied once is refused the second time.
            return payload.get("updateType") == "Full"
        case _:
            return action in _REPEATABLE


def slot(request: CommandRequested) -> Slot | None:
    """What the command sets. Of those that set the same, only the newest makes sense.

    ``None`` for a command that no other one can replace.
    """
    payload = request.payload
    match request.action:
        case "setChargingProfile":
            profile = payload.get("chargingProfile") or {}
            return (
                request.action,
                str(payload.get("plug", 0)),
                str(profile.get("chargingProfilePurpose", "")),
                str(profile.get("stackLevel", 0)),
            )
        case "changeConfiguration":
            return (request.action, str(payload.get("key", "")).casefold(), "", "")
        case "changeAvailability":
            return (request.action, str(payload.get("plug", 0)), "", "")
        case _:
            return None


def superseded(action: str) -> str:
    """Why an older command for the same slot fails."""
    what = "charging profile" if action == "setChargingProfile" else "setting"
    return f"Superseded by a newer {what}."
