"""Sentences about what happened to a company, its people, programs, locations and tokens."""

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.domain.companies import events as company
from eosvolt.domain.kernel import Event
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
    "company-registered": Text("The company was registered."),
    "ownership-transferred": Text("The company has another owner."),
    "adoption-changed": Text("Adoption of unknown chargers changed."),
    "certificate-organization-changed": Text("The organization in chargers' certificates changed."),
    "location-added": Text("The location was added."),
    "location-changed": Text("The location was changed."),
    "location-removed": Text("The location was removed."),
    "tariff-changed": Text("The tariff was changed."),
    "notification-rule-added": Text("The notification rule was added."),
    "notification-rule-changed": Text("The notification rule was changed."),
    "notification-rule-removed": Text("The notification rule was removed."),
}


def company_sentence(event: Event) -> str:
    """What happened; empty for events of other things."""
    match event:
        case company.CompanyRenamed(name=name):
            return gettext("The company is called {name}.", name=name)
        case company.ApiKeyIssued(label=label):
            return gettext("API key “{label}” issued.", label=label)
        case company.ApiKeyRevoked():
            return gettext("An API key was revoked.")
        case token.TokenIssued(uid=uid):
            return gettext("Token {uid} was added.", uid=uid)
        case token.TokenChanged(uid=uid):
            return gettext("Token {uid} was changed.", uid=uid)
        case _:
            return str(_SENTENCES.get(tag(type(event)), ""))
