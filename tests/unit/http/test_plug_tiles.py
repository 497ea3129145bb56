"""The dashboard's tiles of large networks: cells where they fit, figures beyond, trouble first."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from eosvolt.adapters.http.web.dashboard import plug_map
from eosvolt.adapters.http.web.dashboard.plug_map import PlugStatus
from eosvolt.adapters.http.web.dashboard.site import Site
from eosvolt.adapters.http.web.shell.rendering import render
from eosvolt.projections.connector_status import ConnectorRow, PlugsInState, in_states

PLUGS_EACH = 3


def plugs(location: str, *states: str) -> list[ConnectorRow]:
    return [
        ConnectorRow(
            plug=f"242/{location}/{number}",
            company=242,
            location=location,
            charge_point=location,
            connector=number,
            shown=state,
        )
        for number, state in enumerate(states, 1)
    ]


ROWS = [
    *plugs("ALSTER", "Available", "Charging", "Available"),
    *plugs("BILLE", "Available", "Available", "Available"),
    *plugs("ELBE", "Available", "Faulted", "Available"),
]


class Questions:
    """Answers from ``rows``, and remembers of which locations the plugs were asked for."""

    def __init__(self) -> None:
        self.rows: Sequence[ConnectorRow] = ROWS
        self.asked: Sequence[str] = ()

    async def plug_states(self, *_: object, **__: object) -> list[PlugsInState]:
        return in_states(self.rows)

    async def connectors(self, *_: object, locations: Sequence[str], **__: object) -> list[ConnectorRow]:
        self.asked = locations
        return [row for row in self.rows if row.location in locations]


class Places:
    """Locations that are named by their ids, and have no page."""

    def name(self, location: str) -> str:
        return location

    def zone(self, _: str) -> str:
        return "UTC"

    def __contains__(self, _: str) -> bool:
        return False


def request(**query: list[str]) -> Any:
    return SimpleNamespace(
        queries=Questions(),
        number=242,
        as_of=None,
        then=None,
        query_values=lambda name: query.get(name, []),
        query=lambda name: next(iter(query.get(name, [])), ""),
        link=lambda *_, **__: "/",
        may_open=lambda _: True,
        locations=Places(),
    )


async def tiles(asked: Any) -> Sequence[Site]:
    shown = await PlugStatus(asked).tiles(asked)
    assert shown.plug_count == len(ROWS)
    return shown.sites


async def test_while_all_plugs_fit_each_has_a_cell_and_trouble_comes_first() -> None:
    sites = await tiles(request())
    assert [(site.name, len(site.cells)) for site in sites] == [
        (name, PLUGS_EACH) for name in ("ELBE", "ALSTER", "BILLE")
    ]


async def test_what_does_not_fit_shows_figures_and_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plug_map, "MOST_CELLS", PLUGS_EACH)
    asked = request()
    elbe, alster, _ = await tiles(asked)
    assert asked.queries.asked == ["ELBE"]
    assert (len(elbe.cells), alster.cells) == (PLUGS_EACH, [])
    assert alster.counts == [("Available", 2), ("Charging", 1)]
    shown = render("dashboard/site.html", {"request": asked, "site": alster, "wanted": []})
    assert "<i " not in shown
    assert 'data-live="plug-state:242/ALSTER"' in shown
    for state, number in alster.counts:
        assert f'data-state="{state}"><b class="num">{number}</b>' in shown


async def test_an_open_tile_lists_its_plugs_wherever_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plug_map, "MOST_CELLS", PLUGS_EACH)
    sites = await tiles(request(open=["BILLE"]))
    assert [(site.name, len(site.listed or ())) for site in sites] == [
        ("ELBE", 0),
        ("ALSTER", 0),
        ("BILLE", PLUGS_EACH),
    ]


async def test_plugs_left_out_of_a_list_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plug_map, "MOST_LISTED", 4)
    sites = await tiles(request(plug=["Available"]))
    assert [(site.name, len(site.listed or ()), site.more) for site in sites] == [
        ("ELBE", 2, 0),
        ("ALSTER", 2, 0),
        ("BILLE", 0, 3),
    ]


async def test_of_many_locations_the_worst_and_the_open_ones_are_shown_until_all_are_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plug_map, "MOST_TILES", 1)
    for query, names in (
        ({}, ["ELBE"]),
        ({"open": ["BILLE"]}, ["ELBE", "BILLE"]),
        ({"tiles": ["all"]}, ["ELBE", "ALSTER", "BILLE"]),
    ):
        asked = request(**query)
        shown = await PlugStatus(asked).tiles(asked)
        assert [site.name for site in shown.sites] == names
        assert (shown.tile_count, shown.fewer) == (3, True)
        html = render("dashboard/plugs.html", {"request": asked, **msgspec.structs.asdict(shown)})
        assert ("Show fewer locations" if len(names) == 3 else f"{len(names)} of 3 locations") in html
        # Trouble at a location without a tile raises a fault, and its tile comes up.
        assert 'data-live="network locations faults"' in html


async def test_a_plug_that_changes_while_the_page_is_made_is_counted_as_it_is_shown() -> None:
    asked = request()
    asked.queries.rows = plugs("BILLE", "Available", "SuspendedEVSE", "Faulted")

    async def states_before(*_: object, **__: object) -> list[PlugsInState]:
        return in_states(ROWS)

    asked.queries.plug_states = states_before
    sites = {site.name: site for site in await tiles(asked)}
    assert [cell.state for cell in sites["BILLE"].cells] == ["Faulted", "Available", "SuspendedEVSE"]
    assert sites["BILLE"].counts == [("Faulted", 1), ("Available", 1), ("SuspendedEVSE", 1)]
    # Its plugs are gone, or belong to another location by now.
    assert (sites["ELBE"].cells, sites["ELBE"].counts) == ([], [("Faulted", 1), ("Available", 2)])
