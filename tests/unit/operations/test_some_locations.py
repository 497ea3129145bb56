"""Whoever may work at some locations only finds nothing of the others, on pages and by the API."""

from urllib.parse import quote

import pytest

from eosvolt.application.actor import person
from eosvolt.application.operations import locations
from eosvolt.application.operations.locations import LocationTerms, NewLocationInput
from eosvolt.application.permissions import EVERYTHING, Grants
from tests.examples import CHARGE_BOX_ID, COMPANY, DETAILS, LOCATION, TARIFF_BY_TIME_OF_DAY
from tests.open_fault import FAULT, a_fault
from tests.unit.operations.charging import SESSION, a_session
from tests.web_in_memory import Site


async def test_only_locations_with_a_grant_are_listed_and_shown() -> None:
    site = await Site().opened()
    terms = LocationTerms(details=DETAILS, tariff=TARIFF_BY_TIME_OF_DAY)
    for key in ("here", "there"):
        await site.operations.run(
            locations.add, person("ana", COMPANY), NewLocationInput(location=key, terms=terms)
        )
    site.gate.grants = Grants(EVERYTHING, frozenset({"here"}))
    site.gate.forget_keys()
    listed = (await site.api("GET", "/locations")).json()["items"]
    assert [each["id"] for each in listed] == ["here"]
    for path, status in (("/locations/here", 200), ("/locations/there", 404)):
        assert (await site.api("GET", path)).status_code == status
        assert (await site.page(f"{path}/edit")).status_code == status
        assert (await site.api("PATCH", path, {"name": "Pier"})).status_code == status
    assert (await site.api("POST", "/locations", {})).status_code == 422
    assert [fact.key for fact in site.store.facts[-1:]] == ["here"]


@pytest.mark.parametrize(("within", "status"), [(LOCATION, 200), ("elsewhere", 404)])
async def test_one_charger_session_or_fault_of_another_location_is_not_there(
    within: str, status: int
) -> None:
    site = await Site().opened()
    await a_session(site)
    await a_fault(site)
    site.gate.grants = Grants(EVERYTHING, frozenset({within}))
    site.gate.forget_keys()
    fault = quote(FAULT, safe="")
    for path in (f"/chargers/{CHARGE_BOX_ID}", f"/sessions/{SESSION}", f"/faults/{fault}"):
        assert (await site.api("GET", path)).status_code == status, path
    for path in (f"/chargers/{CHARGE_BOX_ID}/edit", f"/sessions/{SESSION}/stop"):
        assert (await site.page(path)).status_code == status, path
    listed = (await site.api("GET", "/chargers")).json()["items"]
    assert bool(listed) is (status == 200)
