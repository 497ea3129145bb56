"""What the ledger knows of a session: what it owes, how much of that is available, and its platform fee.

Of the fee of a booking likewise: it is charged when the booking is over, so it is available at once. There is
no platform fee on it, which is one of sessions.

A session's amounts are receivable until it is closed, that is until its plug is free; then they are settled.
Whatever changes them later changes what is available, and the platform fee, at once.
"""

from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from eosvolt.domain.bookings.fee_events import BookingFeeCharged, BookingFeeRefunded
from eosvolt.domain.calendar import local_date
from eosvolt.domain.kernel import Event
from eosvolt.domain.ledger.movements import EntryKind, Movement, movements
from eosvolt.domain.money import Money
from eosvolt.domain.platform_fees.terms import FeeSchedule, FeeTerms, in_force, platform_fee
from eosvolt.domain.sessions.events import ConnectorFreed, EndWithdrawn, RefundIssued


class SessionAccount(Struct, frozen=True):
    """A session's part of the ledger.

    ``owed`` and ``settled`` are gross minor units: of all its entries, and of what of them is available.
    ``vat_rate`` (a fraction) and ``country`` (ISO 3166-1 alpha-2, empty where unknown) are those of its
    start. ``fee`` are the minor units of the platform fee, by the ``terms`` of the day when it was closed.
    """

    number: int
    currency: str
    vat_rate: Decimal
    country: str = ""
    owed: int = 0
    settled: int = 0
    closed: bool = False
    fee: int = 0
    terms: FeeTerms | None = None


def booking_account(event: BookingFeeCharged, country: str) -> SessionAccount:
    """The account of the fee of a booking that is over: nothing of it is pending."""
    return SessionAccount(0, event.charged.gross.currency, event.vat_rate, country, closed=True)


def booked(
    account: SessionAccount, event: Event, schedule: FeeSchedule = ()
) -> tuple[SessionAccount, tuple[Movement, ...]]:
    """The account after the event, and the entries that the event makes; settlement and fee come last.

    ``schedule`` are the company's terms of the platform fee, as far as they are known when it happens.
    """
    moved = movements(event)
    owed = account.owed + sum(each.gross for each in moved)
    closed = isinstance(event, ConnectorFreed) or (account.closed and not isinstance(event, EndWithdrawn))
    terms = account.terms
    if isinstance(event, ConnectorFreed):
        terms = in_force(schedule, local_date(event.at, event.place.time_zone))
    settled = owed if closed else 0
    fee = platform_fee(terms, Money(account.currency, settled)).minor if terms else 0
    after = replace(account, owed=owed, settled=settled, closed=closed, fee=fee, terms=terms)
    if settled == account.settled and fee == account.fee:
        return after, moved
    if isinstance(event, ConnectorFreed):
        place, at = event.place, event.at
    else:
        place, at = moved[-1].place, moved[-1].at
    # A refund lowers what is available at once, or together with its session if that has not settled yet.
    settled_at = at
    if isinstance(event, RefundIssued):
        settled_at = event.freed_at
    elif isinstance(event, BookingFeeRefunded):
        settled_at = event.charged_at
    made = []
    if settled != account.settled:
        gross = settled - account.settled
        made.append(Movement(place, EntryKind.SETTLEMENT, settled_at, account.currency, gross, 0, 0))
    if fee != account.fee:
        gross = account.fee - fee
        made.append(Movement(place, EntryKind.PLATFORM_FEE, at, account.currency, gross, gross, 0))
    return after, (*moved, *made)
