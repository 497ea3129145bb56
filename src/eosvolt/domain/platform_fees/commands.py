"""What one can ask of a company's platform fee."""

from datetime import date, datetime

from eosvolt.domain.kernel import Command
from eosvolt.domain.platform_fees.terms import FeeTerms


class SetPlatformFee(Command, frozen=True):
    """Charge another fee. ``today`` is the present day in the company's fiscal time zone."""

    company: int
    at: datetime
    today: date
    terms: FeeTerms


PlatformFeeCommand = SetPlatformFee
