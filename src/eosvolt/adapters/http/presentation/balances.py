"""Until which day sessions have settled for a company."""

from datetime import date, datetime

from eosvolt.application.payouts import PayoutRules, fiscal_day
from eosvolt.domain.companies.settings import Preferences
from eosvolt.projections.companies import CompanyRow


def settled_until(rules: PayoutRules, company: CompanyRow | None, at: datetime) -> date | None:
    """The last local day whose closed sessions have settled at an instant; ``None``: they settle at once."""
    return rules.settled_until(fiscal_day(company.preferences if company else Preferences(), at))
