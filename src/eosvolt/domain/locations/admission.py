"""Whom a location lets begin to charge: its type, its list, its opening hours and its access schedule."""

from datetime import datetime

from msgspec import Struct

from eosvolt.domain.locations.access import AccessRules, Who, on_demand
from eosvolt.domain.locations.events import Details, LocationType
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

    def lists(self, token: str, group: str, at: datetime | None = None, customer: str = "") -> bool:
        """Whether the list has the token of ``customer`` or its group; a group may stand among the tokens.

        Guests are on it until their time ends; without ``at`` also afterwards.
        """
        if self.listed_lastingly(token, group, customer):
            return True
        guest = next((each for each in self.rules.guests if folded(each.token) == folded(token)), None)
        return guest is not None and (at is None or at < guest.until)

    def listed_lastingly(self, token: str, group: str, customer: str = "") -> bool:
        """Whether the list has the token or its group other than as a guest, or it is the owner's."""
        if customer and customer == self.rules.owner:
            return True
        tokens = {folded(uid) for uid in self.tokens}
        groups = tokens | {folded(uid) for uid in self.rules.groups}
        return folded(token) in tokens or (bool(group) and folded(group) in groups)

    def admits(self, token: str, group: str, customer: str = "") -> bool:
        """Whether a token may charge here at some time at all."""
        return self.usual is Who.EVERYBODY or self.lists(token, group, customer=customer)


def admission(details: Details, rules: AccessRules) -> AdmissionRules:
    """The admission of a location with these details and rules."""
    return AdmissionRules(details.type, details.authorized_tokens, rules)


def refusal(
    then: AdmissionRules,
    listing: AdmissionRules,
    token: str,
    group: str,
    at: datetime,
    time_zone: str,
    customer: str = "",
) -> StartRefusal | None:
    """Why a token of ``customer`` may not begin to charge on demand at an instant; ``None`` where it may.

    Opening hours and schedule are those of ``then``, on the local clock; type and list those of ``listing``.
    """
    if not then.rules.opening_hours.is_open(at, time_zone):
        return StartRefusal.CLOSED
    who = on_demand(then.rules.schedule, at, time_zone) or listing.usual
    if who is Who.NOBODY:
        return StartRefusal.BOOKINGS_ONLY
    if Who.LISTED in {who, listing.usual} and not listing.lists(token, group, at, customer):
        return StartRefusal.NOT_LISTED
    return None
