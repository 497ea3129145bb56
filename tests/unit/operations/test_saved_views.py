"""Saved views: whose they are, who sees and deletes them, and how many there may be."""

import pytest

from eosvolt.application.actor import person
from eosvolt.application.operations import saved_views
from eosvolt.application.operations.saved_views import ViewById, ViewToSave
from eosvolt.application.permissions import (
    EVERYTHING,
    Action,
    Forbidden,
    Grants,
    NotThere,
    Permission,
    ProductArea,
)
from eosvolt.application.saved_views import MOST_VIEWS
from eosvolt.domain.kernel import Rejected
from tests.accounts_in_memory import OTHER_PERSON, PERSON
from tests.examples import COMPANY, LOCATION
from tests.web_in_memory import Site

ANA, BEN = person(PERSON, COMPANY), person(OTHER_PERSON, COMPANY)
LOOKS_ONLY = person(OTHER_PERSON, COMPANY, Grants(frozenset({Permission(Action.VIEW, ProductArea.SESSIONS)})))
ELSEWHERE = person(OTHER_PERSON, COMPANY, Grants(EVERYTHING, frozenset({"elsewhere"})))


def wanted(name: str = "Failed", view: str = "v1", *, shared: bool = False, location: str = "") -> ViewToSave:
    return ViewToSave(view=view, name=name, query="status=failed", location=location, shared=shared)


async def names(site: Site, path: str = "/session-views") -> list[str]:
    return [each["name"] for each in (await site.api("GET", path)).json()["items"]]


async def test_a_view_of_one_person_is_not_there_for_another() -> None:
    site = await Site().opened()
    await site.operations.run(saved_views.save, ANA, wanted())
    assert await names(site) == []
    with pytest.raises(NotThere):
        await site.operations.run(saved_views.remove, BEN, ViewById(view="v1"))


async def test_a_shared_view_is_shown_to_all_and_deleted_by_who_may_edit_sessions() -> None:
    site = await Site().opened()
    await site.operations.run(saved_views.save, ANA, wanted(shared=True))
    assert await names(site) == ["Failed"]
    with pytest.raises(Forbidden):
        await site.operations.run(saved_views.remove, LOOKS_ONLY, ViewById(view="v1"))
    await site.operations.run(saved_views.remove, BEN, ViewById(view="v1"))
    assert await names(site) == []


async def test_who_may_only_look_keeps_views_and_shares_none() -> None:
    site = await Site().opened()
    await site.operations.run(saved_views.save, LOOKS_ONLY, wanted())
    with pytest.raises(Forbidden):
        await site.operations.run(saved_views.save, LOOKS_ONLY, wanted("Ours", "v2", shared=True))


async def test_a_view_of_a_location_is_not_there_for_who_may_not_see_it() -> None:
    site = await Site().opened()
    await site.operations.run(saved_views.save, ANA, wanted(shared=True, location=LOCATION))
    site.gate.grants = ELSEWHERE.grants
    assert await names(site) == []
    with pytest.raises(NotThere):
        await site.operations.run(saved_views.remove, ELSEWHERE, ViewById(view="v1"))
    with pytest.raises(NotThere):
        await site.operations.run(saved_views.save, ELSEWHERE, wanted("Mine", "v2", location=LOCATION))


async def test_the_same_name_again_replaces_the_view() -> None:
    site = await Site().opened()
    await site.operations.run(saved_views.save, ANA, wanted("Late ones"))
    again = await site.operations.run(saved_views.save, ANA, wanted(" late  ONES ", "v2", shared=True))
    assert (again.id, again.name, len(site.saved_views.stored)) == ("v1", "late ONES", 1)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
async def test_a_name_has_one_to_sixty_characters(name: str) -> None:
    site = await Site().opened()
    with pytest.raises(Rejected, match="60 characters"):
        await site.operations.run(saved_views.save, ANA, wanted(name))


async def test_one_view_too_many_is_refused() -> None:
    site = await Site().opened()
    for number in range(MOST_VIEWS):
        await site.operations.run(saved_views.save, ANA, wanted(f"View {number}", f"v{number}"))
    with pytest.raises(Rejected, match="delete one first"):
        await site.operations.run(saved_views.save, ANA, wanted("One more", "v"))


async def test_the_page_keeps_the_filter_and_not_the_place_in_the_list() -> None:
    site = await Site().opened()
    query = "status=failed&column=number&cursor=abc&totals=yes&utm_source=x&sort=total"
    answer = await site.page("/sessions/views", {"name": "Failed", "query": query})
    assert answer.headers["location"] == "/sessions?status=failed&column=number&sort=total"
    shown = (await site.page(answer.headers["location"])).text
    assert (
        'href="/sessions?status=failed&amp;column=number&amp;sort=total" aria-current="true">Failed' in shown
    )


async def test_the_api_refuses_a_parameter_that_the_list_does_not_have() -> None:
    site = await Site().opened()
    answer = await site.api("POST", "/session-views", {"name": "X", "query": "status=failed&cursor=1&x=2"})
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/query"] * 2
