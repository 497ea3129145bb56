"""What can have happened to a company's platform fee."""

from datetime import datetime

from eosvolt.domain.kernel import Event
from eosvolt.domain.platform_fees.terms import FeeTerms


class PlatformFeeSet(Event, frozen=True, tag="platform-fee-set"):
    """From a day on, a company's sessions cost another fee."""

    company: int
    at: datetime
    terms: FeeTerms


PlatformFeeEvent = PlatformFeeSet
