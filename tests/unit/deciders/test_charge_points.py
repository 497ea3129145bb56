"""What a charger may be told about itself, and which of its reports are recorded."""

import pytest

from eosvolt.domain.charge_points.commands import AddChargePoint, ChangeChargePoint, RemoveChargePoint
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import (
    ChargePointRemoved,
    ConnectorReported,
    ConnectorSpec,
)
from eosvolt.domain.kernel import Rejected
from eosvolt.projections.connector_status import connector_status
from tests.examples import ADDED, CHARGE_BOX_ID, COMPANY, LOCATION, MORNING, TWO_PLUGS, after
from tests.rule import Rule
from tests.scenario import Scenario


def add(connectors: tuple[ConnectorSpec, ...] = TWO_PLUGS, location: str = LOCATION) -> AddChargePoint:
    return AddChargePoint(
        company=COMPANY, charge_box_id=CHARGE_BOX_ID, location=location, connectors=connectors, at=MORNING
    )


def test_a_charger_is_added_once() -> None:
    Rule(charge_points).when(add()).then(ADDED)
    with pytest.raises(Rejected, match="already a charger"):
        Rule(charge_points).given(ADDED).when(add(location="elsewhere"))


@pytest.mark.parametrize(
    "connectors",
    [(), (ConnectorSpec(0),), (ConnectorSpec(1), ConnectorSpec(1))],
    ids=["none", "zero", "twice"],
)
def test_plugs_are_numbered_from_one(connectors: tuple[ConnectorSpec, ...]) -> None:
    with pytest.raises(Rejected, match=r"plug|Plugs"):
        Rule(charge_points).when(add(connectors))


def test_a_plug_with_a_history_cannot_be_taken_away() -> None:
    fewer = ChangeChargePoint(location=LOCATION, connectors=TWO_PLUGS[:1], at=after(1))
    with pytest.raises(Rejected, match="cannot be taken away"):
        Rule(charge_points).given(ADDED).when(fewer)


def test_a_removed_charger_can_be_added_again() -> None:
    removed = ChargePointRemoved(at=after(1), connectors=(1, 2))
    Rule(charge_points).given(ADDED).when(RemoveChargePoint(at=after(1))).then(removed)
    Rule(charge_points).given(ADDED, removed).when(add()).then(ADDED)


async def test_a_charger_with_an_open_session_stays() -> None:
    s = await Scenario().opened()
    await s.starts(0)
    with pytest.raises(Rejected, match="still open"):
        await s.application.execute(charge_points, "242/CP-1", RemoveChargePoint(at=after(1)), s.why)


async def test_a_disconnected_charger_never_shows_its_last_state_as_if_it_were_true() -> None:
    s = await Scenario().opened()
    await s.reports(0, "Available")
    await s.disconnects(1)
    row = s.models.row(connector_status, "242/CP-1/1")
    assert row is not None
    assert (row.shown, row.status, row.offline_since) == ("Offline", "Available", after(1))
    await s.connects(2)
    row = s.models.row(connector_status, "242/CP-1/1")
    assert row is not None
    assert (row.shown, row.since) == ("Available", after(0))


async def test_the_same_report_again_is_no_news_and_an_older_one_never_wins() -> None:
    s = await Scenario().opened()
    await s.reports(10, "Charging")
    await s.reports(10, "Charging", received=11)
    await s.reports(5, "Available", received=12)
    row = s.models.row(connector_status, "242/CP-1/1")
    assert row is not None
    assert row.status == "Charging"
    assert len(s.events(ConnectorReported)) == 1


async def test_a_plug_without_a_description_is_shown() -> None:
    s = await Scenario().opened()
    await s.reports(1, "Available", plug=3)
    row = s.models.row(connector_status, "242/CP-1/3")
    assert row is not None
    assert (row.shown, row.location) == ("Available", LOCATION)


async def test_a_charger_that_is_out_of_order_as_a_whole_has_no_available_plugs() -> None:
    s = await Scenario().opened()
    await s.reports(1, "Available")
    await s.reports(2, "Unavailable", plug=0)
    row = s.models.row(connector_status, "242/CP-1/1")
    assert row is not None
    assert row.shown == "Unavailable"
