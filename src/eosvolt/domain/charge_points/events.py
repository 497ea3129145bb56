"""The events of a charge point."""

from datetime import datetime
from enum import StrEnum

import msgspec

from eosvolt.domain.charge_points.reports import ConnectorStatus, Reading
from eosvolt.domain.kernel import Event
from eosvolt.domain.tokens.events import Authorization


class ConnectorSpec(msgspec.Struct, frozen=True):
    """A plug as the operator described it. ``type`` is an OCPI connector standard such as ``iec62196T2``."""

    number: int
    type: str = ""
    max_power_w: int = 0


class ChargePointAdded(Event, frozen=True, tag="charge-point-added"):
    """The operator registered a charger, so that it may connect."""

    company: int
    charge_box_id: str
    location: str
    connectors: tuple[ConnectorSpec, ...]
    at: datetime
    has_password: bool = False


class ChargePointChanged(Event, frozen=True, tag="charge-point-changed"):
    """Location, plugs or the permission to connect changed."""

    location: str
    connectors: tuple[ConnectorSpec, ...]
    at: datetime
    has_password: bool = False
    disabled: bool = False


class PasswordChanged(Event, frozen=True, tag="charge-point-password-changed"):
    """The operator set the charger's password, or took it away. Passwords are nowhere in the history."""

    at: datetime
    has_password: bool


class Conformance(StrEnum):
    """What happens to messages of a charger that break their schema.

    ``STRICT`` refuses them, ``TOLERANT`` repairs them and refuses what cannot be repaired, ``LENIENT``
    takes what can be read without asking the schema first.
    """

    STRICT = "strict"
    TOLERANT = "tolerant"
    LENIENT = "trust"


class ConnectionPolicyChanged(Event, frozen=True, tag="handling-changed"):
    """How the charger's connections and messages are handled.

    ``assume_protocol``: it may come without naming one and is taken to speak OCPP 1.6. ``security_profile``
    is OCPP's, 0 for none; it is never lowered by itself. ``held``: the charger is told to wait at its boot,
    until released.
    """

    at: datetime
    conformance: Conformance = Conformance.TOLERANT
    assume_protocol: bool = False
    security_profile: int = 0
    held: bool = False


class ChargePointRemoved(Event, frozen=True, tag="charge-point-removed"):
    """The charger may no longer connect; its history stays."""

    at: datetime
    connectors: tuple[int, ...] = ()


class ChargePointConnected(Event, frozen=True, tag="charge-point-connected"):
    """``gateway`` accepted ``connection``. ``connectors`` are all plugs known so far.

    Both are empty in events from before there could be several gateways.
    """

    at: datetime
    protocol: str
    secure: bool
    authenticated: bool
    connectors: tuple[int, ...]
    address: str = ""
    gateway: str = ""
    connection: str = ""


class ChargePointDisconnected(Event, frozen=True, tag="charge-point-disconnected"):
    """The last connection is gone. If it stays away until ``silent_at`` that is a fault."""

    at: datetime
    reason: str
    silent_at: datetime
    connectors: tuple[int, ...]


class ChargePointSilent(Event, frozen=True, tag="charge-point-silent"):
    """It stayed away for longer than a reconnect takes."""

    at: datetime


class ChargePointBooted(Event, frozen=True, tag="charge-point-booted"):
    """The charger booted and described itself (BootNotification).

    ``pending``: it was answered Pending. ``again``: it repeated a boot that was answered Pending over the
    same connection, without a restart.
    """

    at: datetime
    vendor: str
    model: str
    serial: str = ""
    firmware: str = ""
    iccid: str = ""
    imsi: str = ""
    meter_type: str = ""
    meter_serial: str = ""
    pending: bool = False
    again: bool = False


class ConnectorReported(Event, frozen=True, tag="connector-reported"):
    """A plug changed its state or its error.

    ``at`` is the charger's time, whose clock is known to be ``clock_offset_s`` ahead of ours. ``session`` is
    open on the plug, if any.
    """

    location: str
    connector: int
    status: ConnectorStatus
    at: datetime
    received_at: datetime
    timed: bool = True
    error_code: str = ""
    vendor_error: str = ""
    info: str = ""
    session: str = ""
    clock_offset_s: int = msgspec.field(default=0, name="ahead_s")


class ConnectorSeen(Event, frozen=True, tag="connector-seen"):
    """A plug repeated its status or reported an earlier one late: its present status did not change.

    ``at`` is the charger's time, whose clock is known to be ``clock_offset_s`` ahead of ours.
    """

    connector: int
    status: ConnectorStatus
    at: datetime
    received_at: datetime
    timed: bool = True
    clock_offset_s: int = msgspec.field(default=0, name="ahead_s")


class BootAsked(Event, frozen=True, tag="boot-asked"):
    """A boot was triggered: a BootNotification until ``until`` is no restart."""

    at: datetime
    until: datetime


class StationReported(Event, frozen=True, tag="station-reported"):
    """The charger as a whole (connector 0) changed its state or its error."""

    status: ConnectorStatus
    at: datetime
    received_at: datetime
    connectors: tuple[int, ...]
    error_code: str = ""
    vendor_error: str = ""
    info: str = ""
    clock_offset_s: int = msgspec.field(default=0, name="ahead_s")


class TransactionOpened(Event, frozen=True, tag="transaction-opened"):
    """A session began on a plug. Kept whole, so that a repeated start gets the very same answer.

    ``clock_offset_s``: by how many seconds ``at`` is late because the charger's clock is ahead. ``metered``:
    the register at the start was readable; ``meter_start_wh`` is 0 otherwise.
    """

    session: str
    transaction: int
    connector: int
    token: str
    at: datetime
    meter_start_wh: int
    authorization: Authorization
    group: str = ""
    expires_at: datetime | None = None
    clock_offset_s: int = msgspec.field(default=0, name="ahead_s")
    metered: bool = True


class TransactionClosed(Event, frozen=True, tag="transaction-closed"):
    """The session's charging ended; ``provisional`` where no stop was received.

    ``transaction`` is its OCPP id; 0 in events from before it was kept.
    """

    session: str
    connector: int
    at: datetime
    provisional: bool = False
    transaction: int = 0


class TransactionReopened(Event, frozen=True, tag="transaction-reopened"):
    """A presumed end was withdrawn: the session's charging goes on."""

    session: str
    connector: int
    at: datetime


class StopOrphaned(Event, frozen=True, tag="stop-orphaned"):
    """A stop came that belongs to no session we know. It waits in ``session`` for a late start."""

    session: str
    transaction: int
    at: datetime
    received_at: datetime
    meter_stop_wh: int
    reason: str
    token: str = ""


class ReadingsUnassigned(Event, frozen=True, tag="readings-unassigned"):
    """Meter values that belong to no session: the charger's own meter, or a plug without a transaction."""

    connector: int
    received_at: datetime
    readings: tuple[Reading, ...]
    transaction: int | None = None


class RemoteStartPending(Event, frozen=True, tag="remote-start-awaited"):
    """The charger accepted a remote start; the session it leads to belongs to ``command``."""

    command: str
    connector: int
    token: str
    until: datetime


class RemoteStartExpired(Event, frozen=True, tag="remote-start-lapsed"):
    """No session followed in time a remote start that the charger had accepted."""

    command: str
    at: datetime


ChargePointEvent = (
    ChargePointAdded
    | ChargePointChanged
    | PasswordChanged
    | ConnectionPolicyChanged
    | ChargePointRemoved
    | ChargePointConnected
    | ChargePointDisconnected
    | ChargePointSilent
    | ChargePointBooted
    | ConnectorReported
    | ConnectorSeen
    | BootAsked
    | StationReported
    | TransactionOpened
    | TransactionClosed
    | TransactionReopened
    | StopOrphaned
    | ReadingsUnassigned
    | RemoteStartPending
    | RemoteStartExpired
)
