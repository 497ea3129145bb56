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
_MOST_DIGITS = len(str(HIGHEST_COMPANY))
_LONGEST_ID = 100


def company_number(text: str) -> int:
    """The number of a company as an address has it; 0 for what is none."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        return 0
    number = int(text)
    return number if number <= HIGHEST_COMPANY else 0


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
        number = company_number(company)
        if not number:
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
