"""Sentences about what happened to a company, its people, programs, locations and tokens."""

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.presentation.instants import minute_text
from eosvolt.adapters.http.web.shell.fault_labels import People
from eosvolt.adapters.http.web.shell.formats import price
from eosvolt.adapters.http.web.shell.labels import STRATEGIES
from eosvolt.domain.companies import events as company
from eosvolt.domain.kernel import Event
from eosvolt.domain.locations import events as location
from eosvolt.domain.tokens import events as token
from eosvolt.domain.vocabulary import tag

_SENTENCES = {
    "admin-invited": Text("Invited."),
    "admin-invitation-renewed": Text("Another invitation was sent."),
    "admin-invitation-revoked": Text("The invitation was revoked."),
    "admin-joined": Text("Joined."),
    "admin-added": Text("Added as an admin."),
    "admin-access-changed": Text("Permissions or locations changed."),
    "admin-renamed": Text("The name changed."),
    "admin-became-owner": Text("Became the owner."),
    "admin-ceased-to-be-owner": Text("Gave the ownership to another admin."),
    "admin-deactivated": Text("Deactivated."),
    "admin-reactivated": Text("Activated again."),
    "company-invited": Text("The company was invited."),
    "company-invitation-revoked": Text("The company's invitation was revoked."),
    "company-registered": Text("The company was registered."),
    "company-billing-changed": Text("The billing details were changed."),
    "company-support-changed": Text("The support contact was changed."),
    "company-preferences-changed": Text("Language, currency, VAT, time zone or invoice prefix were changed."),
    "location-removed": Text("The location was removed."),
}


def company_sentence(event: Event, zone: str, people: People) -> str:  # noqa: C901, PLR0911, PLR0912 - a case for each event
    """What happened; empty for events of other things. ``people`` are names by actor."""
    if isinstance(event, location.LocationEvent):
        return _of_location(event)
    match event:
        case company.CompanyRenamed(name=name):
            return gettext("The company is called {name}.", name=name)
        case company.ApiKeyIssued(label=label):
            return gettext("API key “{label}” issued.", label=label)
        case company.ApiKeyRevoked(key_id=key):
            if known := people.get(f"api-key:{key}"):
                return gettext("API key “{label}” revoked.", label=known)
            return gettext("An API key was revoked.")
        case company.OwnershipTransferred(owner=owner):
            if known := people.get(f"admin:{owner}"):
                return gettext("The company has another owner: {name}.", name=known)
            return gettext("The company has another owner.")
        case company.AdoptionChanged(until=until):
            if until is None:
                return gettext("Unknown chargers are no longer adopted.")
            return gettext("Unknown chargers are adopted until {time}.", time=minute_text(until, zone))
        case company.CertificateOrganizationChanged(organization=name):
            if not name:
                return gettext("Chargers' certificates name no organization of other authorities.")
            return gettext("The organization in chargers' certificates is {name}.", name=name)
        case company.CompanyBankAccountChanged(account=account):
            if not account:
                return gettext("The bank account was removed.")
            return gettext("The bank account was changed: {account}.", account=account.iban)
        case company.CompanyLogoChanged(digest=digest):
            return gettext("The logo was changed.") if digest else gettext("The logo was removed.")
        case token.TokenIssued(uid=uid):
            return gettext("Token {uid} was added.", uid=uid)
        case token.TokenChanged(uid=uid):
            return gettext("Token {uid} was changed.", uid=uid)
        case token.TokenInUse(session=session):
            return gettext("Session {session} began with this token.", session=session)
        case token.TokenReleased(session=session):
            return gettext("Session {session} with this token ended.", session=session)
        case _:
            return str(_SENTENCES.get(tag(type(event)), ""))


def _of_location(event: location.LocationEvent) -> str:
    match event:
        case location.LocationAdded(details=details):
            return gettext("The location {name} was added.", name=details.name)
        case location.LocationChanged(details=details):
            return gettext("The location {name} was changed.", name=details.name)
        case location.TariffChanged(tariff=tariff):
            return gettext(
                "The tariff was changed: {price} {strategy}.",
                price=price(tariff.price, tariff.currency),
                strategy=STRATEGIES[tariff.strategy.value],
            )
        case location.CurrencySettled(currency=currency):
            return gettext("The currency is {currency} from its first session on.", currency=currency)
        case location.BookingRulesChanged():
            # Said with all that is about bookings.
            return ""
        case location.LocationRemoved():
            return str(_SENTENCES[tag(type(event))])
