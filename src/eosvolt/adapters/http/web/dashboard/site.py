"""A location of the plug map."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from eosvolt.adapters.http.web.shell.addresses import segment
from eosvolt.adapters.http.web.shell.labels import PLUG_STATES, plug_label
from eosvolt.projections.connector_status import ConnectorRow, PlugsInState

# What an operator has to do something about, and how much it weighs when tiles are put in order.
SEVERITY = {"Faulted": 4, "Offline": 3, "Unavailable": 1}


class Cell(NamedTuple):
    """A plug in a closed tile: its id in the page, its state, and what it says under the pointer."""

    id: str
    state: str
    title: str


class Site(NamedTuple):
    """The plugs of one location. ``states`` is how many are in each state.

    ``plugs`` are those of which the closed tile has a cell: none where it shows figures only. ``listed``, of
    an open tile only, are those shown one by one, and ``more`` the number of those left out.
    """

    location: str
    name: str
    zone: str
    states: Mapping[str, int]
    plugs: Sequence[ConnectorRow]
    listed: Sequence[ConnectorRow] | None
    more: int
    live: str

    @property
    def cells(self) -> list[Cell]:
        """A cell for each plug."""
        labels = {state: plug_label(state) for state in {plug.shown for plug in self.plugs}}
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
        return [(state, self.states[state]) for state in sorted(self.states, key=rank)]


def rank(state: str) -> tuple[int, int]:
    """Where a state stands in an order with trouble first."""
    return -SEVERITY.get(state, 0), PLUG_STATES.index(state) if state in PLUG_STATES else len(PLUG_STATES)


def severity(states: Mapping[str, int]) -> int:
    """How much is wrong at a location."""
    return sum(SEVERITY.get(state, 0) * plugs for state, plugs in states.items())


def power(states: Iterable[PlugsInState]) -> int | None:
    """The known power of the plugs together, in W.

    ``None`` if some charge but none has reported its power since the charger connected.
    """
    online = [each for each in states if each.state != "Offline"]
    if any(each.state == "Charging" for each in online) and not any(each.measured for each in online):
        return None
    return sum(each.power_w for each in online)
