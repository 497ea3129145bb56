"""Saved views on PostgreSQL: one's own and the shared ones, by name, of one company."""

from collections.abc import AsyncIterator

import pytest

from eosvolt.adapters.postgres.saved_views import PostgresSavedViews
from eosvolt.application.saved_views import SavedView
from eosvolt.domain.kernel import Rejected
from tests.contracts.side_changes import done
from tests.examples import COMPANY, MORNING

QUERY = "status=failed"
ANA, BEN = "admin:ana", "admin:ben"


def view(name: str, owner: str = ANA, *, shared: bool = False, company: int = COMPANY) -> SavedView:
    return SavedView(f"{owner} {name}", company, owner, "sessions", name, QUERY, "", shared, MORNING)


@pytest.fixture
async def views(database: str) -> AsyncIterator[PostgresSavedViews]:
    async with PostgresSavedViews(database) as opened:
        yield opened


async def test_own_views_and_shared_ones_are_listed_by_name(database: str, views: PostgresSavedViews) -> None:
    kept = [view("late"), view("Early"), view("ours", BEN, shared=True), view("his", BEN)]
    for each in (*kept, view("elsewhere", "admin:eve", shared=True, company=77)):
        await done(database, views.kept(each))
    assert await views.of(COMPANY, ANA, "sessions") == [kept[1], kept[0], kept[2]]
    assert await views.of(COMPANY, ANA, "chargers") == []
    assert await views.one(COMPANY, BEN, kept[3].id) == kept[3]
    assert await views.one(COMPANY, ANA, kept[2].id) == kept[2]
    assert await views.one(COMPANY, ANA, kept[3].id) is None
    assert await views.one(77, BEN, kept[3].id) is None


async def test_a_view_is_replaced_by_its_owner_and_deleted(database: str, views: PostgresSavedViews) -> None:
    first = view("late")
    renamed = first._replace(name="later", query="", shared=True)
    same_id = first._replace(owner=BEN, name="mine")
    for change in (views.kept(first), views.kept(renamed), views.kept(same_id)):
        await done(database, change)
    assert await views.of(COMPANY, ANA, "sessions") == [renamed]
    assert await views.one(COMPANY, BEN, first.id) == same_id
    await done(database, views.removed(renamed))
    assert await views.of(COMPANY, ANA, "sessions") == []
    assert await views.of(COMPANY, BEN, "sessions") == [same_id]


async def test_one_owner_has_a_name_once(database: str, views: PostgresSavedViews) -> None:
    await done(database, views.kept(view("late")))
    with pytest.raises(Rejected, match="already"):
        await done(database, views.kept(view("Late")._replace(id="other")))
    await done(database, views.kept(view("late", BEN)))
