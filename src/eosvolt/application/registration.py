"""Whether a registration link can be used, before anybody has signed in."""

from eosvolt.application.executor import Application
from eosvolt.application.ports import Clock
from eosvolt.domain.companies.decider import check_invitation, companies
from eosvolt.domain.kernel import Rejected

# The largest company number that chargers' addresses, account rows and the history can hold.
HIGHEST_COMPANY = 2**31 - 1


class Invitations:
    """Checks registration links; using one is an operation."""

    def __init__(self, application: Application, clock: Clock) -> None:
        """``clock`` says whether a link has expired."""
        self._application = application
        self._clock = clock

    async def company_of(self, company: str, secret_digest: str) -> int:
        """The company number of a valid link.

        ``company`` is the number in the link. Raises ``Rejected`` with the reason if the link is not valid.
        """
        number = int(company) if company.isascii() and company.isdigit() and len(company) <= 10 else 0
        if not 0 < number <= HIGHEST_COMPANY:
            raise Rejected("This registration link is not valid.")
        state = await self._application.state(companies, str(number))
        check_invitation(state, secret_digest, self._clock.now())
        return number
