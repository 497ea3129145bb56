"""The rules of a location for bookings, and what they may say."""

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from eosvolt.domain.calendar import MINUTES_A_DAY, clock
from eosvolt.domain.locations.opening_hours import OpenRange, range_problems
from eosvolt.domain.money import Money
from eosvolt.domain.tariffs.tariff import BlockingFee, Tariff
from eosvolt.domain.tariffs.tariff import problems as tariff_problems

SLOT_STEP_MINUTES = 30
MOST_AHEAD_DAYS = 366
MOST_WINDOW_MINUTES = 7 * MINUTES_A_DAY
# A megawatt-hour: more than any car takes.
MOST_FREE_WH = 1_000_000


class SlotFee(Struct, frozen=True):
    """The gross fee of a slot, in the location's currency.

    ``same_day``: the slot is on the local date on which it is booked; ``future``: on a later one.
    """

    same_day: Decimal
    future: Decimal


class BookingRules(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The rules of a location for bookings. As they are made: nothing can be booked.

    ``frame`` is the part of each local day that can be booked; a whole day is 0 to 1440. ``slot_minutes`` is
    the length of a slot, ``buffer_minutes`` is kept free after each booking. ``auto_cancel_minutes`` after
    its start a booking ends of which nobody charges; ``None``: at its own end. ``mix_mode``: on-demand
    sessions may begin within the frame beside bookings. ``on_demand_into_booking``: a session that the booker
    began on demand goes on as the booked one when the slot begins; otherwise it is stopped, as everybody
    else's is. ``early_start_minutes`` before its slots a booked session may begin, ``late_stop_minutes``
    after them it has to end. A booking begins at most ``ahead_days`` of 24 hours and at least
    ``notice_minutes`` after it is made; drivers change it until ``change_minutes`` before its start. They
    cancel it until it begins: without the fee until ``cancel_minutes`` before. ``one_per_driver``: nobody has
    two bookings at a time that are not over.

    Prices are in the location's currency and include VAT at its rate. ``fee`` is that of a slot. ``pricing``
    is the price of booked sessions where it is not the location's, without a blocking fee; ``free_wh`` of a
    booking cost nothing. ``blocking_fee`` takes the place of the location's: its first interval begins
    ``grace_minutes`` after the booked end, if the session is over by then; ``None``: booked sessions have no
    blocking fee.
    """

    enabled: bool = False
    frame: OpenRange = OpenRange(0, MINUTES_A_DAY)
    slot_minutes: int = 60
    buffer_minutes: int = 0
    auto_cancel_minutes: int | None = None
    mix_mode: bool = True
    on_demand_into_booking: bool = False
    early_start_minutes: int = 0
    late_stop_minutes: int = 0
    ahead_days: int = 90
    notice_minutes: int = 0
    change_minutes: int = 60
    cancel_minutes: int = 60
    one_per_driver: bool = True
    fee: SlotFee | None = None
    pricing: Tariff | None = None
    free_wh: int = 0
    grace_minutes: int = 0
    blocking_fee: BlockingFee | None = None


# Nothing can be booked. One object, so that events leave it out.
NO_BOOKING = BookingRules()


def problems(rules: BookingRules, tariff: Tariff | None = None) -> list[tuple[str, str]]:
    """Every mistake in the rules, as ``(pointer, sentence)``; empty for valid ones.

    Pointers are JSON pointers (RFC 6901) into the API's form of the rules, e.g. ``/slotMinutes``. Amounts are
    those of the currency of ``tariff``, which is the location's.
    """
    return [*_problems(rules), *_price_problems(rules, tariff)]


def priced(rules: BookingRules) -> bool:
    """Whether the rules have amounts of money."""
    return not (rules.fee is None and rules.pricing is None and rules.blocking_fee is None)


def _price_problems(rules: BookingRules, tariff: Tariff | None) -> Iterator[tuple[str, str]]:
    if not 0 <= rules.free_wh <= MOST_FREE_WH:
        yield "/freeKwh", f"Between 0 and {MOST_FREE_WH // 1000} kWh."
    if not 0 <= rules.grace_minutes <= MINUTES_A_DAY:
        yield "/graceMinutes", f"Between 0 and {MINUTES_A_DAY} minutes."
    own = rules.pricing
    if own is not None:
        if own.blocking_fee is not None:
            yield "/pricing/blockingFee", "The blocking fee of booked sessions is a rule of its own."
        if own.business is not None or own.free_wh:
            yield "/pricing", "What is free of a booked session is a rule of its own."
        if tariff is not None and own.currency != tariff.currency:
            yield "/pricing/currency", f"Prices of bookings are in {tariff.currency}, as the location's are."
        plain = replace(own, blocking_fee=None)
        yield from ((f"/pricing{pointer}", sentence) for pointer, sentence in tariff_problems(plain))
    if tariff is None:
        return
    if rules.blocking_fee is not None:
        if rules.blocking_fee.begins_at is not None:
            yield "/blockingFee", "The grace period says when it begins."
        yield from (
            each
            for each in tariff_problems(replace(tariff, blocking_fee=rules.blocking_fee))
            if each[0].startswith("/blockingFee")
        )
    if rules.fee is not None:
        yield from _fee_problems(rules.fee, tariff)


def _fee_problems(fee: SlotFee, tariff: Tariff) -> Iterator[tuple[str, str]]:
    for name, amount in (("sameDay", fee.same_day), ("future", fee.future)):
        # An amount is wrong where it would be as a price.
        wrong = [
            sentence
            for pointer, sentence in tariff_problems(replace(tariff, price=amount))
            if pointer == "/price"
        ]
        for sentence in wrong:
            yield f"/fee/{name}", sentence.replace("The price", "The fee")
        if not wrong:
            try:
                Money.of(amount, tariff.currency)
            except ValueError as finer:
                yield f"/fee/{name}", str(finer)


def _problems(rules: BookingRules) -> Iterator[tuple[str, str]]:
    frame = list(range_problems("", rules.frame))
    yield from frame
    if not SLOT_STEP_MINUTES <= rules.slot_minutes <= MINUTES_A_DAY or rules.slot_minutes % SLOT_STEP_MINUTES:
        yield "/slotMinutes", "A slot is 30, 60, 90 … up to 1440 minutes long."
    elif not frame and rules.slot_minutes > rules.frame.minutes:
        shown = f"{clock(rules.frame.starts)} to {clock(rules.frame.ends)}"
        yield "/slotMinutes", f"A slot of {rules.slot_minutes} minutes is longer than {shown}."
    for pointer, minutes in (
        ("/bufferMinutes", rules.buffer_minutes),
        ("/earlyStartMinutes", rules.early_start_minutes),
        ("/lateStopMinutes", rules.late_stop_minutes),
    ):
        if not 0 <= minutes <= MINUTES_A_DAY:
            yield pointer, f"Between 0 and {MINUTES_A_DAY} minutes."
    for pointer, minutes in (
        ("/noticeMinutes", rules.notice_minutes),
        ("/changeMinutes", rules.change_minutes),
        ("/cancelMinutes", rules.cancel_minutes),
    ):
        if not 0 <= minutes <= MOST_WINDOW_MINUTES:
            yield pointer, f"Between 0 and {MOST_WINDOW_MINUTES} minutes."
    auto_cancel = rules.auto_cancel_minutes
    if auto_cancel is not None and not 1 <= auto_cancel <= MINUTES_A_DAY:
        yield "/autoCancelMinutes", f"Between 1 and {MINUTES_A_DAY} minutes, or none."
    if not 1 <= rules.ahead_days <= MOST_AHEAD_DAYS:
        yield "/aheadDays", f"Between 1 and {MOST_AHEAD_DAYS} days."
    elif rules.notice_minutes >= rules.ahead_days * MINUTES_A_DAY:
        yield "/noticeMinutes", "Bookings have to be possible earlier than they have to be made."
