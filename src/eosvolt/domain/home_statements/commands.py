"""What one can ask of the statements of a home charger."""

from datetime import date, datetime

from eosvolt.domain.home_statements.sessions import HomeSession
from eosvolt.domain.kernel import Command
from eosvolt.domain.price_profiles.reimbursement import Reimbursement


class ApproveHomeStatement(Command, frozen=True, kw_only=True):
    """Agree to reimburse the owner for a month that is over.

    ``sessions`` are all that ended at the home before the month's end; ``terms`` and ``currency`` are those
    of ``profile``. ``seen`` is the amount in minor units that was agreed to, if it is known.
    """

    home: str
    company: int
    at: datetime
    month: date
    profile: str
    owner: str
    terms: Reimbursement
    currency: str
    sessions: tuple[HomeSession, ...]
    seen: int | None = None


class PayHomeStatement(Command, frozen=True, kw_only=True):
    """Say that an approved statement was paid."""

    at: datetime
    month: date
    profile: str
    reference: str


HomeStatementCommand = ApproveHomeStatement | PayHomeStatement
