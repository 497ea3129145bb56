"""The events of a simulated charger, and its sessions as they really were."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """ChargePointStatus of OCPP 1.6 §7.7."""

    AVAILABLE = "Available"
    PREPARING = "Preparing"
    CHARGING = "Charging"
    SUSPENDED_EV = "SuspendedEV"
    SUSPENDED_EVSE = "SuspendedEVSE"
    FINISHING = "Finishing"
    RESERVED = "Reserved"
    UNAVAILABLE = "Unavailable"
    FAULTED = "Faulted"


@dataclass(slots=True)
class Delivery:
    """One session as it really was. Registers are whole Wh.

    ``transaction`` is the id that the system gave it, ``reservation`` the id of the reservation that it used.
    """

    charge_box_id: str
    plug: int
    token: str
    started_at: datetime
    meter_start_wh: int
    transaction: int | None = None
    ended_at: datetime | None = None
    meter_stop_wh: int | None = None
    reason: str = ""
    freed_at: datetime | None = None
    reservation: int | None = None

    @property
    def energy_wh(self) -> int:
        """The delivered energy in Wh; 0 while the session runs."""
        return 0 if self.meter_stop_wh is None else self.meter_stop_wh - self.meter_start_wh


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """A plug changed its state.

    ``code``, ``vendor_code`` and ``text`` are empty unless something is wrong.
    """

    at: datetime
    plug: int
    status: Status
    code: str = ""
    vendor_code: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class TokenShown:
    """A card was presented and has to be authorized."""

    at: datetime
    plug: int
    token: str


@dataclass(frozen=True, slots=True)
class Started:
    """A transaction began."""

    at: datetime
    plug: int
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Metered:
    """The meter was read. ``soc_percent`` only where the plug knows the state of charge."""

    at: datetime
    plug: int
    delivery: Delivery
    register_wh: int
    power_w: int
    current_a: float
    voltage_v: float
    soc_percent: int | None = None


@dataclass(frozen=True, slots=True)
class Stopped:
    """A transaction ended. ``token`` where a card ended it."""

    at: datetime
    plug: int
    delivery: Delivery
    reason: str
    token: str = ""


@dataclass(frozen=True, slots=True)
class LinkLost:
    """The charger cannot be reached until ``until``."""

    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class LinkBack:
    """The charger can be reached again; ``booted``: it has restarted."""

    at: datetime
    booted: bool


PlugEvent = StatusChanged | TokenShown | Started | Metered | Stopped
ChargerEvent = PlugEvent | LinkLost | LinkBack
