"""The fields of a form that say what an admin or an API key may do: pages, actions, rights, locations."""

from collections.abc import Collection
from typing import NamedTuple

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.application.grants import completed
from eosvolt.application.permissions import (
    EVERYTHING,
    Action,
    Grants,
    Need,
    Permission,
    ProductArea,
    Right,
)
from eosvolt.application.ready_sets import READY_SETS

AREAS = {
    ProductArea.DASHBOARD: Text("Dashboard"),
    ProductArea.SESSIONS: Text("Sessions"),
    ProductArea.BOOKINGS: Text("Bookings"),
    ProductArea.CHARGE_POINTS: Text("Charge points"),
    ProductArea.DIAGNOSTICS: Text("Diagnostics"),
    ProductArea.LOAD_BALANCING: Text("Load balancing"),
    ProductArea.USERS: Text("Users"),
    ProductArea.FINANCE: Text("Finance"),
    ProductArea.SETTINGS: Text("Settings"),
}
ACTIONS = {
    Action.VIEW: Text("View"),
    Action.EDIT: Text("Edit"),
    Action.ADD: Text("Add"),
    Action.DELETE: Text("Delete"),
    Action.EXPORT: Text("Export"),
}
RIGHTS = {
    Right.WITHDRAW: Text("Withdraw revenue"),
    Right.REFUND: Text("Refund sessions"),
    Right.BANK_DETAILS: Text("Change bank details"),
    Right.API_KEYS: Text("Manage API keys"),
    Right.OPERATE_CHARGERS: Text("Operate charge points: restart, unlock, availability, stop"),
}


class ReadySet(NamedTuple):
    """A set of permissions to start from, as it is offered."""

    label: str
    about: str
    needs: frozenset[Need]


SETS = {
    "owner": ReadySet(
        Text("Owner"), Text("Everything, also money, users and API keys."), READY_SETS["owner"]
    ),
    "operations": ReadySet(
        Text("Operations"), Text("Everything but money and users."), READY_SETS["operations"]
    ),
    "bookkeeper": ReadySet(
        Text("Bookkeeper"), Text("Finance, refunds and exports."), READY_SETS["bookkeeper"]
    ),
    "support": ReadySet(
        Text("Support"), Text("Read, restart chargers, stop sessions."), READY_SETS["support"]
    ),
}


class AccessBox(NamedTuple):
    """One check box: the value that it sends, what is ticked, and whether the user may tick it."""

    value: str
    label: str
    ticked: bool
    mine: bool


class AccessRow(NamedTuple):
    """One page with its actions."""

    label: str
    boxes: tuple[AccessBox, ...]


class AccessFields(NamedTuple):
    """The fields, filled. ``everywhere``: at all locations; ``may_everywhere``: the user can choose that."""

    rows: tuple[AccessRow, ...]
    rights: tuple[AccessBox, ...]
    locations: tuple[AccessBox, ...]
    everywhere: bool
    may_everywhere: bool


def access_fields(request: PageRequest, grants: Grants) -> AccessFields:
    """The fields as they show ``grants``, to a user who can give only what they have."""
    mine = request.actor.grants

    def box(need: Need, value: str, label: str) -> AccessBox:
        return AccessBox(value, label, need in grants.needs, need in mine.needs)

    rows = (
        AccessRow(
            area_label,
            tuple(
                box(Permission(action, area), f"{area.value}:{action.value}", label)
                for action, label in ACTIONS.items()
            ),
        )
        for area, area_label in AREAS.items()
    )
    chosen: Collection[str] = grants.locations or ()
    places = (
        AccessBox(row.location, row.name, row.location in chosen, mine=True) for row in request.locations.rows
    )
    return AccessFields(
        tuple(rows),
        tuple(box(right, right.value, label) for right, label in RIGHTS.items()),
        tuple(places),
        everywhere=grants.locations is None and mine.locations is None,
        may_everywhere=mine.locations is None,
    )


def sent_access(request: PageRequest) -> Grants:
    """The grants that the form says; whoever does something on a page also views it.

    Boxes of pages and rights that do not exist are left out.
    """
    values = request.form_values()
    named = set(values.get("permission", ()))
    needs: set[Need] = {
        need
        for need in EVERYTHING
        if isinstance(need, Permission) and f"{need.page.value}:{need.action.value}" in named
    }
    needs |= {Permission(Action.VIEW, need.page) for need in needs if isinstance(need, Permission)}
    needs |= {right for right in Right if right.value in values.get("right", ())}
    everywhere = request.form_value("where") == "all"
    return Grants(completed(needs), None if everywhere else frozenset(values.get("locations", ())))


def in_short(grants: Grants) -> str:
    """The name of the ready-made set that the grants are, or how many pages they open."""
    for each in SETS.values():
        if each.needs == grants.needs:
            return each.label
    return ""


def pages_of(grants: Grants) -> tuple[str, ...]:
    """The labels of the pages that may be viewed."""
    return tuple(label for area, label in AREAS.items() if Permission(Action.VIEW, area) in grants.needs)
