"""Sentences about home chargers and price profiles."""

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.web.shell.fault_labels import local_time
from eosvolt.domain.home_chargers import events as home
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


def home_sentence(event: Event, zone: str) -> str:  # noqa: PLR0911 - a case for each event
    """What happened to a home charger or a price profile; empty for events of other things."""
    match event:
        case home.HomeChargerAdded(charge_box_id=box):
            return gettext("The home charger {charger} was added.", charger=box)
        case home.HomeCodeIssued(expires_at=until):
            return gettext(
                "A code for the owner was issued, valid until {until}.", until=local_time(until, zone)
            )
        case home.HomeTokenAllowed(token=token, until=None):
            return gettext("The token {token} may charge at the home.", token=token)
        case home.HomeTokenAllowed(token=token, until=until):
            ends = "" if until is None else local_time(until, zone)
            return gettext("The token {token} may charge at the home until {until}.", token=token, until=ends)
        case home.HomeTokenWithdrawn(token=token):
            return gettext("The token {token} may not charge at the home any more.", token=token)
        case profile.PriceProfileAdded(terms=terms):
            return gettext("The price profile “{name}” was added.", name=terms.name)
        case profile.PriceProfileChanged(terms=terms):
            return gettext("The price profile “{name}” was changed.", name=terms.name)
        case _:
            return str(_SENTENCES.get(tag(type(event)), ""))
