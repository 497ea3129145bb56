"""What one can ask of the customer groups of a company."""

from datetime import datetime

from eosvolt.domain.customer_groups.prices import GroupPrice
from eosvolt.domain.kernel import Command


class PutCustomerGroup(Command, frozen=True):
    """Add a group, or say something else of it. ``group`` is its id."""

    company: int
    group: str
    at: datetime
    name: str
    token_groups: tuple[str, ...] = ()
    prices: tuple[GroupPrice, ...] = ()


class RemoveCustomerGroup(Command, frozen=True):
    """Remove a group."""

    group: str
    at: datetime


CustomerGroupCommand = PutCustomerGroup | RemoveCustomerGroup
