"""What belongs to an area is shown to whoever may view it, also in a search and on a page of another."""

from urllib.parse import quote

import pytest

from eosvolt.adapters.http.framework.page_parts import PART
from eosvolt.application.permissions import Action, Grants, Permission, ProductArea
from tests.accounts_in_memory import PERSON
from tests.examples import CHARGE_BOX_ID, DETAILS, TOKEN
from tests.open_fault import FAULT, a_fault
from tests.unit.operations.charging import a_session
from tests.web_in_memory import Site

AREAS = {
    ProductArea.CHARGE_POINTS: {"charger", "location", "token"},
    ProductArea.DIAGNOSTICS: {"fault"},
}


async def everything_of(areas: set[ProductArea]) -> Site:
    """A charger with a session, a token and a fault, for somebody who may only view these areas."""
    site = await Site().opened()
    await a_session(site)
    await a_fault(site)
    assert (await site.api("POST", "/tokens", {"uid": TOKEN, "status": "accepted"})).status_code == 201
    site.gate.grants = Grants(frozenset(Permission(Action.VIEW, area) for area in areas))
    site.gate.forget_keys()
    return site


@pytest.mark.parametrize("area", [ProductArea.SESSIONS, *AREAS])
async def test_a_search_finds_what_one_may_view(area: ProductArea) -> None:
    site = await everything_of({ProductArea.DASHBOARD, area})
    found: set[str] = set()
    for text in (CHARGE_BOX_ID, DETAILS.name, TOKEN, "GroundFailure"):
        answer = await site.api("GET", f"/search?q={quote(text)}")
        found |= {hit["kind"] for hit in answer.json()["items"]}
        page = (await site.page(f"/search?q={quote(text)}")).text
        assert ('href="/diagnostics/' in page) is (area is ProductArea.DIAGNOSTICS)
    assert found == AREAS.get(area, set())


@pytest.mark.parametrize("more", [ProductArea.SESSIONS, ProductArea.DIAGNOSTICS])
async def test_a_charger_s_page_shows_sessions_and_faults_to_whoever_may_view_them(more: ProductArea) -> None:
    site = await everything_of({ProductArea.CHARGE_POINTS, more})
    headers = {"cookie": f"eosvolt={PERSON}", "sec-fetch-site": "same-origin", PART: "life"}
    page = (await site.web.get(f"/chargers/{CHARGE_BOX_ID}", headers=headers)).text
    assert ("Recent sessions" in page) is (more is ProductArea.SESSIONS)
    assert (f'id="fault-{quote(FAULT, safe="")}"' in page) is (more is ProductArea.DIAGNOSTICS)
