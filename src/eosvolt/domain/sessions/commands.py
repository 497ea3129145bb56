"""What one can ask of a session, or tell it."""

from datetime import datetime

from eosvolt.domain.charge_points.reports import ConnectorStatus, Reading
from eosvolt.domain.kernel import Command
from eosvolt.domain.sessions.events import Place
from eosvolt.domain.sessions.observations import Observation
from eosvolt.domain.tariffs.tariff import Tariff
from eosvolt.domain.tokens.events import Authorization


class StartSession(Command, frozen=True):
    """Charging began.

    ``authorization`` was true of the token then; ``answer`` is what the charger is told of it now, where that
    is something else.
    """

    number: int
    place: Place
    token: str
    at: datetime
    received_at: datetime
    meter_start_wh: int
    transaction: int
    tariff: Tariff
    max_power_w: int
    authorization: Authorization
    group: str = ""
    remote_command: str = ""
    flags: tuple[str, ...] = ()
    metered: bool = True
    answer: Authorization | None = None


class KeepOrphanStop(Command, frozen=True):
    """A stop came and nobody knows its session."""

    number: int
    company: int
    location: str
    charge_point: str
    time_zone: str
    currency: str
    transaction: int
    token: str
    at: datetime
    received_at: datetime
    meter_stop_wh: int
    reason: str
    readings: tuple[Reading, ...] = ()


class MeterEnergy(Command, frozen=True):
    """The charger sent readings. ``timed``: with plausible times; otherwise their order is not known.

    ``transaction`` is the one that it named.
    """

    received_at: datetime
    readings: tuple[Reading, ...]
    clock_offset_s: int | None = None
    timed: bool = True
    transaction: int | None = None


class NoteConnector(Command, frozen=True):
    """The plug reported a state. ``timed``: the charger told when; otherwise ``at`` is when it was heard."""

    status: ConnectorStatus
    at: datetime
    received_at: datetime
    clock_offset_s: int | None = None
    timed: bool = True


class RecallPlug(Command, frozen=True):
    """What was seen of the plug before the session was known, by our clock."""

    observations: tuple[Observation, ...]


class RecordClockOffset(Command, frozen=True):
    """The clock that dated ``at`` is known to be ahead by ``clock_offset_s``."""

    at: datetime
    received_at: datetime
    clock_offset_s: int


class NoteReboot(Command, frozen=True):
    """The charger started anew."""

    at: datetime


class NoteConnection(Command, frozen=True):
    """The charger's connection was lost or came back."""

    at: datetime
    connected: bool


class EndCharging(Command, frozen=True):
    """The transaction ended.

    ``meter_stop_wh`` is ``None`` and ``provisional`` true where nobody told us so. ``note`` is what an
    operator wrote who ended it. ``told``: it is the charger's own stop.
    """

    at: datetime
    received_at: datetime
    reason: str
    meter_stop_wh: int | None = None
    readings: tuple[Reading, ...] = ()
    provisional: bool = False
    clock_offset_s: int | None = None
    note: str = ""
    told: bool = False


class BillHeldEnergy(Command, frozen=True):
    """An operator agrees that the energy that was held back, or ``wh`` of it, was drawn."""

    at: datetime
    note: str
    wh: int | None = None


class FreeConnector(Command, frozen=True):
    """The plug had its next car at ``at``, so that this one had left."""

    at: datetime


class ReachDeadline(Command, frozen=True):
    """It is ``at`` now: whatever fell due until then has happened."""

    at: datetime


SessionCommand = (
    StartSession
    | KeepOrphanStop
    | MeterEnergy
    | NoteConnector
    | RecallPlug
    | RecordClockOffset
    | NoteReboot
    | NoteConnection
    | EndCharging
    | BillHeldEnergy
    | FreeConnector
    | ReachDeadline
)
