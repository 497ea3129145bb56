"""Sentences about home chargers, their statements, and price profiles."""

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.presentation.amounts import money
from eosvolt.adapters.http.presentation.instants import minute_text
from eosvolt.domain.home_chargers import events as home
from eosvolt.domain.home_statements import events as statement
from eosvolt.domain.kernel import Event
from eosvolt.domain.price_profiles import events as profile
from eosvolt.domain.vocabulary import tag

_SENTENCES = {
    "home-code-redeemed": Text("The code was redeemed: the home charger has its owner."),
    "home-profile-changed": Text("The home charger has another price profile."),
    "home-charger-removed": Text("The home charger was removed."),
    "price-profile-assigned": Text("The price profile was given to a home charger."),
    "price-profile-released": Text("The price profile was taken from a home charger."),
    "price-profile-removed": Text("The price profile was removed."),
}


def home_sentence(event: Event, zone: str) -> str:  # noqa: C901, PLR0911 - a case for each event
    """What happened to a home charger, its statements or a price profile; empty for all other events."""
    match event:
        case home.HomeChargerAdded(charge_box_id=box):
            return gettext("The home charger {charger} was added.", charger=box)
        case home.HomeChargerReplaced(charge_box_id=box):
            return gettext("The charger {charger} stands at the home now.", charger=box)
        case home.HomeCodeIssued(expires_at=until):
            return gettext(
                "A code for the owner was issued, valid until {until}.", until=minute_text(until, zone)
            )
        case home.HomeTokenAllowed(token=token, until=None):
            return gettext("The token {token} may charge at the home.", token=token)
        case home.HomeTokenAllowed(token=token, until=until):
            ends = "" if until is None else minute_text(until, zone)
            return gettext("The token {token} may charge at the home until {until}.", token=token, until=ends)
        case home.HomeTokenWithdrawn(token=token):
            return gettext("The token {token} may not charge at the home any more.", token=token)
        case statement.HomeStatementApproved(month=month, amount=amount):
            return gettext(
                "The statement of {month} was approved: {amount} are owed to the owner.",
                month=f"{month:%Y-%m}",
                amount=money(amount),
            )
        case statement.HomeStatementPaid(month=month, reference=reference):
            return gettext(
                "The statement of {month} was paid, with the reference {reference}.",
                month=f"{month:%Y-%m}",
                reference=reference,
            )
        case profile.PriceProfileAdded(terms=terms):
            return gettext("The price profile “{name}” was added.", name=terms.name)
        case profile.PriceProfileChanged(terms=terms):
            return gettext("The price profile “{name}” was changed.", name=terms.name)
        case _:
            return str(_SENTENCES.get(tag(type(event)), ""))
