"""Until which day sessions have settled for a company."""

from datetime import date, datetime

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.application.payouts import fiscal_day
from eosvolt.domain.companies.settings import Preferences


async def settled_until(dependencies: Dependencies, company: int, at: datetime) -> date | None:
    """The last local day whose closed sessions have settled at an instant; ``None``: they settle at once."""
    known = await dependencies.queries.company(company)
    today = fiscal_day(known.preferences if known else Preferences(), at)
    return dependencies.payout_rules.settled_until(today)
