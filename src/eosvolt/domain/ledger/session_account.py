"""What the ledger knows of a session: what it owes, and how much of that is available to the company.

A session's amounts are receivable until it is closed, that is until its plug is free; then they are settled.
Whatever changes them later changes what is available at once.
"""

from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from eosvolt.domain.kernel import Event
from eosvolt.domain.ledger.movements import EntryKind, Movement, movements
from eosvolt.domain.sessions.events import ConnectorFreed, EndWithdrawn


class SessionAccount(Struct, frozen=True):
    """A session's part of the ledger.

    ``owed`` and ``settled`` are gross minor units: of all its entries, and of what of them is available.
    ``vat_rate`` (a fraction) and ``country`` (ISO 3166-1 alpha-2, empty where unknown) are those of its
    start.
    """

    number: int
    currency: str
    vat_rate: Decimal
    country: str = ""
    owed: int = 0
    settled: int = 0
    closed: bool = False


def booked(account: SessionAccount, event: Event) -> tuple[SessionAccount, tuple[Movement, ...]]:
    """The account after the event, and the entries that the event makes; settlements come last."""
    moved = movements(event)
    owed = account.owed + sum(each.gross for each in moved)
    closed = isinstance(event, ConnectorFreed) or (account.closed and not isinstance(event, EndWithdrawn))
    settled = owed if closed else 0
    after = replace(account, owed=owed, settled=settled, closed=closed)
    if settled == account.settled:
        return after, moved
    if isinstance(event, ConnectorFreed):
        place, at = event.place, event.at
    else:
        place, at = moved[-1].place, moved[-1].at
    return after, (
        *moved,
        Movement(place, EntryKind.SETTLEMENT, at, account.currency, settled - account.settled, 0, 0),
    )
