"""The prices in the form of a location's rules for bookings, from texts to values and back."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.presentation.amounts import kwh_text
from eosvolt.adapters.http.web.customer_groups.prices_data import typed_windows
from eosvolt.adapters.http.web.locations.tariff_data import NUMBER, decimal, text, windows_of, windows_text
from eosvolt.domain.locations.booking_rules import BookingRules, SlotFee
from eosvolt.domain.tariffs.tariff import BLOCKING_INTERVALS, BlockingFee, Strategy, Tariff

_WH = 1000
LABELS: Mapping[str, str] = {
    "feeSameDay": Text("Fee of a slot on the same day"),
    "feeFuture": Text("Fee of a slot on a later day"),
    "strategy": Text("Price of booked sessions"),
    "price": Text("Price"),
    "windows": Text("Prices by time of day"),
    "freeKwh": Text("Free energy in kWh"),
    "graceMinutes": Text("Grace in minutes"),
    "blockingFee": Text("Blocking fee"),
    "blockingInterval": Text("Interval of the blocking fee"),
    "blockingCap": Text("Cap of the blocking fee"),
}
# Where the domain's findings belong on the form.
FIELDS = {
    "fee/sameDay": "feeSameDay",
    "fee/future": "feeFuture",
    "blockingFee/amount": "blockingFee",
    "blockingFee/cap": "blockingCap",
    "blockingFee/intervalMinutes": "blockingInterval",
}


class RulePrices(Struct, frozen=True, kw_only=True):
    """The fields of ``BookingRules`` that are about money, but for the minutes of grace."""

    fee: SlotFee | None = None
    pricing: Tariff | None = None
    free_wh: int = 0
    blocking_fee: BlockingFee | None = None


def known(rules: BookingRules) -> dict[str, str]:
    """The values of the form as it shows rules."""
    fee, own, blocking = rules.fee, rules.pricing, rules.blocking_fee
    return {
        "feeSameDay": "" if fee is None else text(fee.same_day),
        "feeFuture": "" if fee is None else text(fee.future),
        "strategy": "" if own is None else own.strategy.value,
        "price": "" if own is None else text(own.price),
        "windows": "" if own is None else windows_text(windows_of(own)),
        "freeKwh": kwh_text(rules.free_wh) if rules.free_wh else "",
        "graceMinutes": str(rules.grace_minutes),
        "blockingFee": "" if blocking is None else text(blocking.amount),
        "blockingInterval": str(BLOCKING_INTERVALS[1] if blocking is None else blocking.interval_minutes),
        "blockingCap": "" if blocking is None or blocking.cap is None else text(blocking.cap),
    }


def field_of(pointer: str) -> str:
    """The field of the form that a finding of the domain is about."""
    name = pointer.lstrip("/")
    if name.startswith("pricing"):
        return "windows" if name.startswith("pricing/windows") else "price"
    return FIELDS.get(name, name)


def checked(values: Mapping[str, str], tariff: Tariff, wrong: dict[str, str]) -> RulePrices:
    """The prices; what is wrong with them goes to ``wrong``, by field. ``tariff`` is the location's."""
    before = len(wrong)
    wrong.update(_wrong(values))
    pricing = _own_price(values, tariff, wrong)
    if len(wrong) > before:
        return RulePrices()
    fee = None
    if values["feeSameDay"] or values["feeFuture"]:
        fee = SlotFee(_number(values["feeSameDay"]), _number(values["feeFuture"]))
    return RulePrices(
        fee=fee,
        pricing=pricing,
        free_wh=int(_number(values["freeKwh"]) * _WH),
        blocking_fee=_blocking_fee(values),
    )


def _wrong(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in ("feeSameDay", "feeFuture", "price", "freeKwh", "blockingFee", "blockingCap"):
        if values[name] and not NUMBER.fullmatch(values[name]):
            yield name, gettext("Enter a number, or leave empty.")
            return
    if values["strategy"] and values["strategy"] not in tuple(Strategy):
        yield "strategy", gettext("Choose what is charged per.")
    elif values["strategy"] and not values["price"]:
        yield "price", gettext("Enter a number, for example 0.50.")
    elif not values["strategy"] and (values["price"] or values["windows"]):
        yield "strategy", gettext("Choose what is charged per.")
    if _number(values["freeKwh"]) * _WH % 1:
        yield "freeKwh", gettext("At most three decimals.")
    if values["blockingCap"] and not values["blockingFee"]:
        yield "blockingFee", gettext("There is a cap but no fee.")
    if values["blockingInterval"] not in {str(each) for each in BLOCKING_INTERVALS}:
        yield "blockingInterval", gettext("The interval is 5, 15, 30 or 60 minutes.")


def _own_price(values: Mapping[str, str], tariff: Tariff, wrong: dict[str, str]) -> Tariff | None:
    if not values["strategy"] or {"strategy", "price"} & wrong.keys():
        return None
    try:
        windows = typed_windows(values["windows"])
    except ValueError as problem:
        wrong["windows"] = str(problem)
        return None
    return Tariff(
        currency=tariff.currency,
        strategy=Strategy(values["strategy"]),
        price=decimal(values["price"]),
        vat_rate=tariff.vat_rate,
        time_zone=tariff.time_zone,
        windows=windows,
    )


def _blocking_fee(values: Mapping[str, str]) -> BlockingFee | None:
    if not values["blockingFee"]:
        return None
    cap = decimal(values["blockingCap"]) if values["blockingCap"] else None
    return BlockingFee(decimal(values["blockingFee"]), int(values["blockingInterval"]), cap)


def _number(typed: str) -> Decimal:
    return decimal(typed) if typed else Decimal(0)
