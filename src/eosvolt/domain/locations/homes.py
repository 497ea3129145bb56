"""Homes: the locations of home chargers, one for each, which no list of locations shows."""

# What the ids of homes begin with, and no other location's. Whatever knows a location's id can tell.
HOME_PREFIX = "home-"


def is_home(location: str) -> bool:
    """Whether this is the id of a home."""
    return location.startswith(HOME_PREFIX)
