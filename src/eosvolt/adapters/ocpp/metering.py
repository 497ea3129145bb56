"""Converts sampled values of OCPP 1.6 (§7.33, §7.43) to readings in whole Wh and W, and in A, V, % and °C.

All samples of one timestamp make one reading. A total value takes precedence over phase values. Without a
total, the energy and power of phases are summed, the largest current counts, and voltages are averaged. Of
several locations the outlet takes precedence. Several register values of one timestamp are all kept, ranked
by context: those of the transaction's begin and end and clock-aligned ones prove more than periodic ones.
Values that are not numbers, or whose unit is unknown or does not fit, are left out; the message log keeps the
frame.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, NamedTuple

import msgspec

from eosvolt.adapters.ocpp.timestamps import instant
from eosvolt.domain.charge_points.reports import RANK_OF_BEGIN, RankedReading, Reading

ONE = Decimal(1)
TOO_LARGE = Decimal(10) ** 15
LONGEST = 64
WHOLE_DIGITS = 15
REGISTER = "Energy.Active.Import.Register"
# The rank of a register value by its context; the lowest rank proves most.
RANKS = {
    "Transaction.End": -2,
    "Sample.Clock": -1,
    "Sample.Periodic": 0,
    "Interruption.Begin": 1,
    "Interruption.End": 1,
    "Trigger": 2,
    "Other": 3,
}
PLACES = {"Outlet": 0, "Cable": 1, "Inlet": 2, "Body": 3, "EV": 4}

Scale = Callable[[Decimal], Decimal]


class SampledValue(msgspec.Struct, rename="camel"):
    """A SampledValue (OCPP 1.6 §7.43) as the charger sent it, with the defaults of the specification."""

    value: str
    measurand: str = REGISTER
    unit: str = ""
    phase: str = ""
    context: str = "Sample.Periodic"
    location: str = "Outlet"
    format: str = "Raw"


class MeterValue(msgspec.Struct, rename="camel"):
    """A MeterValue (OCPP 1.6 §7.33): the samples of one timestamp as the charger sent them."""

    timestamp: str
    sampled_value: list[SampledValue]


class Quantity(NamedTuple):
    """How a measurand is converted: the reading's field, its units, how phases are combined."""

    field: str
    whole: bool
    units: dict[str, Scale | None]
    phases: Callable[[dict[str, Decimal]], Decimal | None]


def _thousandfold(value: Decimal) -> Decimal:
    return value * 1000


def _from_kelvin(value: Decimal) -> Decimal:
    return value - Decimal("273.15")


def _from_fahrenheit(value: Decimal) -> Decimal:
    return (value - 32) * 5 / 9


def _sum(phases: dict[str, Decimal]) -> Decimal | None:
    lines = [value for phase, value in phases.items() if phase in SINGLE_PHASES]
    return sum(lines, Decimal(0)) if lines else None


def _largest(phases: dict[str, Decimal]) -> Decimal | None:
    return max((value for phase, value in phases.items() if phase != "N"), default=None)


def _mean(phases: dict[str, Decimal]) -> Decimal | None:
    lines = [value for phase, value in phases.items() if phase in SINGLE_PHASES] or list(phases.values())
    return sum(lines, Decimal(0)) / len(lines)


SINGLE_PHASES = frozenset({"L1", "L2", "L3", "L1-N", "L2-N", "L3-N"})
# Keys are in lower case: chargers send wH, KWh and Amp. An absent unit is the quantity's default.
ENERGY: dict[str, Scale | None] = {"": None, "wh": None, "kwh": _thousandfold}
POWER: dict[str, Scale | None] = {"": None, "w": None, "kw": _thousandfold}
CURRENT: dict[str, Scale | None] = {"": None, "a": None, "amp": None, "ampere": None, "amps": None}
VOLTAGE: dict[str, Scale | None] = {"": None, "v": None, "volt": None, "volts": None}
SHARE: dict[str, Scale | None] = {"": None, "percent": None, "%": None}
TEMPERATURE: dict[str, Scale | None] = {
    "": None,
    "celsius": None,
    "celcius": None,
    "k": _from_kelvin,
    "fahrenheit": _from_fahrenheit,
}
QUANTITIES = {
    REGISTER: Quantity("register_wh", whole=True, units=ENERGY, phases=_sum),
    "Energy.Active.Import.Interval": Quantity("interval_wh", whole=True, units=ENERGY, phases=_sum),
    "Power.Active.Import": Quantity("power_w", whole=True, units=POWER, phases=_sum),
    "Current.Import": Quantity("current_a", whole=False, units=CURRENT, phases=_largest),
    "Current.Offered": Quantity("offered_a", whole=False, units=CURRENT, phases=_largest),
    "Voltage": Quantity("voltage_v", whole=False, units=VOLTAGE, phases=_mean),
    "SoC": Quantity("soc_percent", whole=False, units=SHARE, phases=_largest),
    "Temperature": Quantity("temperature_c", whole=False, units=TEMPERATURE, phases=_largest),
}

# Messages of a lenient connection are not repaired before, so measurands may have any case.
_IN_ANY_CASE = {measurand.lower(): quantity for measurand, quantity in QUANTITIES.items()}


class _Gathered:
    """The values of one quantity at one timestamp, at the best location so far."""

    __slots__ = ("phases", "place", "rank", "spoiled", "total")

    def __init__(self, place: int) -> None:
        self.place = place
        self.rank = 0
        self.total: Decimal | int | None = None
        self.phases: dict[str, Decimal] = {}
        # Whether a phase could not be read; the sum of the others would be wrong.
        self.spoiled = False


def number(text: str) -> Decimal | int | None:
    """Parse a number, which may be padded or have a decimal comma; ``None`` where it is not a number."""
    if len(text) <= WHOLE_DIGITS and text.isascii() and text.isdigit():
        return int(text)
    if len(text) > LONGEST:
        return None
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() and -TOO_LARGE < value < TOO_LARGE else None


def whole(value: Decimal) -> int:
    """Round to the nearest whole number, halves away from zero."""
    return int(value.quantize(ONE, ROUND_HALF_UP))


def readings(values: Iterable[MeterValue], received_at: datetime) -> tuple[Reading, ...]:
    """One reading for each timestamp with usable samples, in the order of their first appearance.

    Entries without a plausible timestamp get ``received_at``; the last of them counts.
    """
    instants: dict[datetime, dict[str, _Gathered]] = {}
    others: dict[datetime, list[tuple[int, int]]] = {}
    for value in values:
        at, given = instant(value.timestamp, received_at)
        gathered = instants.get(at) if given else None
        if gathered is None:
            gathered = instants[at] = {}
        for sample in value.sampled_value:
            other = _gather(sample, gathered)
            if other is not None:
                others.setdefault(at, []).append(other)
    return tuple(
        _reading(at, figures, gathered, others.get(at))
        for at, gathered in instants.items()
        if (figures := {name: f for name, g in gathered.items() if (f := _figure(name, g)) is not None})
    )


def _reading(
    at: datetime,
    figures: dict[str, Any],
    gathered: dict[str, _Gathered],
    others: list[tuple[int, int]] | None,
) -> Reading:
    first = gathered.get("register_wh")
    rank = 0 if first is None else first.rank
    if rank or others:
        return RankedReading(at=at, rank=rank, registers=tuple(sorted(set(others or ()))), **figures)
    return Reading(at=at, **figures)


def _gather(sample: SampledValue, gathered: dict[str, _Gathered]) -> tuple[int, int] | None:
    """Add a sample. Returns rank and value of a register that differs from the first one."""
    quantity = QUANTITIES.get(sample.measurand) or _IN_ANY_CASE.get(sample.measurand.lower())
    if quantity is None or sample.format == "SignedData":
        return None
    unit = sample.unit
    scale = quantity.units.get(unit.lower() if unit else unit, _WRONG_UNIT)
    if scale is _WRONG_UNIT:
        return None
    place = PLACES.get(sample.location, 0)
    known = gathered.get(quantity.field)
    if known is None or place < known.place:
        known = gathered[quantity.field] = _Gathered(place)
    elif place > known.place:
        return None
    value = number(sample.value)
    phase = sample.phase
    if value is None:
        known.spoiled = known.spoiled or phase in SINGLE_PHASES
        return None
    if scale is not None:
        value = scale(Decimal(value))
    if phase:
        known.phases.setdefault(phase, Decimal(value))
        return None
    if quantity.field != "register_wh":
        if known.total is None:
            known.total = value
        return None
    rank = _rank(sample.context)
    if known.total is None:
        known.total, known.rank = value, rank
        return None
    if value == known.total and rank >= known.rank:
        # The same value under a second context (clock-aligned and periodic) is one value.
        return None
    known.total, known.rank, value, rank = (
        (value, rank, known.total, known.rank)
        if rank < known.rank
        else (known.total, known.rank, value, rank)
    )
    return None if value == known.total else (rank, value if isinstance(value, int) else whole(value))


def _rank(context: str) -> int:
    if context == "Sample.Periodic":
        return 0
    return RANK_OF_BEGIN if context == "Transaction.Begin" else RANKS.get(context, 0)


def _wrong_unit(value: Decimal) -> Decimal:
    raise AssertionError(f"a unit that does not fit was applied to {value}")


_WRONG_UNIT: Scale = _wrong_unit
_FIELDS = {quantity.field: quantity for quantity in QUANTITIES.values()}


def _figure(name: str, gathered: _Gathered) -> int | float | None:
    quantity = _FIELDS[name]
    value: Decimal | int | None = gathered.total
    if value is None:
        if not gathered.phases or (gathered.spoiled and quantity.phases is _sum):
            return None
        value = quantity.phases(gathered.phases)
        if value is None:
            return None
    if quantity.whole:
        return value if isinstance(value, int) else whole(value)
    if name == "soc_percent" and not 0 <= value <= 100:
        return None
    return float(value)
