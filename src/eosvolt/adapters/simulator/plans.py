"""The description of a simulated charger: its plugs, location, vendor and quirks."""

from zoneinfo import ZoneInfo

import msgspec

DIRECT_CURRENT = frozenset({"iec62196T2COMBO", "iec62196T1COMBO", "chademo"})


class PlugPlan(msgspec.Struct, frozen=True):
    """One plug. ``type`` is an OCPI connector standard; ``max_power_w`` is what it can deliver."""

    number: int
    type: str
    max_power_w: int

    @property
    def direct(self) -> bool:
        """The plug delivers direct current."""
        return self.type in DIRECT_CURRENT


class Quirks(msgspec.Struct, frozen=True):
    """The protocol violations of a charger; without quirks it conforms to OCPP 1.6.

    ``lower_case_tags``: card numbers in lower case. ``kilowatt_hours``: energy samples in kWh.
    ``phases_only``: energy by phase without a total. ``session_relative``: samples count from the session's
    start while start and stop carry the register. ``clock_off_s``: seconds by which the clock is ahead.
    ``without_transaction``: meter values do not name their transaction.
    """

    lower_case_tags: bool = False
    kilowatt_hours: bool = False
    phases_only: bool = False
    session_relative: bool = False
    clock_off_s: int = 0
    without_transaction: bool = False


class ChargerPlan(msgspec.Struct, frozen=True):
    """One charger.

    ``profile`` names the arrival pattern; ``idle_minutes`` is the location's blocking-fee interval, if any.
    """

    company: int
    charge_box_id: str
    plugs: tuple[PlugPlan, ...]
    profile: str = "city"
    time_zone: str = "Europe/Berlin"
    vendor: str = "Stromwerk"
    model: str = "SW-22"
    firmware: str = "4.2.1"
    serial: str = ""
    idle_minutes: int | None = None
    quirks: Quirks = Quirks()

    @property
    def key(self) -> str:
        """The charge point's key: ``company/charge box id``."""
        return f"{self.company}/{self.charge_box_id}"

    @property
    def zone(self) -> ZoneInfo:
        """The location's time zone."""
        return ZoneInfo(self.time_zone)


def ordinary(company: int, charge_box_id: str, plugs: int = 2, max_power_w: int = 22_000) -> ChargerPlan:
    """An ordinary charger for alternating current."""
    return ChargerPlan(
        company=company,
        charge_box_id=charge_box_id,
        plugs=tuple(PlugPlan(number, "iec62196T2", max_power_w) for number in range(1, plugs + 1)),
    )
