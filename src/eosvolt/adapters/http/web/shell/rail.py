"""The menu of every page: where one can go, and who may."""

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.application.operations import (
    admins,
    bookings,
    chargers,
    company,
    customers,
    faults,
    home_chargers,
    locations,
    sessions,
    tokens,
    views,
    zones,
)
from eosvolt.application.permissions import Grants, Need, allows

# Where one can go from every page: the page, its address, its name, its icon, and the key after "g".
RAIL = (
    ("dashboard", "/", Text("Dashboard"), "dashboard", "d"),
    ("sessions", "/sessions", Text("Sessions"), "history", "s"),
    ("bookings", "/bookings", Text("Bookings"), "calendar", "b"),
    ("locations", "/locations", Text("Locations"), "map-pin", "l"),
    ("chargers", "/chargers", Text("Chargers"), "charging-pile", "c"),
    ("homeChargers", "/home-chargers", Text("Home chargers"), "home", "h"),
    ("zones", "/zones", Text("Load balancing"), "scale", "z"),
    ("tokens", "/tokens", Text("Tokens"), "id-badge-2", "t"),
    ("customers", "/customers", Text("Customers"), "user-circle", "p"),
    ("diagnostics", "/diagnostics", Text("Diagnostics"), "stethoscope", "f"),
    ("finance", "/finance", Text("Finance"), "coins", "m"),
    ("audit", "/audit/events", Text("Audit"), "shield-check", "a"),
    ("users", "/users", Text("Users"), "users", "u"),
    ("settings", "/settings", Text("Settings"), "settings", "e"),
)
# The permission that each of them needs.
RAIL_NEEDS: dict[str, Need] = {
    "dashboard": views.DASHBOARD,
    "sessions": sessions.VIEW,
    "bookings": bookings.VIEW,
    "locations": locations.VIEW,
    "chargers": chargers.VIEW,
    "homeChargers": home_chargers.VIEW,
    "zones": zones.VIEW,
    "tokens": tokens.VIEW,
    "customers": customers.VIEW,
    "diagnostics": faults.VIEW,
    "finance": views.FINANCE,
    "audit": views.HISTORY,
    "users": admins.VIEW,
    "settings": company.VIEW,
}


def rail_of(grants: Grants) -> list[tuple[str, str, Text, str, str]]:
    """The entries of ``RAIL`` that somebody with these grants may open."""
    return [entry for entry in RAIL if allows(grants, RAIL_NEEDS[entry[0]])]
