"""The parameters of the list of sessions: its filter, and what a saved view keeps."""

from collections.abc import Iterable
from urllib.parse import parse_qsl

FILTERS = (
    "from", "to", "status", "type", "location", "charger", "plug", "token", "customer", "paymentMethod",
    "search",
)  # fmt: skip
# The place in the list, the instant and the parts that are loaded later belong to one look.
KEPT = (*FILTERS, "sort", "column")


def parameters_of(query: str) -> list[tuple[str, str]]:
    """The parameters of a query with a value, each once."""
    return list(dict.fromkeys(parse_qsl(query.removeprefix("?"))))


def refused_parameters(given: Iterable[tuple[str, str]]) -> list[str]:
    """What is wrong with the parameters of a view."""
    unknown = dict.fromkeys(name for name, _ in given if name not in KEPT)
    return [f"A view of sessions has no parameter {name[:60]!r}." for name in unknown]
