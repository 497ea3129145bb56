"""Bookings and slots in the API, for operators and for drivers."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta

from eosvolt.adapters.http.framework.api_types import ApiInput, Instant, MoneyView, ShortText, View, paid
from eosvolt.application.booking_slots import SlotOffer
from eosvolt.domain.bookings.fees import refund_until
from eosvolt.domain.bookings.slots import MOST_SLOTS
from eosvolt.domain.bookings.values import BookingCancelReason, BookingStatus
from eosvolt.projections.bookings import BookingRow

SlotCount = Annotated[int, Meta(ge=1, le=MOST_SLOTS, description="So many slots that follow each other.")]
PlugNumber = Annotated[int, Meta(ge=1, le=10_000)]


class SlotsChoice(ApiInput, frozen=True, kw_only=True):
    """``slots`` slots that follow each other from ``start`` on, as the list of slots offers them.

    With ``chargeBoxId`` and ``plug`` they are of this plug; without ``plug`` of any one of the charger or of
    the location, of the ``type`` if there is one.
    """

    start: Instant
    slots: SlotCount = 1
    charge_box_id: ShortText = ""
    plug: PlugNumber | None = None
    type: ShortText = ""


class MoveRequest(ApiInput, frozen=True, kw_only=True):
    """Other slots, as many as before without a number; another plug where one is named."""

    start: Instant
    slots: SlotCount | None = None
    charge_box_id: ShortText = ""
    plug: PlugNumber | None = None


class ExtensionRequest(ApiInput, frozen=True, kw_only=True):
    """How many slots the booking is to have altogether."""

    slots: SlotCount


class CancellationRequest(ApiInput, frozen=True, kw_only=True):
    """Why, in the sender's words."""

    reason: Annotated[str, Meta(max_length=500)] = ""


class DriverCancellation(CancellationRequest, frozen=True, kw_only=True):
    """With ``onlyWithRefund`` it is not cancelled if the fee would be kept: 409 then."""

    only_with_refund: bool = False


class OperatorCancellation(CancellationRequest, frozen=True, kw_only=True):
    """Without ``refund`` the fee is owed all the same."""

    refund: bool = True


class FreePlugView(View, frozen=True, kw_only=True):
    """A plug that is free during a slot."""

    charge_box_id: str
    plug: int
    type: str = ""
    max_power_w: int = 0


class SlotView(View, frozen=True, kw_only=True):
    """A slot, or several that follow each other, with the plugs that can be booked all the time.

    ``fee`` is what it costs to book them now, VAT included; left out where there is none.
    """

    start: datetime
    end: datetime
    free: list[FreePlugView]
    fee: MoneyView | None = None


class BookingView(View, frozen=True, kw_only=True):
    """A booking, or slots that are held until ``heldUntil``.

    ``anyPlug``: any plug of the kind will do, so it may be moved to another one. ``reason`` is why it was
    cancelled, or why another plug replaced its own. ``sessionId`` is the first session of it. ``fee`` is what
    it costs, VAT included; it is owed since ``feeOwedAt``. Its driver can change it until ``changeUntil`` and
    cancel it until ``start``: until ``refundUntil`` the fee is not owed, later it is. Both are left out once
    it began or is over.
    """

    id: str
    state: BookingStatus
    company: int
    location_id: str
    time_zone: str
    charge_box_id: str
    plug: int
    start: datetime
    end: datetime
    slots: int
    made_at: datetime
    plug_type: str = ""
    any_plug: bool = False
    customer_id: str = ""
    token: str = ""
    held_until: datetime | None = None
    session_id: str = ""
    began_at: datetime | None = None
    over_at: datetime | None = None
    reason: BookingCancelReason | None = None
    note: str = ""
    fee: MoneyView | None = None
    fee_owed_at: datetime | None = None
    change_until: datetime | None = None
    refund_until: datetime | None = None


def slot_views(offers: Iterable[SlotOffer]) -> list[SlotView]:
    """The slots in the API."""
    return [
        SlotView(
            start=offer.since,
            end=offer.until,
            free=[
                FreePlugView(
                    charge_box_id=plug.charge_point,
                    plug=plug.connector,
                    type=plug.type,
                    max_power_w=plug.max_power_w,
                )
                for plug in offer.free
            ],
            fee=None if offer.fee is None else paid(offer.fee),
        )
        for offer in offers
    ]


def booking_view(row: BookingRow) -> BookingView:
    """The booking in the API."""
    coming = row.state in {BookingStatus.HELD, BookingStatus.BOOKED}
    return BookingView(
        id=row.id,
        state=BookingStatus(row.state),
        company=row.company,
        location_id=row.location,
        time_zone=row.time_zone,
        charge_box_id=row.charge_point,
        plug=row.connector,
        start=row.since,
        end=row.until,
        slots=row.slots,
        made_at=row.made_at,
        plug_type=row.plug_type,
        any_plug=row.any_plug,
        customer_id=row.customer,
        token=row.token,
        held_until=row.held_until if row.state == BookingStatus.HELD else None,
        session_id=row.session,
        began_at=row.began_at,
        over_at=row.over_at,
        reason=BookingCancelReason(row.reason) if row.reason else None,
        note=row.note,
        fee=None if row.fee is None else paid(row.fee),
        fee_owed_at=row.fee_owed,
        change_until=row.since - timedelta(minutes=row.change_minutes) if coming else None,
        refund_until=refund_until(row.since, row.cancel_minutes) if coming else None,
    )
