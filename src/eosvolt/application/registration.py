"""Whether a registration or invitation link can be used, before anybody has signed in."""

from eosvolt.application.executor import Application
from eosvolt.application.ports import Clock
from eosvolt.domain.companies.decider import check_invitation, companies
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.operators.decider import (
    NOT_VALID,
    InvitedAdmin,
    check_admin_invitation,
    operators,
)

# The largest company number that chargers' addresses, account rows and the history can hold.
HIGHEST_COMPANY = 2**31 - 1
_LONGEST_ID = 100


class Invitations:
    """Checks registration and invitation links; using one is an operation."""

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

    async def company_of_admin(self, account: str, secret_digest: str) -> int:
        """The company to which a valid invitation link lets somebody in as the admin ``account``.

        Raises ``Rejected`` with the reason if the link is not valid.
        """
        if not account or len(account) > _LONGEST_ID or "\0" in account:
            raise Rejected(NOT_VALID)
        state = await self._application.state(operators, account)
        check_admin_invitation(state, secret_digest, self._clock.now())
        if not isinstance(state, InvitedAdmin):
            raise Rejected(NOT_VALID)
        return state.company
