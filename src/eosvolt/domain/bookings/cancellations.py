"""The end of a booking before anybody charged: by whom until when, and whether the fee is kept."""

from collections.abc import Sequence

from eosvolt.domain.bookings.commands import CancelBooking
from eosvolt.domain.bookings.events import BookingCancelled
from eosvolt.domain.bookings.fees import KEPT_BY_NOW, refund_until
from eosvolt.domain.bookings.state import Active, Booked, Booking, Held, NoBooking, Over
from eosvolt.domain.bookings.values import BookingCancelReason, BookingStatus, SlotChoice
from eosvolt.domain.kernel import Rejected


def cancelled(command: CancelBooking, booking: Booking) -> Sequence[BookingCancelled]:
    """What becomes of a booking that is cancelled. Raises ``Rejected`` where it cannot be any more."""
    match booking:
        case Booked(choice=choice):
            return [
                BookingCancelled(
                    at=command.at,
                    reason=command.reason,
                    note=command.note.strip(),
                    fee_kept=_fee_kept(command, choice),
                )
            ]
        case Over(status=BookingStatus.CANCELLED):
            return []
        case Active():
            raise Rejected("Charging has begun: give back what is left of the booking instead.")
        case _:
            raise Rejected(not_changeable(booking))


def _fee_kept(command: CancelBooking, choice: SlotChoice) -> bool:
    """Whether the fee is owed although it is cancelled. Raises ``Rejected`` where the driver is too late."""
    match command.reason:
        case BookingCancelReason.BY_OPERATOR:
            return command.keep_fee
        case BookingCancelReason.BY_DRIVER if not command.any_time:
            if command.at >= choice.since:
                raise Rejected("The booked time has begun: it cannot be cancelled any more.")
            late = command.at > refund_until(choice.since, choice.rules.cancel_minutes)
            kept = late and choice.fee is not None and choice.fee.amount.minor > 0
            if kept and command.only_with_refund:
                raise Rejected(KEPT_BY_NOW)
            return kept
        case _:
            return False


def not_changeable(booking: Booking) -> str:
    """The sentence about what is no booking that is still to come."""
    match booking:
        case NoBooking():
            return "There is no such booking."
        case Held():
            return "The slot is only held: book it first."
        case Active():
            return "Charging has begun: the booking cannot be moved any more."
        case _:
            return "The booking is over."
