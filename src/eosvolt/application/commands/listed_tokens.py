"""The tokens that belong on a charger's local authorization list.

A charger starts sessions of the tokens on its list without asking, so where only listed tokens may charge, as
at homes, no others are sent.
"""

from collections.abc import Sequence

from eosvolt.application.executor import Application
from eosvolt.application.memberships import membership_of
from eosvolt.application.ports import TokenListing, TokenRegister
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.state import Registered
from eosvolt.domain.locations.admission import AdmissionRules
from eosvolt.domain.locations.decider import Location, locations
from eosvolt.domain.tokens.bearer import TokenBearer
from eosvolt.domain.tokens.uid import folded


class ListedTokens:
    """The company's tokens, as far as they may charge at the location of a charger."""

    def __init__(self, application: Application, tokens: TokenRegister) -> None:
        """``tokens`` are asked each time."""
        self._application = application
        self._tokens = tokens

    async def at(self, charge_point: str) -> Sequence[TokenListing]:
        """The tokens for the list of a charger, by uid; those of guests until their time ends."""
        company = int(charge_point.partition("/")[0])
        found = await self._tokens.tokens_to_list(company)
        charger = await self._application.state(charge_points, charge_point)
        if not isinstance(charger, Registered):
            return found
        location = await self._application.state(locations, charger.location)
        if not isinstance(location, Location):
            return found
        admission = location.admission
        listed = []
        for each in found:
            bearer = TokenBearer(each.uid, each.group, each.customer)
            if admission.rules.customer_groups:
                bearer = (await membership_of(self._application, company, bearer)).bearer
            if admission.admits(bearer):
                listed.append(_until(each, bearer, admission))
        return listed


def _until(token: TokenListing, bearer: TokenBearer, admission: AdmissionRules) -> TokenListing:
    """The token with the end of its guest's time, if that comes first."""
    if admission.listed_lastingly(bearer):
        return token
    ends = [guest.until for guest in admission.rules.guests if folded(guest.token) == folded(token.uid)]
    if token.expires_at is not None:
        ends.append(token.expires_at)
    return token._replace(expires_at=min(ends, default=None))
