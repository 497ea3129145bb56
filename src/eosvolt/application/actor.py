"""The actor of an operation: who acts, for which company, and with which grants."""

from enum import StrEnum

import msgspec

from eosvolt.application.permissions import DRIVER, NOTHING, OWNER, PLATFORM_STAFF, Grants
from eosvolt.domain.kernel import Provenance


class ActorKind(StrEnum):
    """The kinds of actors. Their values are the prefixes of actors' names in the history."""

    PERSON = "admin"
    API_KEY = "api-key"
    CHARGER = "charger"
    DRIVER = "driver"
    STAFF = "staff"
    SYSTEM = "system"


class Actor(msgspec.Struct, frozen=True):
    """Somebody or something that acts for a company. ``id`` is unique within its kind.

    The scopes of an API key are its ``grants``. ``responsible`` is the account that answers for what it
    makes: a person's own, and for an API key that of who issued it; empty for none.
    """

    kind: ActorKind
    id: str
    company: int
    grants: Grants = NOTHING
    responsible: str = ""

    @property
    def by(self) -> str:
        """The actor's name in the history, e.g. ``api-key:5f…``."""
        return f"{self.kind.value}:{self.id}"

    def provenance(self, cause: str = "") -> Provenance:
        """The provenance of a change by this actor."""
        return Provenance(company=self.company, by=self.by, cause=cause)


def person(account: str, company: int, grants: Grants = OWNER) -> Actor:
    """A signed-in user."""
    return Actor(ActorKind.PERSON, account, company, grants, account)


def api_key(key_id: str, company: int, grants: Grants = OWNER, responsible: str = "") -> Actor:
    """A program with an API key, for which the account ``responsible`` answers."""
    return Actor(ActorKind.API_KEY, key_id, company, grants, responsible)


def staff(name: str, company: int) -> Actor:
    """The operator of the installation, e.g. at its command line, acting for a company."""
    return Actor(ActorKind.STAFF, name, company, OWNER)


def system(part: str, company: int) -> Actor:
    """A part of this system, e.g. its set-up, acting for a company."""
    return Actor(ActorKind.SYSTEM, part, company, OWNER)


def platform_staff(staff_id: str, company: int) -> Actor:
    """A member of the platform staff, acting on the registration of a company and on nothing else of it."""
    return Actor(ActorKind.STAFF, staff_id, company, PLATFORM_STAFF)


def driver(driver_id: str, company: int) -> Actor:
    """Somebody who charges, acting on what is theirs at a company. The id says nothing of who it is."""
    return Actor(ActorKind.DRIVER, driver_id, company, DRIVER)


def anybody(site: str) -> Actor:
    """Somebody at a network who is not signed in, for what everybody may see. Nothing is done by them."""
    return Actor(ActorKind.DRIVER, f"nobody at {site}", 0)
