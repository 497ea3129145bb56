"""Starts at plugs that can be booked: the booker's, and everybody else's."""

from datetime import datetime
from typing import NamedTuple

from eosvolt.domain.bookings.slots import SlotPlan
from eosvolt.domain.bookings.values import BookedPlug
from eosvolt.domain.tokens.refusal import StartRefusal


class BookedStart(NamedTuple):
    """What bookings say of a start: the booker's own booking with the plug, or that it is another's time.

    ``booking`` is empty where who starts has none.
    """

    booking: str = ""
    plug: BookedPlug | None = None
    taken: bool = False


NOT_BOOKED = BookedStart()


def start_refusal(
    usual: StartRefusal | None, booked: BookedStart, plan: SlotPlan, at: datetime
) -> StartRefusal | None:
    """Why a start is refused; ``usual`` is what the location would say if there were no bookings.

    Who has booked may start while the location is open to bookings only. Nobody else starts in the booked
    time and the minutes that are kept free after it, nor within the frame where bookings do not share it.
    """
    if booked.booking:
        return None if usual is StartRefusal.BOOKINGS_ONLY else usual
    if usual is not None:
        return usual
    if booked.taken:
        return StartRefusal.BOOKED
    if plan.rules.enabled and not plan.rules.mix_mode and plan.in_frame(at):
        return StartRefusal.BOOKINGS_ONLY
    return None
