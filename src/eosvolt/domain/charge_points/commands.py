"""The commands of a charge point."""

from datetime import datetime

from eosvolt.domain.charge_points.events import Conformance, ConnectorSpec
from eosvolt.domain.charge_points.reports import Boot, MeterReport, StatusReport, StopReport
from eosvolt.domain.kernel import Command
from eosvolt.domain.tokens.events import Authorization


class AddChargePoint(Command, frozen=True):
    """Register a charger."""

    company: int
    charge_box_id: str
    location: str
    connectors: tuple[ConnectorSpec, ...]
    at: datetime
    has_password: bool = False
    held: bool = False


class ChangeChargePoint(Command, frozen=True):
    """Change its location, its plugs, or whether it may connect."""

    location: str
    connectors: tuple[ConnectorSpec, ...]
    at: datetime
    has_password: bool = False
    disabled: bool = False
    password_set: bool = False


class ChangeConnectionPolicy(Command, frozen=True):
    """Change how its connections and messages are handled."""

    at: datetime
    conformance: Conformance = Conformance.TOLERANT
    assume_protocol: bool = False
    security_profile: int = 0
    held: bool = False


class AcceptRegistration(Command, frozen=True):
    """Accept its next boot, and change nothing else."""

    at: datetime


class RaiseSecurity(Command, frozen=True):
    """It agreed to a higher security profile. A lower one changes nothing."""

    at: datetime
    profile: int


class NotePassword(Command, frozen=True):
    """It accepted a password that only it knows."""

    at: datetime


class RemoveChargePoint(Command, frozen=True):
    """Forget the charger; refused while a session is open."""

    at: datetime


class Connect(Command, frozen=True):
    """``connection`` was accepted by ``gateway``; it replaces any other, maybe of another gateway."""

    at: datetime
    protocol: str
    secure: bool
    authenticated: bool
    address: str = ""
    gateway: str = ""
    connection: str = ""


class Disconnect(Command, frozen=True):
    """A connection is gone: only ``connection``, or whichever it has to ``gateway``; ``None`` for any."""

    at: datetime
    reason: str
    connection: str | None = None
    gateway: str | None = None


class NoteBoot(Command, frozen=True):
    """It sent a BootNotification (OCPP 1.6 §4.2)."""

    boot: Boot


class ReportStatus(Command, frozen=True):
    """It sent a StatusNotification of a plug or of the charger as a whole (OCPP 1.6 §4.9)."""

    report: StatusReport


class OpenTransaction(Command, frozen=True):
    """A session begins on a plug.

    ``reservation`` is the one that the charger names; ``stopped``: its stop came before.
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
    clock_offset_s: int = 0
    metered: bool = True
    reservation: int | None = None
    stopped: bool = False


class CloseTransaction(Command, frozen=True):
    """A session's charging is over; ``provisional`` where no stop was heard."""

    session: str
    at: datetime
    provisional: bool = False


class ReopenTransaction(Command, frozen=True):
    """A session whose end was only presumed goes on."""

    session: str
    at: datetime


class AskForBoot(Command, frozen=True):
    """The charger is asked for its boot notification."""

    at: datetime
    until: datetime


class KeepStop(Command, frozen=True):
    """A stop belongs to no session we know; it waits in ``session``."""

    session: str
    report: StopReport


class KeepReadings(Command, frozen=True):
    """Readings belong to no session."""

    report: MeterReport


class AddPendingStart(Command, frozen=True):
    """The charger accepted a remote start: wait for its session until ``until``."""

    command: str
    connector: int
    token: str
    until: datetime


class ReachStartDeadline(Command, frozen=True):
    """It is ``at`` now; a remote start that was accepted may have led to nothing."""

    at: datetime


class ReachSilence(Command, frozen=True):
    """It is ``at`` now; the charger may have been away for too long."""

    at: datetime


ChargePointCommand = (
    AddChargePoint
    | ChangeChargePoint
    | ChangeConnectionPolicy
    | AcceptRegistration
    | RaiseSecurity
    | NotePassword
    | RemoveChargePoint
    | Connect
    | Disconnect
    | NoteBoot
    | ReportStatus
    | OpenTransaction
    | CloseTransaction
    | ReopenTransaction
    | AskForBoot
    | KeepStop
    | KeepReadings
    | AddPendingStart
    | ReachSilence
    | ReachStartDeadline
)
