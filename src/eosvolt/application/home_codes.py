"""Codes with which somebody becomes the owner of a home charger, and their redemption."""

from datetime import datetime
from hashlib import sha256
from typing import NamedTuple, Protocol

from eosvolt.application.executor import Application, Plan
from eosvolt.application.permissions import NotThere
from eosvolt.domain.home_chargers.commands import RedeemHomeCode
from eosvolt.domain.home_chargers.decider import home_chargers
from eosvolt.domain.kernel import CommandEnvelope, Provenance

# Codes are in Crockford's base 32: no I, L, O and U, so that nobody reads a code in two ways.
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("ILO", "110")


class Redemption(NamedTuple):
    """Who redeems which code: a customer of a company, as of an instant by our clock."""

    company: int
    customer: str
    code: str
    at: datetime


class HomesByCode(Protocol):
    """Where codes belong."""

    async def home_with_code(self, company: int, digest: str) -> str | None:
        """The home charger for which a code with this SHA-256 was issued last; ``None`` if there is none."""
        ...


def code_digest(code: str) -> str:
    """The SHA-256 of a code in hex; case, blanks, dashes and mistaken letters do not matter."""
    letters = "".join(each for each in code.upper() if each.isalnum()).translate(_MISREAD)
    return sha256(letters.encode()).hexdigest()


async def redeem(application: Application, homes: HomesByCode, wanted: Redemption, cause: str = "") -> str:
    """Make the customer the owner of the home charger to which the code belongs; returns its id.

    Of several at once one wins. Raises ``NotThere`` for a code that is not known, and ``Rejected`` for one
    that was used, has expired or was replaced.
    """
    digest = code_digest(wanted.code)

    async def plan() -> Plan[str]:
        home = await homes.home_with_code(wanted.company, digest)
        if home is None:
            raise NotThere
        command = RedeemHomeCode(at=wanted.at, digest=digest, customer=wanted.customer)
        return Plan((CommandEnvelope(home_chargers, home, command),), home)

    why = Provenance(company=wanted.company, by=f"customer:{wanted.customer}", cause=cause)
    return await application.perform(plan, why)
