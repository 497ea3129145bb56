"""What can have happened to the customer groups of a company. The stream's key is the company's number."""

from datetime import datetime

from eosvolt.domain.customer_groups.prices import GroupPrice
from eosvolt.domain.kernel import Event

MOST_GROUPS = 200
LONGEST_GROUP_NAME = 100
MOST_TOKEN_GROUPS = 200


class CustomerGroupAdded(Event, frozen=True, tag="customer-group-added"):
    """There is a group from now on. ``group`` is its id; tokens of ``token_groups`` belong to it."""

    company: int
    group: str
    at: datetime
    name: str
    token_groups: tuple[str, ...] = ()
    prices: tuple[GroupPrice, ...] = ()


class CustomerGroupChanged(Event, frozen=True, tag="customer-group-changed"):
    """The group has this name, these groups of tokens and these prices from now on."""

    group: str
    at: datetime
    name: str
    token_groups: tuple[str, ...] = ()
    prices: tuple[GroupPrice, ...] = ()


class CustomerGroupRemoved(Event, frozen=True, tag="customer-group-removed"):
    """There is no such group any more: it opens no location and has no price."""

    group: str
    at: datetime


CustomerGroupEvent = CustomerGroupAdded | CustomerGroupChanged | CustomerGroupRemoved
