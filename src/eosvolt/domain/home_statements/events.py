"""What can have happened to the statements of a home charger.

Each event says the amount and the time zone, so that its entry in the ledger follows from the event alone.
"""

from datetime import date, datetime

from eosvolt.domain.home_statements.statement import StatementLine
from eosvolt.domain.kernel import Event
from eosvolt.domain.money import Money


class HomeStatementApproved(Event, frozen=True, tag="home-statement-approved"):
    """The payer agreed to reimburse the owner for a month; the amount is owed from now on.

    ``month`` is its first day in ``time_zone``. ``owner`` is a customer, as ``payer`` is if it is not the
    company itself (empty). The amount is negative where corrections are more than what is new.
    """

    home: str
    company: int
    at: datetime
    month: date
    profile: str
    owner: str
    payer: str
    time_zone: str
    amount: Money
    lines: tuple[StatementLine, ...]


class HomeStatementPaid(Event, frozen=True, tag="home-statement-paid"):
    """What was owed for a month was paid; ``reference`` is that of the payment."""

    home: str
    company: int
    at: datetime
    month: date
    profile: str
    time_zone: str
    amount: Money
    reference: str


HomeStatementEvent = HomeStatementApproved | HomeStatementPaid
