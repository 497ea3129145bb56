"""The price of a session that begins with a booking."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from eosvolt.application.executor import Application
from eosvolt.domain.bookings.decider import bookings
from eosvolt.domain.bookings.state import Active, NoBooking, Over
from eosvolt.domain.customer_groups.prices import Pricing
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.locations.booking_rules import BookingRules
from eosvolt.domain.sessions.booked_terms import free_used_wh
from eosvolt.domain.sessions.commands import ChangeBookedTerms
from eosvolt.domain.sessions.decider import sessions


class BookedTerms(NamedTuple):
    """What a booking says of the price of its next session.

    ``free_wh`` is what its earlier sessions left of what is free; ``others`` keep those to what they used.
    """

    rules: BookingRules
    until: datetime
    free_wh: int
    others: Sequence[CommandEnvelope] = ()


async def booked_terms(
    application: Application, booking: str, session: str, at: datetime
) -> BookedTerms | None:
    """The terms for a ``session`` that begins with a booking; ``None`` for one on demand (an empty id)."""
    if not booking:
        return None
    state = await application.state(bookings, booking)
    if isinstance(state, NoBooking):
        return None
    rules, left, others = state.choice.rules, state.choice.rules.free_wh, []
    known = state.sessions if isinstance(state, Active | Over) else ()
    for each in known if rules.free_wh else ():
        if each == session:
            continue
        used = free_used_wh(await application.state(sessions, each))
        left -= used
        others.append(CommandEnvelope(sessions, each, ChangeBookedTerms(at=at, free_wh=used)))
    return BookedTerms(rules, state.choice.until, max(left, 0), others)


def booked_pricing(usual: Pricing, terms: BookedTerms | None, clock_s: int) -> Pricing:
    """The price of the session; ``usual`` is what it would be without a booking.

    ``clock_s`` is by how many seconds the clock that dates the session is ahead of ours. A price of the
    booking's own in another currency than the location's now counts for nothing.
    """
    if terms is None:
        return usual
    rules, pricing = terms.rules, usual
    own = rules.pricing
    if own is not None and own.currency == usual.tariff.currency:
        vat_rate, time_zone = usual.tariff.vat_rate, usual.tariff.time_zone
        pricing = Pricing(replace(own, vat_rate=vat_rate, time_zone=time_zone))
    fee = rules.blocking_fee
    if fee is not None:
        grace = timedelta(minutes=rules.grace_minutes)
        fee = replace(fee, begins_at=terms.until + grace + timedelta(seconds=clock_s))
    return pricing._replace(
        tariff=replace(pricing.tariff, free_wh=terms.free_wh, blocking_fee=fee),
    )
