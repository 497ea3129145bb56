"""Whether a registration link can be used, before anybody has signed in."""

from eosvolt.application.executor import Application
from eosvolt.application.ports import Clock
from eosvolt.domain.companies.decider import check_invitation, companies
from eosvolt.domain.kernel import Rejected

# What a chargers' address, an account's row and the history can all hold.
HIGHEST_COMPANY = 2**31 - 1


class Invitations:
    """Looks at registration links; using one is an operation."""

    def __init__(self, application: Application, clock: Clock) -> None:
        """``clock`` says whether a link has expired."""
        self._application = application
        self._clock = clock

    async def company_of(self, company: str, secret_digest: str) -> int:
        """The number of the company that a link is for, where it can be used.

        ``company`` is the number as the link has it. Raises ``Rejected`` with the reason where it cannot.
        """
        number = int(company) if company.isascii() and company.isdigit() and len(company) <= 10 else 0
        if not 0 < number <= HIGHEST_COMPANY:
            raise Rejected("This registration link is not valid.")
        state = await self._application.state(companies, str(number))
        check_invitation(state, secret_digest, self._clock.now())
        return number
