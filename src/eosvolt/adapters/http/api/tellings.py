"""What can be asked of a charger: one shape for each ``type``, with the fields of OCPP in camelCase."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Plug = Annotated[int, Meta(ge=1, le=1000)]
PlugOrAll = Annotated[int, Meta(ge=0, le=1000, description="0 is the whole charger.")]
Key = Annotated[str, Meta(min_length=1, max_length=50)]


class Telling(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    tag_field="type",
    forbid_unknown_fields=True,
    omit_defaults=True,
):
    """Base of all."""


class RemoteStart(Telling, frozen=True, kw_only=True, tag="remoteStart"):
    """Start a session for a token, at one plug or where the charger likes."""

    token: Annotated[str, Meta(min_length=1, max_length=20)]
    plug: Plug | None = None


class RemoteStop(Telling, frozen=True, kw_only=True, tag="remoteStop"):
    """End a running session of this charger."""

    session_id: Annotated[str, Meta(min_length=1, max_length=40)]


class Reset(Telling, frozen=True, kw_only=True, tag="reset"):
    """Restart: soft ends sessions in good order first, hard does not."""

    kind: Literal["soft", "hard"] = "soft"


class Unlock(Telling, frozen=True, kw_only=True, tag="unlock"):
    """Release the cable."""

    plug: Plug


class ChangeAvailability(Telling, frozen=True, kw_only=True, tag="changeAvailability"):
    """Put a plug, or the whole charger, into service or out of it."""

    operative: bool
    plug: PlugOrAll = 0


class TriggerMessage(Telling, frozen=True, kw_only=True, tag="triggerMessage"):
    """Let the charger send a message now."""

    requested_message: Literal[
        "BootNotification",
        "DiagnosticsStatusNotification",
        "FirmwareStatusNotification",
        "Heartbeat",
        "MeterValues",
        "StatusNotification",
    ]
    plug: Plug | None = None


class GetConfiguration(Telling, frozen=True, kw_only=True, tag="getConfiguration"):
    """Read configuration keys; all of them where none is named."""

    key: Annotated[tuple[Key, ...], Meta(max_length=100)] = ()


class ChangeConfiguration(Telling, frozen=True, kw_only=True, tag="changeConfiguration"):
    """Set a configuration key."""

    key: Key
    value: Annotated[str, Meta(max_length=500)]


class ClearCache(Telling, frozen=True, kw_only=True, tag="clearCache"):
    """Forget the remembered authorizations."""


class DataTransfer(Telling, frozen=True, kw_only=True, tag="dataTransfer"):
    """Something in the vendor's own language."""

    vendor_id: Annotated[str, Meta(min_length=1, max_length=255)]
    message_id: Annotated[str, Meta(max_length=50)] = ""
    data: Annotated[str, Meta(max_length=50_000)] | None = None


AnyTelling = (
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
