"""What can have happened to a customer. The stream's key is the customer's id.

No event holds personal data: name, e-mail address and all else that says who somebody is are kept outside
the history, under the same id, and are gone once the customer is erased.
"""

from datetime import datetime

from eosvolt.domain.companies.settings import CompanyLanguage
from eosvolt.domain.kernel import Event

# A customer has at most so many tokens.
MOST_TOKENS = 1_000


class CustomerAdded(Event, frozen=True, tag="customer-added"):
    """The company knows a customer, who is written to in ``language``."""

    company: int
    at: datetime
    language: CompanyLanguage = CompanyLanguage.ENGLISH


class CustomerChanged(Event, frozen=True, tag="customer-changed"):
    """The language or the personal data changed. ``record`` counts the versions of that data, from 1."""

    at: datetime
    language: CompanyLanguage
    record: int


class CustomerTokenAdded(Event, frozen=True, tag="customer-token-added"):
    """The customer charges with this token from now on. ``token`` is its uid."""

    at: datetime
    token: str


class CustomerTokenRemoved(Event, frozen=True, tag="customer-token-removed"):
    """The customer charges with this token no more."""

    at: datetime
    token: str


class CustomerMembershipChanged(Event, frozen=True, tag="customer-membership-changed"):
    """The customer belongs to these groups, by their ids, from now on."""

    at: datetime
    groups: tuple[str, ...]


class CustomerErased(Event, frozen=True, tag="customer-erased"):
    """The personal data was deleted. The id stays in the history of sessions, without anybody behind it."""

    at: datetime


CustomerEvent = (
    CustomerAdded
    | CustomerChanged
    | CustomerTokenAdded
    | CustomerTokenRemoved
    | CustomerMembershipChanged
    | CustomerErased
)
