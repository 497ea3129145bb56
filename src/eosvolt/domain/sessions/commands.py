"""The commands of a session."""

from datetime import datetime

from eosvolt.domain.charge_points.reports import ConnectorStatus, Reading
from eosvolt.domain.kernel import Command
from eosvolt.domain.money import Money
from eosvolt.domain.sessions.events import Place
from eosvolt.domain.sessions.observations import Observation
from eosvolt.domain.tariffs.tariff import Tariff
from eosvolt.domain.tokens.events import Authorization


class StartSession(Command, frozen=True):
    """Charging began.

    ``authorization`` is the token's status at the start. ``answer`` is the status that the charger gets now,
    if it differs. ``customer`` is the one whose token it was at the start,
    ``customer_group`` the group whose price it is, ``payment`` the driver's payment for it, ``booking`` the
    booking that it begins with.
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
    customer: str = ""
    customer_group: str = ""
    payment: str = ""
    booking: str = ""


class KeepOrphanStop(Command, frozen=True):
    """A stop came whose session is unknown."""

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
    """The charger sent readings. ``timed``: their times are plausible; otherwise their order is unknown.

    ``transaction`` is the transaction that the charger named.
    """

    received_at: datetime
    readings: tuple[Reading, ...]
    clock_offset_s: int | None = None
    timed: bool = True
    transaction: int | None = None


class NoteConnector(Command, frozen=True):
    """The plug reported a state. ``timed``: with a timestamp; otherwise ``at`` is when it was received."""

    status: ConnectorStatus
    at: datetime
    received_at: datetime
    clock_offset_s: int | None = None
    timed: bool = True


class RecallPlug(Command, frozen=True):
    """Observations of the plug from before the session was known, by our clock."""

    observations: tuple[Observation, ...]


class RecordClockOffset(Command, frozen=True):
    """The clock that dated ``at`` is known to be ahead by ``clock_offset_s``."""

    at: datetime
    received_at: datetime
    clock_offset_s: int


class NoteReboot(Command, frozen=True):
    """The charger rebooted."""

    at: datetime


class NoteConnection(Command, frozen=True):
    """The charger's connection was lost or came back."""

    at: datetime
    connected: bool


class EndCharging(Command, frozen=True):
    """The transaction ended.

    Without a stop of the charger ``meter_stop_wh`` is ``None`` and ``provisional`` true. ``note`` is the note
    of an operator who ended it. ``reported``: it is the charger's own stop.
    """

    at: datetime
    received_at: datetime
    reason: str
    meter_stop_wh: int | None = None
    readings: tuple[Reading, ...] = ()
    provisional: bool = False
    clock_offset_s: int | None = None
    note: str = ""
    reported: bool = False


class BillHeldEnergy(Command, frozen=True):
    """An operator consents to billing the held energy, or ``wh`` of it."""

    at: datetime
    note: str
    wh: int | None = None


class FreeConnector(Command, frozen=True):
    """The next car was on the plug at ``at``, so this car had left."""

    at: datetime


class ChangeBookedTerms(Command, frozen=True):
    """Other terms for the session of a booking; ``None`` leaves them. ``fee_begins_at`` is by our clock."""

    at: datetime
    free_wh: int | None = None
    fee_begins_at: datetime | None = None


class ReachDeadline(Command, frozen=True):
    """It is ``at`` now; decide everything that fell due by then."""

    at: datetime


class RefundSession(Command, frozen=True):
    """Give back ``amount``, gross, or all that is left; ``credit_note`` is the number of its document."""

    at: datetime
    reason: str
    credit_note: str
    amount: Money | None = None


class IssueReceipt(Command, frozen=True):
    """Give the receipt of a session that is over its ``number``."""

    at: datetime
    number: str


class InvoiceSession(Command, frozen=True):
    """Put a session that is over on the invoice with the number ``invoice``, with ``gross``."""

    at: datetime
    invoice: str
    gross: Money


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
    | ChangeBookedTerms
    | ReachDeadline
    | RefundSession
    | IssueReceipt
    | InvoiceSession
)
