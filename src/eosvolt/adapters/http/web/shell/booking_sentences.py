"""Sentences about bookings, and about the secret address at which calendar programs read them."""

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.domain.kernel import Event
from eosvolt.domain.vocabulary import tag

_SENTENCES = {
    "booking-feed-issued": Text("The bookings got a new secret address for calendar programs."),
    "booking-feed-withdrawn": Text("The secret address for calendar programs was withdrawn."),
}


def booking_sentence(event: Event, zone: str) -> str:
    """What happened to a booking, or to the address of bookings; empty for all other events."""
    del zone
    return str(_SENTENCES.get(tag(type(event)), ""))
