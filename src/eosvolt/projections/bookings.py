"""Every booking, and the slots that are held: the question of calendars, lists and feeds."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from eosvolt.domain.bookings.events import (
    BookingBegan,
    BookingCancelled,
    BookingEnded,
    BookingExtended,
    BookingMade,
    BookingMoved,
    BookingRescheduled,
    HoldReleased,
    NoShowNoted,
    SlotHeld,
)
from eosvolt.domain.bookings.fee_events import BookingFeeCharged
from eosvolt.domain.bookings.values import BookedPlug, BookingCancelReason, BookingFee, BookingStatus
from eosvolt.domain.kernel import Fact
from eosvolt.domain.locations.booking_rules import SlotFee
from eosvolt.domain.money import Money
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class BookingRow(Row, frozen=True, kw_only=True):
    """A booking, or slots that are held until ``held_until`` (state ``held``).

    ``charge_point`` is a charge box id. ``state`` is a ``BookingStatus``, ``reason`` the
    ``BookingCancelReason`` of a cancelled one or of the plug that another one replaced. ``began_at`` and
    ``session`` are of the first session, ``over_at`` is when it was over in whichever way. ``by`` is the
    actor who made it, ``over_by`` who ended or cancelled it. Its driver may change it until
    ``change_minutes`` before its start, and cancel it without the fee until ``cancel_minutes`` before.
    ``fee`` is what its slots cost, gross; it is owed since ``fee_owed``. ``slot_fee`` is what its rules say
    of each.
    """

    id: str
    company: int
    location: str
    time_zone: str
    charge_point: str
    connector: int
    plug_type: str
    customer: str
    token: str
    since: datetime
    until: datetime
    slots: int
    slot_minutes: int
    buffer_minutes: int
    state: str
    made_at: datetime
    by: str
    any_plug: bool = False
    change_minutes: int = 0
    cancel_minutes: int = 0
    held_until: datetime | None = None
    begins_from: datetime | None = None
    stops_at: datetime | None = None
    session: str = ""
    began_at: datetime | None = None
    over_at: datetime | None = None
    over_by: str = ""
    reason: str = ""
    note: str = ""
    version: int = 0
    fee: Money | None = None
    fee_owed: datetime | None = None
    slot_fee: SlotFee | None = None


def keys(fact: Fact) -> Iterable[str]:
    """The booking itself."""
    return (fact.key,)


def apply(row: BookingRow | None, fact: Fact, key: str) -> BookingRow | None:
    """The booking after the fact; none once a hold is over."""
    changed = _changed(row, fact, key)
    return None if changed is None else msgspec.structs.replace(changed, version=fact.version)


def _changed(row: BookingRow | None, fact: Fact, key: str) -> BookingRow | None:
    change = msgspec.structs.replace
    match fact.event, row:
        case SlotHeld() as held, _:
            return change(_chosen(held, fact, key), held_until=held.held_until)
        case HoldReleased(), BookingRow(state=BookingStatus.HELD):
            return None
        case BookingMade() as made, _:
            return change(_chosen(made, fact, key), begins_from=made.begins_from, stops_at=made.stops_at)
        case BookingRescheduled() as moved, BookingRow() as known:
            return change(
                _at(known, moved.plug),
                since=moved.since,
                until=moved.until,
                slots=moved.slots,
                begins_from=moved.begins_from,
                stops_at=moved.stops_at,
                fee=_fee(moved.fee),
            )
        case BookingExtended() as longer, BookingRow() as known:
            return change(
                known,
                until=longer.until,
                slots=longer.slots,
                stops_at=longer.stops_at,
                fee=_fee(longer.fee),
            )
        case BookingMoved(plug=plug, reason=reason), BookingRow() as known:
            return change(_at(known, plug), reason=known.reason if reason is None else reason.value)
        case BookingBegan(session=session, at=at), BookingRow(session="") as known:
            return change(known, state=BookingStatus.ACTIVE.value, session=session, began_at=at)
        case BookingEnded(at=at), BookingRow() as known:
            return change(known, state=BookingStatus.COMPLETED.value, over_at=at, over_by=fact.why.by)
        case BookingCancelled(at=at, reason=reason, note=note), BookingRow() as known:
            return change(
                known,
                state=BookingStatus.CANCELLED.value,
                reason=reason.value,
                note=note,
                over_at=at,
                over_by=fact.why.by,
            )
        case NoShowNoted(at=at), BookingRow() as known:
            return change(
                known,
                state=BookingStatus.NO_SHOW.value,
                reason=BookingCancelReason.NO_SHOW.value,
                over_at=at,
                over_by=fact.why.by,
            )
        case BookingFeeCharged(at=at), BookingRow() as known:
            return change(known, fee_owed=at)
        case _:
            return row


def _fee(fee: BookingFee | None) -> Money | None:
    return None if fee is None else fee.amount


def _chosen(event: SlotHeld | BookingMade, fact: Fact, key: str) -> BookingRow:
    state = BookingStatus.BOOKED if isinstance(event, BookingMade) else BookingStatus.HELD
    return BookingRow(
        id=key,
        company=event.company,
        location=event.location,
        time_zone=event.time_zone,
        charge_point=event.plug.charge_point,
        connector=event.plug.connector,
        plug_type=event.plug.type,
        customer=event.booker.customer,
        token=event.booker.token,
        since=event.since,
        until=event.until,
        slots=event.slots,
        slot_minutes=event.rules.slot_minutes,
        buffer_minutes=event.rules.buffer_minutes,
        state=state.value,
        made_at=event.at,
        by=fact.why.by,
        any_plug=event.any_plug,
        change_minutes=event.rules.change_minutes,
        cancel_minutes=event.rules.cancel_minutes,
        fee=_fee(event.fee),
        slot_fee=event.rules.fee,
    )


def _at(row: BookingRow, plug: BookedPlug) -> BookingRow:
    return msgspec.structs.replace(
        row, charge_point=plug.charge_point, connector=plug.connector, plug_type=plug.type
    )


bookings = ReadModel(
    name="bookings",
    version=1,
    row=BookingRow,
    reads=tags(
        SlotHeld,
        HoldReleased,
        BookingMade,
        BookingRescheduled,
        BookingExtended,
        BookingMoved,
        BookingBegan,
        BookingEnded,
        BookingCancelled,
        NoShowNoted,
        BookingFeeCharged,
    ),
    keys=keys,
    apply=apply,
    indexes=("company, since", "company, customer, since", "company, made_at"),
)
