"""Payouts: the rules of the installation, and what their operations ask of the ledger."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple, Protocol

from eosvolt.application.bank_accounts import BankAccount
from eosvolt.application.ports import Alongside
from eosvolt.domain.bookings.fee_events import BookingFeeRefunded
from eosvolt.domain.calendar import local_date
from eosvolt.domain.companies.settings import Preferences
from eosvolt.domain.ledger.movements import EntryKind
from eosvolt.domain.money import Money
from eosvolt.domain.payouts.events import PayoutRequested
from eosvolt.domain.sessions.events import (
    BillCorrected,
    BlockingFeeCredited,
    EndReconciled,
    EndWithdrawn,
    RefundIssued,
)
from eosvolt.domain.vocabulary import tags

# Product §12: a withdrawal is reviewed within two working days.
REVIEW_DAYS = 2
# What can make less available than was available before. A conflict with any of it plans a request again.
LOWERING = tags(
    PayoutRequested,
    EndReconciled,
    EndWithdrawn,
    BillCorrected,
    BlockingFeeCredited,
    RefundIssued,
    BookingFeeRefunded,
)
# What becomes available, or is charged, only when a session has settled.
OF_SETTLEMENT = (EntryKind.SETTLEMENT, EntryKind.PLATFORM_FEE)


class PayoutRules(NamedTuple):
    """The rules of the installation.

    Sessions settle ``dispute_days`` after they were closed. A withdrawal is at least ``minimum``, in whatever
    currency.
    """

    dispute_days: int = 0
    minimum: Decimal = Decimal(0)

    def settled_until(self, today: date) -> date | None:
        """The last local day whose closed sessions have settled; ``None`` if they settle at once."""
        return today - timedelta(days=self.dispute_days) if self.dispute_days else None


class Withdrawable(NamedTuple):
    """What a company can withdraw, of all entries up to a ``position`` of the log."""

    available: Money
    position: int


class MovementSum(NamedTuple):
    """The movements of one local day and kind: how many there are, and their sum in minor units."""

    day: date
    kind: str
    movements: int
    gross: int


class PayoutLedger(Protocol):
    """What can be withdrawn."""

    async def withdrawable(self, company: int, currency: str, settled_until: date | None) -> Withdrawable:
        """What can be withdrawn now.

        Raises ``Rejected`` while the ledger is too far behind the history.
        """
        ...

    def not_lowered(self, company: int, position: int) -> Alongside:
        """Raises ``Conflict`` if there is less available than there was at a position."""
        ...


class PayingAccount(NamedTuple):
    """The account of the platform from which payouts are paid; an empty IBAN for none."""

    name: str = ""
    iban: str = ""
    bic: str = ""
    city: str = ""
    country: str = ""


class Payment(NamedTuple):
    """One credit transfer: to whom, how much, and the texts that the payee sees.

    ``id`` is at most 35 characters. The address is structured, and left out without ``city`` or ``country``.
    """

    id: str
    amount: Money
    name: str
    account: BankAccount
    street: str
    postal_code: str
    city: str
    country: str
    text: str


class Payments(Protocol):
    """Makes files of payments for the platform's bank."""

    @property
    def configured(self) -> bool:
        """Whether the account of the platform is known."""
        ...

    def credit_transfers(
        self, payments: Sequence[Payment], on: date, paying: PayingAccount | None = None
    ) -> bytes:
        """A file of SEPA credit transfers in euro, to be carried out on a day (ISO 20022 pain.001.001.09).

        They are paid from ``paying``, or from the account of the platform.
        Raises ``Rejected`` where the account of the platform is not known, or there is nothing to pay.
        """
        ...


def fiscal_zone(preferences: Preferences) -> str:
    """The time zone in which a company's years and days are counted."""
    return preferences.fiscal_time_zone or "UTC"


def fiscal_day(preferences: Preferences, at: datetime) -> date:
    """The company's local day at an instant."""
    return local_date(at, fiscal_zone(preferences))
