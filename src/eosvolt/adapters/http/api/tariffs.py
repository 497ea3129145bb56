"""The tariff of a location in the API, and its conversion to and from the domain's."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType, field

from eosvolt.adapters.http.framework.api_types import ApiInput, View
from eosvolt.adapters.http.presentation.amounts import kwh_text
from eosvolt.domain.calendar import clock, minutes_of_day
from eosvolt.domain.tariffs.tariff import BlockingFee, Strategy, Tariff, Window, problems

Price = Annotated[
    str, Meta(pattern=r"^[0-9]{1,9}(\.[0-9]{1,6})?$", description="A decimal number as text, VAT included.")
]
Clock = Annotated[
    str,
    Meta(
        pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", description="Local time of day, 00:00 to 24:00."
    ),
]
StrategyName = Literal["perKwh", "perMinute"]
# Problems that a location says itself; the others are inside its tariff.
_OF_LOCATION = ("/currency", "/vatRate", "/timeZone")


class WindowShape(ApiInput, frozen=True, kw_only=True):
    """A daily window with its own price; it wraps past midnight if it ends before it starts."""

    starts: Clock = field(name="from")
    ends: Clock = field(name="to")
    price: Price


class BlockingFeeShape(ApiInput, frozen=True, kw_only=True, omit_defaults=True):
    """The fee for blocking a plug after charging, per full interval; ``cap`` is the maximum per session."""

    amount: Price
    interval_minutes: Literal[5, 15, 30, 60]
    cap: Price | None = None


class TariffShape(ApiInput, frozen=True, kw_only=True):
    """Prices per kWh or minute. ``price`` applies whenever no window does."""

    strategy: StrategyName
    price: Price
    windows: Annotated[tuple[WindowShape, ...], Meta(max_length=48)] = ()
    blocking_fee: BlockingFeeShape | None = None


class BlockingFeeChange(ApiInput, frozen=True, kw_only=True):
    """A patch of the fee; ``cap`` ``null``: no maximum."""

    amount: Price | UnsetType = UNSET
    interval_minutes: Literal[5, 15, 30, 60] | UnsetType = UNSET
    cap: Price | UnsetType | None = UNSET


class TariffChange(ApiInput, frozen=True, kw_only=True):
    """A patch of the prices. ``windows`` are replaced as a whole; ``null``: none."""

    strategy: StrategyName | UnsetType = UNSET
    price: Price | UnsetType = UNSET
    windows: Annotated[tuple[WindowShape, ...], Meta(max_length=48)] | UnsetType | None = UNSET
    blocking_fee: BlockingFeeChange | UnsetType | None = UNSET


class TariffView(View, frozen=True, kw_only=True):
    """A tariff with currency, time zone and VAT; ``vatRate`` is a fraction.

    Of a booked session ``freeKwh`` cost nothing, and its blocking fee begins at ``blockingFeeBeginsAt`` or
    later.
    """

    currency: str
    vat_rate: str
    time_zone: str
    strategy: StrategyName
    price: str
    windows: tuple[WindowShape, ...]
    blocking_fee: BlockingFeeShape | None = None
    free_kwh: str = ""
    blocking_fee_begins_at: datetime | None = None


def tariff(
    shape: TariffShape, *, currency: str, vat_rate: str, time_zone: str
) -> tuple[Tariff, list[tuple[str, str]]]:
    """The domain's tariff, and every rule that it breaks as ``(pointer, sentence)`` into a location."""
    made = Tariff(
        currency=currency,
        strategy=Strategy(shape.strategy),
        price=Decimal(shape.price),
        vat_rate=Decimal(vat_rate),
        time_zone=time_zone,
        windows=tuple(
            # A window that ends at 00:00 ends with the day.
            Window(minutes_of_day(each.starts), minutes_of_day(each.ends) or 24 * 60, Decimal(each.price))
            for each in shape.windows
        ),
        blocking_fee=blocking_fee(shape.blocking_fee),
    )
    return made, [
        (pointer if pointer in _OF_LOCATION else f"/tariff{pointer}", sentence)
        for pointer, sentence in problems(made)
    ]


def shape(known: Tariff) -> TariffShape:
    """The tariff as an input of the API."""
    return TariffShape(
        strategy=_strategy(known),
        price=f"{known.price:f}",
        windows=tuple(_windows(known)),
        blocking_fee=blocking_fee_shape(known.blocking_fee),
    )


def view(known: Tariff) -> TariffView:
    """The tariff that a session has pinned."""
    return TariffView(
        currency=known.currency,
        vat_rate=f"{known.vat_rate:f}",
        time_zone=known.time_zone,
        strategy=_strategy(known),
        price=f"{known.price:f}",
        windows=tuple(_windows(known)),
        blocking_fee=blocking_fee_shape(known.blocking_fee),
        free_kwh=kwh_text(known.free_wh) if known.free_wh else "",
        blocking_fee_begins_at=None if known.blocking_fee is None else known.blocking_fee.begins_at,
    )


def _strategy(known: Tariff) -> StrategyName:
    return "perKwh" if known.strategy is Strategy.PER_KWH else "perMinute"


def _windows(known: Tariff) -> list[WindowShape]:
    return [
        WindowShape(starts=clock(each.starts), ends=clock(each.ends), price=f"{each.price:f}")
        for each in known.windows
    ]


def blocking_fee(given: BlockingFeeShape | None) -> BlockingFee | None:
    """The fee of an input."""
    if given is None:
        return None
    cap = None if given.cap is None else Decimal(given.cap)
    return BlockingFee(Decimal(given.amount), given.interval_minutes, cap)


def blocking_fee_shape(fee: BlockingFee | None) -> BlockingFeeShape | None:
    """The fee as an input of the API."""
    if fee is None:
        return None
    interval: Literal[5, 15, 30, 60] = fee.interval_minutes  # type: ignore[assignment]  # one of the four, as `problems` demands
    cap = None if fee.cap is None else f"{fee.cap:f}"
    return BlockingFeeShape(amount=f"{fee.amount:f}", interval_minutes=interval, cap=cap)
