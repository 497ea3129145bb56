"""Reports of chargers, independent of the OCPP version.

The OCPP adapter translates messages into these values. Every report carries ``at`` (the
charger's time, made plausible) and ``received_at`` (ours). ``clock_offset_s`` is by how many seconds the
charger's clock is known to be ahead of ours (negative: behind). Energy is in whole Wh, power in W, current in
A, voltage in V.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

# The rank of a register with the context Transaction.Begin.
RANK_OF_BEGIN = 9


class ConnectorStatus(StrEnum):
    """The state of a plug, in OCPP 1.6's words (2.x states are derived from status and transaction)."""

    AVAILABLE = "Available"
    PREPARING = "Preparing"
    CHARGING = "Charging"
    SUSPENDED_EV = "SuspendedEV"
    SUSPENDED_EVSE = "SuspendedEVSE"
    FINISHING = "Finishing"
    RESERVED = "Reserved"
    UNAVAILABLE = "Unavailable"
    FAULTED = "Faulted"


class Boot(msgspec.Struct, frozen=True, kw_only=True):
    """A BootNotification. Fields that the charger leaves out are empty."""

    received_at: datetime
    vendor: str
    model: str
    serial: str = ""
    firmware: str = ""
    iccid: str = ""
    imsi: str = ""
    meter_type: str = ""
    meter_serial: str = ""


class StatusReport(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one plug; ``connector`` 0 is the charger as a whole.

    ``timed``: the charger sent the time itself.
    """

    connector: int
    status: ConnectorStatus
    at: datetime
    received_at: datetime
    timed: bool = True
    error_code: str = ""
    vendor_id: str = ""
    vendor_error: str = ""
    info: str = ""
    clock_offset_s: int = 0


class StartReport(msgspec.Struct, frozen=True, kw_only=True):
    """A transaction began at the charger. ``meter_start_wh`` is the register's value.

    ``timed``: the charger sent a plausible time; ``metered``: it sent a readable register, otherwise
    ``meter_start_wh`` is 0. ``token`` is empty where the card's number is not readable.
    """

    connector: int
    token: str
    at: datetime
    received_at: datetime
    meter_start_wh: int
    reservation: int | None = None
    timed: bool = True
    clock_offset_s: int = 0
    metered: bool = True


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """The samples of one instant that belong to one plug. Absent quantities are ``None``.

    ``register_wh`` is the import register (total of the phases), ``interval_wh`` energy since the previous
    reading.
    """

    at: datetime
    register_wh: int | None = None
    interval_wh: int | None = None
    power_w: int | None = None
    current_a: float | None = None
    voltage_v: float | None = None
    soc_percent: float | None = None
    offered_a: float | None = None
    temperature_c: float | None = None


class RankedReading(Reading, frozen=True, kw_only=True):
    """A reading whose register was not read periodically, or is not the only one of its instant.

    ``rank`` says how much the register's occasion proves, lower is more; ``registers`` are the other ranks
    and registers that were told for the same instant.
    """

    rank: int = 0
    registers: tuple[tuple[int, int], ...] = ()


def plain(reading: Reading) -> Reading:
    """The reading without its rank and other registers, as it is kept outside sessions."""
    if not isinstance(reading, RankedReading):
        return reading
    return Reading(**{name: getattr(reading, name) for name in Reading.__struct_fields__})


class MeterReport(msgspec.Struct, frozen=True, kw_only=True):
    """Readings of a plug, with the transaction where the charger names one.

    ``connector`` 0 is the charger's own meter. ``timed``: the charger sent plausible times.
    """

    connector: int
    received_at: datetime
    readings: tuple[Reading, ...]
    transaction: int | None = None
    clock_offset_s: int = 0
    timed: bool = True


class StopReport(msgspec.Struct, frozen=True, kw_only=True):
    """A transaction ended at the charger. ``transaction`` may be an id that nobody issued (-1, 0, …).

    ``meter_stop_wh`` is ``None`` where the charger sent no readable register.
    """

    transaction: int
    at: datetime
    received_at: datetime
    meter_stop_wh: int | None
    reason: str = "Local"
    token: str = ""
    readings: tuple[Reading, ...] = ()
    timed: bool = True
    clock_offset_s: int = 0


class FirmwareReport(msgspec.Struct, frozen=True, kw_only=True):
    """The status of a firmware installation, in OCPP's words. ``request`` numbers ``signed`` ones."""

    status: str
    received_at: datetime
    request: int | None = None
    signed: bool = False


class UploadReport(msgspec.Struct, frozen=True, kw_only=True):
    """The status of an upload of diagnostics or of a log, in OCPP's words."""

    status: str
    received_at: datetime
    request: int | None = None


class SecurityReport(msgspec.Struct, frozen=True, kw_only=True):
    """Something that matters for security happened at the charger."""

    type: str
    at: datetime
    received_at: datetime
    info: str = ""


class VendorReport(msgspec.Struct, frozen=True, kw_only=True):
    """Something in a vendor's own language."""

    vendor: str
    received_at: datetime
    message: str = ""
    data: str = ""


class CertificateReport(msgspec.Struct, frozen=True, kw_only=True):
    """The charger asks for a certificate. ``request`` is its signing request, PEM."""

    request: str
    received_at: datetime
