"""An event as programs see it: the same in the API and on the command line."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from eosvolt.adapters.http.framework.api_types import View, camel, camelised
from eosvolt.application.explained_events import SENTENCE_FIELDS, sentence_of
from eosvolt.domain.companies.events import ApiKeyIssued, ApiKeyRevoked, CompanyInvited
from eosvolt.domain.home_chargers.events import HomeCodeIssued
from eosvolt.domain.kernel import Event, Fact
from eosvolt.domain.operators.events import AdminInvitationRenewed, AdminInvited
from eosvolt.domain.vocabulary import tag

# Fields with the digest of a secret: nothing follows from it, and it is nobody's business.
WITHHELD: Mapping[type[Event], str] = {
    ApiKeyIssued: "digest",
    ApiKeyRevoked: "digest",
    CompanyInvited: "secret_digest",
    AdminInvited: "secret_digest",
    AdminInvitationRenewed: "secret_digest",
    HomeCodeIssued: "digest",
}


class EventView(View, frozen=True, kw_only=True):
    """An event. ``by`` is who caused it, ``cause`` and ``frame`` (a SHA-256) what.

    ``data`` is as it was recorded, without the digests of secrets. Where it has an ``explanation``, its
    sentence begins ``text``, ``reason`` or ``refused``.
    """

    position: int
    stream: str
    version: int
    type: str
    recorded_at: datetime
    by: str
    data: dict[str, Any]
    cause: str = ""
    frame: str = ""


def event_view(fact: Fact) -> EventView:
    """A fact as the API shows it."""
    data = msgspec.to_builtins(fact.event)
    data.pop(WITHHELD.get(type(fact.event), ""), None)
    field = SENTENCE_FIELDS.get(type(fact.event))
    if field is not None and (sentence := sentence_of(fact.event)):
        data[field] = sentence
    return EventView(
        position=fact.position,
        stream=fact.stream,
        version=fact.version,
        type=tag(type(fact.event)),
        recorded_at=fact.recorded_at,
        by=fact.why.by,
        cause=fact.why.cause,
        frame=fact.why.frame,
        data={camel(name): camelised(inner) for name, inner in data.items()},
    )
