"""What chargers and we say to each other, in words that no protocol version owns.

``Heard`` is what a charger may say: the domain's reports and a few words that stop at this door. ``Told`` is
what we may tell it: the commands of the HTTP API under their own names and fields.
"""

from typing import Annotated, Any, Literal

import msgspec

from eosvolt.domain.charge_points.reports import Boot, MeterReport, StartReport, StatusReport, StopReport


class Heartbeat(msgspec.Struct, frozen=True):
    """A sign of life, and a question for the time."""


class AuthorizeAsked(msgspec.Struct, frozen=True):
    """The question whether a token may charge."""

    token: str


class VendorMessage(msgspec.Struct, frozen=True):
    """Something in a vendor's own language."""

    vendor: str
    message: str = ""
    data: str = ""


class Announcement(msgspec.Struct, frozen=True):
    """News that are kept with the frames and change nothing: firmware, uploads, security events."""

    kind: str
    status: str


class CertificateAsked(msgspec.Struct, frozen=True):
    """Please sign this certificate request."""

    request: str


Heard = (
    Boot
    | StatusReport
    | StartReport
    | MeterReport
    | StopReport
    | Heartbeat
    | AuthorizeAsked
    | VendorMessage
    | Announcement
    | CertificateAsked
)

Plug = Annotated[int, msgspec.Meta(ge=1)]
PlugOrAll = Annotated[int, msgspec.Meta(ge=0)]
IdToken = Annotated[str, msgspec.Meta(min_length=1, max_length=20)]


class Telling(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    tag_field="type",
    forbid_unknown_fields=True,
    omit_defaults=True,
):
    """Something we tell a charger to do."""


class RemoteStart(Telling, frozen=True, tag="remoteStart"):
    """Start a session for a token, at one plug or where the charger likes."""

    token: IdToken
    plug: Plug | None = None


class RemoteStop(Telling, frozen=True, tag="remoteStop"):
    """End the transaction. ``session_id`` is how the operator called it."""

    transaction: int
    session_id: str = ""


class Reset(Telling, frozen=True, tag="reset"):
    """Restart: ``Soft`` ends sessions in good order first, ``Hard`` does not."""

    kind: Literal["Soft", "Hard", "soft", "hard"] = "Soft"


class Unlock(Telling, frozen=True, tag="unlock"):
    """Release the cable."""

    plug: Plug


class ChangeAvailability(Telling, frozen=True, tag="changeAvailability"):
    """Put a plug, or with 0 the whole charger, into service or out of it."""

    operative: bool
    plug: PlugOrAll = 0


class TriggerMessage(Telling, frozen=True, tag="triggerMessage"):
    """Send this message now."""

    requested_message: Literal[
        "BootNotification",
        "DiagnosticsStatusNotification",
        "FirmwareStatusNotification",
        "Heartbeat",
        "MeterValues",
        "StatusNotification",
    ]
    plug: Plug | None = None


class GetConfiguration(Telling, frozen=True, tag="getConfiguration"):
    """Read configuration keys; all of them where none is named."""

    key: tuple[Annotated[str, msgspec.Meta(max_length=50)], ...] = ()


class ChangeConfiguration(Telling, frozen=True, tag="changeConfiguration"):
    """Set a configuration key."""

    key: Annotated[str, msgspec.Meta(min_length=1, max_length=50)]
    value: Annotated[str, msgspec.Meta(max_length=500)]


class ClearCache(Telling, frozen=True, tag="clearCache"):
    """Forget the remembered authorizations."""


class DataTransfer(Telling, frozen=True, tag="dataTransfer"):
    """Something in a vendor's own language."""

    vendor_id: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
    message_id: Annotated[str, msgspec.Meta(max_length=50)] = ""
    data: str | None = None


Told = (
    RemoteStart
    | RemoteStop
    | Reset
    | Unlock
    | ChangeAvailability
    | TriggerMessage
    | GetConfiguration
    | ChangeConfiguration
    | ClearCache
    | DataTransfer
)


class Unspeakable(Exception):  # noqa: N818 - it is an answer to whoever asked, not a failure
    """What was asked for is no command, or its fields do not fit. The text is a sentence for the operator."""


def told(action: str, payload: dict[str, Any]) -> Told:
    """The command named ``action`` with the API's fields. Raises ``Unspeakable``."""
    try:
        telling: Told = msgspec.convert({**payload, "type": action}, Told)
    except msgspec.ValidationError as error:
        raise Unspeakable(f"The command {action!r} does not work like this: {error}.") from error
    return telling
