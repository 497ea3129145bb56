"""A location of the plug map."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from eosvolt.adapters.http.web.shell.addresses import segment
from eosvolt.adapters.http.web.shell.labels import PLUG_STATES, plug_label
from eosvolt.projections.connector_status import ConnectorRow

# What an operator has to do something about, and how much it weighs when tiles are put in order.
SEVERITY = {"Faulted": 4, "Offline": 3, "Unavailable": 1}


class Cell(NamedTuple):
    """A plug in a closed tile: its id in the page, its state, and what it says under the pointer."""

    id: str
    state: str
    title: str


class Site(NamedTuple):
    """The plugs of one location. ``listed`` are those shown one by one, ``None`` while the tile is closed."""

    location: str
    name: str
    zone: str
    plugs: Sequence[ConnectorRow]
    listed: Sequence[ConnectorRow] | None
    live: str

    @property
    def cells(self) -> list[Cell]:
        """A cell for each plug."""
        labels = {plug.shown: plug_label(plug.shown) for plug in self.plugs}
        return [
            Cell(
                segment(plug.plug),
                plug.shown,
                f"{plug.charge_point} · {plug.connector}: {labels[plug.shown]}",
            )
            for plug in self.plugs
        ]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many plugs are in each state that there is, trouble first."""
        counted = Counter(plug.shown for plug in self.plugs)
        return [(state, counted[state]) for state in sorted(counted, key=rank)]


def rank(state: str) -> tuple[int, int]:
    """Where a state stands in an order with trouble first."""
    return -SEVERITY.get(state, 0), PLUG_STATES.index(state) if state in PLUG_STATES else len(PLUG_STATES)


def power(plugs: Iterable[ConnectorRow]) -> int | None:
    """The known power of the plugs together, in W.

    ``None`` if some charge but none has reported its power since the charger connected.
    """
    online = [plug for plug in plugs if plug.shown != "Offline"]
    known = [plug.power_w for plug in online if plug.power_w is not None]
    return sum(known) if known or not any(plug.shown == "Charging" for plug in online) else None
