"""The power that the dashboard shows for all plugs together."""

import msgspec

from eosvolt.adapters.http.web.dashboard.site import power
from eosvolt.projections.connector_status import ConnectorRow, in_states

PLUG = ConnectorRow(plug="242/A/1", company=242, location="harbour", charge_point="242/A", connector=1)


def plug(shown: str, power_w: int | None) -> ConnectorRow:
    return msgspec.structs.replace(PLUG, shown=shown, power_w=power_w)


def test_known_powers_of_plugs_online_are_summed() -> None:
    plugs = [plug("Charging", 11_000), plug("Charging", None), plug("Available", 40), plug("Offline", 7000)]
    assert power(in_states(plugs)) == 11_040


def test_nothing_is_drawn_where_no_plug_charges() -> None:
    assert power(in_states([plug("Available", None), plug("Offline", None)])) == 0
    assert power([]) == 0


def test_a_plug_that_charges_without_having_reported_its_power_is_not_taken_for_zero() -> None:
    assert power(in_states([plug("Charging", None), plug("Available", None)])) is None
