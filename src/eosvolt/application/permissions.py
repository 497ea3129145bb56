"""Who may do what: action × page × location in one table, and the gate that asks it.

The pages and actions are those of the product's page *Users*. A person or key holds ``Grants``: what it may
do, and at which locations. Every operation and every view names the one ``Need`` that it has.
"""

from collections.abc import Collection
from enum import StrEnum
from itertools import product
from typing import NamedTuple

import msgspec


class ProductArea(StrEnum):
    """The parts of the product to which access is given."""

    DASHBOARD = "dashboard"
    SESSIONS = "sessions"
    BOOKINGS = "bookings"
    CHARGE_POINTS = "chargePoints"
    DIAGNOSTICS = "diagnostics"
    LOAD_BALANCING = "loadBalancing"
    USERS = "users"
    FINANCE = "finance"
    SETTINGS = "settings"


class Action(StrEnum):
    """What can be done on a page. Without ``VIEW`` nothing else can be."""

    VIEW = "view"
    EDIT = "edit"
    ADD = "add"
    DELETE = "delete"
    EXPORT = "export"


class Permission(NamedTuple):
    """One box of the table."""

    action: Action
    page: ProductArea


class Right(StrEnum):
    """Rights of their own, which come with no page."""

    WITHDRAW = "withdraw"
    REFUND = "refund"
    BANK_DETAILS = "bankDetails"
    API_KEYS = "apiKeys"


Need = Permission | Right
EVERYTHING: frozenset[Need] = frozenset(
    (*(Permission(action, page) for action, page in product(Action, ProductArea)), *Right)
)


class Grants(msgspec.Struct, frozen=True):
    """What somebody may do. ``locations`` are the only ones it may do it at; ``None`` is everywhere."""

    needs: frozenset[Need]
    locations: frozenset[str] | None = None


OWNER = Grants(EVERYTHING)
NOTHING = Grants(frozenset())


class Forbidden(Exception):  # noqa: N818 - an answer to whoever asked, not a failure
    """The actor lacks the permission. Its text is a sentence for the actor's eyes."""


class NotThere(Exception):  # noqa: N818 - an answer to whoever asked, not a failure
    """There is no such thing for this actor: it does not exist, or is another company's or location's."""


def allows(grants: Grants, need: Need, locations: Collection[str] = ()) -> bool:
    """Whether the grants cover ``need`` at all of ``locations``; none are named by what has no location."""
    if need not in grants.needs:
        return False
    if isinstance(need, Permission) and Permission(Action.VIEW, need.page) not in grants.needs:
        return False
    return grants.locations is None or grants.locations.issuperset(locations)


def require(grants: Grants, need: Need) -> None:
    """Raise ``Forbidden`` where the grants do not cover ``need`` anywhere."""
    if not allows(grants, need):
        raise Forbidden(f"This needs the permission “{name_of(need)}”.")


def require_at(grants: Grants, locations: Collection[str]) -> None:
    """Raise ``NotThere`` where one of ``locations`` is outside the grants: nobody learns what is there."""
    if grants.locations is not None and not grants.locations.issuperset(locations):
        raise NotThere


def require_everywhere(grants: Grants) -> None:
    """Raise ``Forbidden`` where the grants are for some locations: what is asked for cannot be narrowed."""
    if grants.locations is not None:
        raise Forbidden("Whoever may work at some locations only cannot see this.")


def name_of(need: Need) -> str:
    """The permission as messages name it, e.g. ``chargePoints: edit``."""
    return f"{need.page}: {need.action}" if isinstance(need, Permission) else need.value
