"""Permissions: action × product area × location in one table, and the checks against it.

The areas and actions are those of the page *Users*. A user or API key holds ``Grants``: its permissions and
the locations at which they apply. Every operation and view declares the one ``Need`` that it has.
"""

from collections.abc import Collection
from enum import StrEnum
from itertools import product
from typing import NamedTuple

import msgspec


class ProductArea(StrEnum):
    """The parts of the product to which access is granted."""

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
    """The actions in an area. All others require ``VIEW``."""

    VIEW = "view"
    EDIT = "edit"
    ADD = "add"
    DELETE = "delete"
    EXPORT = "export"


class Permission(NamedTuple):
    """One action in one area."""

    action: Action
    page: ProductArea


class Right(StrEnum):
    """Rights that belong to no area."""

    WITHDRAW = "withdraw"
    REFUND = "refund"
    BANK_DETAILS = "bankDetails"
    API_KEYS = "apiKeys"
    OPERATE_CHARGERS = "operateChargers"


class PlatformRight(StrEnum):
    """Rights of platform staff. Nobody of a company has them, its owner neither."""

    COMPANIES = "platform"


class DriverRight(StrEnum):
    """Rights of drivers, who charge. Nobody of a company has them."""

    CHARGE = "driver"


Need = Permission | Right | PlatformRight | DriverRight
EVERYTHING: frozenset[Need] = frozenset(
    (*(Permission(action, page) for action, page in product(Action, ProductArea)), *Right)
)


class Grants(msgspec.Struct, frozen=True):
    """The permissions of an actor, restricted to ``locations``; ``None`` is everywhere."""

    needs: frozenset[Need]
    locations: frozenset[str] | None = None


OWNER = Grants(EVERYTHING)
PLATFORM_STAFF = Grants(frozenset(PlatformRight))
DRIVER = Grants(frozenset(DriverRight))
NOTHING = Grants(frozenset())


class Forbidden(Exception):  # noqa: N818 - an answer to whoever asked, not a failure
    """The actor lacks the permission. The text is a sentence for the actor."""


class NotThere(Exception):  # noqa: N818 - an answer to whoever asked, not a failure
    """The object does not exist for this actor, or belongs to another company or location."""


def allows(grants: Grants, need: Need, locations: Collection[str] = ()) -> bool:
    """Whether the grants cover ``need`` at all ``locations``; empty for objects without a location."""
    if need not in grants.needs:
        return False
    if isinstance(need, Permission) and Permission(Action.VIEW, need.page) not in grants.needs:
        return False
    return grants.locations is None or grants.locations.issuperset(locations)


def require(grants: Grants, need: Need) -> None:
    """Raise ``Forbidden`` if the grants cover ``need`` nowhere."""
    if not allows(grants, need):
        raise Forbidden(f"This needs the permission “{name_of(need)}”.")


def require_at(grants: Grants, locations: Collection[str]) -> None:
    """Raise ``NotThere`` if one of ``locations`` is outside the grants; it does not reveal what exists."""
    if grants.locations is not None and not grants.locations.issuperset(locations):
        raise NotThere


def require_everywhere(grants: Grants) -> None:
    """Raise ``Forbidden`` if the grants are restricted to locations; for requests that cannot be."""
    if grants.locations is not None:
        raise Forbidden("Whoever may work at some locations only cannot see this.")


def only_to_look(grants: Grants) -> Grants:
    """The grants without those to change anything."""
    looking = (Action.VIEW, Action.EXPORT)
    needs = (need for need in grants.needs if isinstance(need, Permission) and need.action in looking)
    return Grants(frozenset(needs), grants.locations)


def name_of(need: Need) -> str:
    """The name of the permission in messages, e.g. ``chargePoints: edit``."""
    return f"{need.page}: {need.action}" if isinstance(need, Permission) else need.value
