"""Whom a location lets begin to charge: its type, its list, its opening hours and its access schedule."""

from datetime import datetime

from msgspec import Struct

from eosvolt.domain.locations.access import AccessRules, Who, on_demand
from eosvolt.domain.locations.events import Details, LocationType
from eosvolt.domain.tokens.bearer import TokenBearer
from eosvolt.domain.tokens.refusal import StartRefusal
from eosvolt.domain.tokens.uid import folded


class AdmissionRules(Struct, frozen=True):
    """What of a location decides who may charge when, as it is or was at some time."""

    type: LocationType
    tokens: tuple[str, ...]
    rules: AccessRules

    @property
    def usual(self) -> Who:
        """Who may charge at times of which the schedule says nothing."""
        return Who.LISTED if self.type is LocationType.PRIVATE else Who.EVERYBODY

    def lists(self, bearer: TokenBearer, at: datetime | None = None) -> bool:
        """Whether the list has the token, its group, its customer or a group of theirs.

        Guests are on it until their time ends; without ``at`` also afterwards.
        """
        if self.listed_lastingly(bearer):
            return True
        guest = next((each for each in self.rules.guests if folded(each.token) == folded(bearer.token)), None)
        return guest is not None and (at is None or at < guest.until)

    def listed_lastingly(self, bearer: TokenBearer) -> bool:
        """Whether the list has the bearer other than as a guest; a group may stand among the tokens."""
        if bearer.customer and bearer.customer in (self.rules.owner, *self.rules.customers):
            return True
        if not {*bearer.customer_groups}.isdisjoint(self.rules.customer_groups):
            return True
        token, group = bearer.token, bearer.group
        tokens = {folded(uid) for uid in self.tokens}
        groups = tokens | {folded(uid) for uid in self.rules.groups}
        return folded(token) in tokens or (bool(group) and folded(group) in groups)

    def admits(self, bearer: TokenBearer) -> bool:
        """Whether a token may charge here at some time at all."""
        return self.usual is Who.EVERYBODY or self.lists(bearer)


def admission(details: Details, rules: AccessRules) -> AdmissionRules:
    """The admission of a location with these details and rules."""
    return AdmissionRules(details.type, details.authorized_tokens, rules)


def refusal(
    then: AdmissionRules, listing: AdmissionRules, bearer: TokenBearer, at: datetime, time_zone: str
) -> StartRefusal | None:
    """Why a token may not begin to charge on demand at an instant; ``None`` where it may.

    Opening hours and schedule are those of ``then``, on the local clock; type and list those of ``listing``.
    """
    if not then.rules.opening_hours.is_open(at, time_zone):
        return StartRefusal.CLOSED
    who = on_demand(then.rules.schedule, at, time_zone) or listing.usual
    if who is Who.NOBODY:
        return StartRefusal.BOOKINGS_ONLY
    if Who.LISTED in {who, listing.usual} and not listing.lists(bearer, at):
        return StartRefusal.NOT_LISTED
    return None
