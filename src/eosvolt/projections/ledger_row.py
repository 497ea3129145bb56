"""The rows of the ledger: entries, what sessions and bookings owe, and sums; see ``projections.ledger``."""

from datetime import date, datetime
from decimal import Decimal

from eosvolt.domain.ledger.movements import EntryKind
from eosvolt.domain.ledger.postings import EntrySum
from eosvolt.domain.ledger.session_account import SessionAccount
from eosvolt.domain.platform_fees.terms import FeeSchedule
from eosvolt.projections.read_model import Row

ENTRY, TRANSFER, SETTLEMENT = "entry", "transfer", "settlement"
REIMBURSEMENT, REIMBURSED = "reimbursement", "reimbursed"
SESSION, BOOKING, COMPANY = "session", "booking", "company"


class LedgerRow(Row, frozen=True, kw_only=True):
    """A row of any kind; amounts are minor units of ``currency``.

    Of an entry, ``number`` is the session's and ``balance`` the gross sum of the company's entries and
    transfers in this currency up to this one; ``reference`` is the number of its document; ``customer`` and
    ``payment`` are the session's. An entry of a booking has the id of that instead of a session's. A transfer
    of a payout has its id, a reimbursement its statement and home.
    """

    id: str
    company: int
    by: str
    position: int = 0
    location: str = ""
    charge_point: str = ""
    session: str = ""
    number: int = 0
    day: date | None = None
    at: datetime | None = None
    kind: str = ""
    currency: str = ""
    gross: int = 0
    net: int = 0
    vat: int = 0
    energy_wh: int = 0
    sessions: int = 0
    vat_rate: Decimal | None = None
    country: str = ""
    balance: int = 0
    reference: str = ""
    account: SessionAccount | None = None
    balances: dict[str, int] | None = None
    sums: tuple[EntrySum, ...] = ()
    payout: str = ""
    statement: str = ""
    schedule: FeeSchedule = ()
    customer: str = ""
    payment: str = ""
    booking: str = ""
    connector: int = 0


def sum_of(row: LedgerRow) -> EntrySum:
    """The amounts of an entry."""
    return EntrySum(
        row.currency,
        EntryKind(row.kind),
        row.country,
        row.vat_rate or Decimal(0),
        row.gross,
        row.net,
        row.vat,
    )
