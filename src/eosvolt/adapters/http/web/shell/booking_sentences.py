"""Sentences about bookings, and about the secret address at which calendar programs read them."""

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.presentation.amounts import money
from eosvolt.adapters.http.presentation.booking_names import CANCEL_REASONS
from eosvolt.adapters.http.presentation.instants import minute_text, time_span
from eosvolt.domain.bookings import events as booking
from eosvolt.domain.bookings import fee_events as fees
from eosvolt.domain.bookings.values import BookedPlug, BookingCancelReason, BookingEnd, HoldEnd
from eosvolt.domain.kernel import Event
from eosvolt.domain.locations.events import BookingRulesChanged
from eosvolt.domain.vocabulary import tag

_SENTENCES = {
    "slot-freed": Text("The booking has nothing of this plug any more."),
    "booker-released": Text("A booking of this driver is over."),
    "no-show-noted": Text("Nobody charged in time: it is a no-show, and the rest of the slot is free."),
    "booking-feed-issued": Text("The bookings got a new secret address for calendar programs."),
    "booking-feed-withdrawn": Text("The secret address for calendar programs was withdrawn."),
}
_HOLD_ENDS = {
    HoldEnd.RELEASED: Text("The slot is not held any more: it was let go."),
    HoldEnd.EXPIRED: Text("The slot is not held any more: the time to choose was over."),
    HoldEnd.REPLACED: Text("The slot is not held any more: the driver chose another one."),
}


def booking_sentence(event: Event, zone: str) -> str:  # noqa: C901, PLR0911, PLR0912 - a case for each event
    """What happened to a booking, or to the address of bookings; empty for all other events."""
    match event:
        case booking.SlotHeld(plug=plug, held_until=until):
            return gettext(
                "{slot} at {plug} is held until {until}.",
                slot=time_span(event.since, event.until, zone),
                plug=_name(plug),
                until=minute_text(until, zone),
            )
        case booking.HoldReleased(reason=reason):
            return str(_HOLD_ENDS[reason])
        case booking.BookingMade(plug=plug):
            return gettext(
                "Booked: {slot} at {plug}.", slot=time_span(event.since, event.until, zone), plug=_name(plug)
            )
        case booking.BookingRescheduled(plug=plug):
            return gettext(
                "Rescheduled from {before} to {slot} at {plug}.",
                before=minute_text(event.previous_since, zone),
                slot=time_span(event.since, event.until, zone),
                plug=_name(plug),
            )
        case booking.BookingExtended(until=until):
            return gettext("Extended until {until}.", until=minute_text(until, zone))
        case booking.BookingMoved(plug=plug, previous_plug=before, reason=reason):
            return _moved(plug, before, reason)
        case booking.SlotApproached(warned=session) if session:
            return gettext(
                "The slot begins soon: the driver of session {session} on the plug was warned.",
                session=session,
            )
        case booking.SlotApproached():
            return gettext("The slot begins soon.")
        case booking.SlotBegan(stopped=session) if session:
            return gettext(
                "The slot began: the charger was asked to stop session {session} on the plug.",
                session=session,
            )
        case booking.SlotBegan():
            return gettext("The slot began.")
        case booking.BookingBegan(session=session):
            return gettext("The driver began session {session}.", session=session)
        case booking.BookingEnded(reason=reason, stopped=session):
            return _ended(reason, session)
        case booking.BookingCancelled(reason=reason, note=note):
            said = gettext("Cancelled: {reason}.", reason=CANCEL_REASONS[reason.value])
            kept = gettext("The fee is kept.") if event.fee_kept else ""
            return " ".join(filter(None, (said, kept, note)))
        case fees.BookingFeeCharged(charged=amount):
            return gettext("The booking fee of {amount} is owed.", amount=money(amount.gross))
        case fees.BookingFeeRefunded(refunded=amount, credit_note=number, reason=why):
            return gettext(
                "{amount} of the booking fee given back by credit note {number}: {reason}",
                amount=money(amount.gross),
                number=number,
                reason=why,
            )
        case fees.BookingReceiptIssued(number=number, total=amount):
            return gettext("Receipt {number} issued: {amount}.", number=number, amount=money(amount.gross))
        case fees.BookingInvoiced(invoice=number, amount=amount):
            return gettext(
                "The booking fee is on invoice {number}: {amount}.", number=number, amount=money(amount.gross)
            )
        case booking.SlotTaken():
            return gettext("{slot} is taken.", slot=time_span(event.since, event.until, zone))
        case booking.BookerBound(plug=plug):
            return gettext(
                "The driver has {slot} at {plug}.",
                slot=time_span(event.since, event.until, zone),
                plug=_name(plug),
            )
        case BookingRulesChanged(rules=rules):
            if rules.enabled:
                return gettext("The rules for bookings were changed: plugs can be booked.")
            return gettext("The rules for bookings were changed: nothing can be booked.")
        case _:
            return str(_SENTENCES.get(tag(type(event)), ""))


def _moved(plug: BookedPlug, before: BookedPlug, reason: BookingCancelReason | None) -> str:
    if reason is None:
        return gettext(
            "The driver began at {plug} instead of {before}.", plug=_name(plug), before=_name(before)
        )
    return gettext(
        "Moved from {before} to {plug}: {reason}.",
        before=_name(before),
        plug=_name(plug),
        reason=CANCEL_REASONS[reason.value],
    )


def _ended(reason: BookingEnd, session: str) -> str:
    over = {
        BookingEnd.TIME_OVER: gettext("The booking is over."),
        BookingEnd.GIVEN_BACK: gettext("The rest of the booking was given back."),
    }[reason]
    if not session:
        return over
    return f"{over} {gettext('The charger was asked to stop session {session}.', session=session)}"


def _name(plug: BookedPlug) -> str:
    return f"{plug.charge_point} · {plug.connector}"
