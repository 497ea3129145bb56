"""The orders of the list of sessions, and its pages forward and backward."""

from typing import Any

import pytest

from eosvolt.adapters.postgres.queries import PostgresQueries
from eosvolt.application.questions import ENDLESS, SESSION_SORTS, Page, SessionFilter, Unanswerable
from eosvolt.projections.session_row import SessionRow
from tests.contracts.busy_day import a_busy_day
from tests.contracts.replayed_history import replayed_history
from tests.examples import COMPANY, after

NOW = after(300)


async def everything(
    queries: PostgresQueries, wanted: SessionFilter, sort: str, limit: int
) -> list[SessionRow]:
    found: list[SessionRow] = []
    cursor = None
    while True:
        page: Page[SessionRow] = await queries.sessions(
            COMPANY, wanted, sort=sort, cursor=cursor, limit=limit, now=NOW
        )
        found += page.items
        assert len(page.items) <= limit
        if page.cursor is None:
            return found
        assert len(page.items) == limit
        cursor = page.cursor


def shown(row: SessionRow, sort: str) -> Any:
    """What the list shows of a session in the column that it is sorted by."""
    return {
        "startedAt": row.started_at,
        "endedAt": row.ended_at or ENDLESS,
        "number": row.number,
        "duration": (row.ended_at or NOW) - row.started_at,
        "energy": row.energy_wh,
        "total": row.total_gross,
        "charger": row.charge_point,
        "token": row.token,
    }[sort]


@pytest.mark.parametrize("sort", SESSION_SORTS)
async def test_every_order_is_that_of_what_is_shown_forward_and_backward_in_pages_of_any_size(
    database: str, sort: str
) -> None:
    scenario = await a_busy_day()
    for plug, token, begins, wh in ((1, "EARLY", 200, 5_000), (2, "LATE", 230, 1_000)):
        await scenario.token(token)
        started = await scenario.starts(begins, plug=plug, token=token)
        await scenario.meters(begins + 20, 1000 + wh, plug=plug, transaction=started.transaction)
    async with replayed_history(database, scenario.store.facts) as (queries, _):
        for wanted in (SessionFilter(), SessionFilter(status=("charging", "completed"))):
            rows = list((await queries.sessions(COMPANY, wanted)).items)
            assert len([row for row in rows if row.ended_at is None]) == 2
            right = sorted(rows, key=lambda row: (shown(row, sort), row.number))
            for order, expected in ((sort, right), (f"-{sort}", right[::-1])):
                for limit in (1, 2, 3, 200):
                    assert await everything(queries, wanted, order, limit) == expected
                    assert await everything_backward(queries, wanted, order, limit) == expected


async def everything_backward(
    queries: PostgresQueries, wanted: SessionFilter, sort: str, limit: int
) -> list[SessionRow]:
    """All pages from the last one to the first; time goes on between them."""
    page = await queries.sessions(COMPANY, wanted, sort=sort, limit=limit, now=NOW)
    while page.cursor:
        page = await queries.sessions(
            COMPANY, wanted, sort=sort, limit=limit, cursor=page.cursor, now=ENDLESS
        )
    found = list(page.items)
    while page.before:
        page = await queries.sessions(
            COMPANY, wanted, sort=sort, limit=limit, cursor=page.before, backward=True, now=ENDLESS
        )
        found = [*page.items, *found]
    return found


@pytest.mark.parametrize("sort", SESSION_SORTS)
@pytest.mark.parametrize("sign", ["", "-"])
async def test_pages_of_any_size_follow_each_other_without_gap_or_repetition(
    database: str, sort: str, sign: str
) -> None:
    scenario = await a_busy_day()
    async with replayed_history(database, scenario.store.facts) as (queries, _):
        whole = await everything(queries, SessionFilter(), sign + sort, 200)
        assert {row.number for row in whole} == {170_001, 170_002, 170_003, 170_004}
        for limit in (1, 2, 3):
            assert await everything(queries, SessionFilter(), sign + sort, limit) == whole
        with pytest.raises(Unanswerable):
            await queries.sessions(COMPANY, SessionFilter(), cursor="nonsense")
        first = await queries.sessions(COMPANY, SessionFilter(), sort=sign + sort, limit=1)
        with pytest.raises(Unanswerable):
            await queries.sessions(
                COMPANY, SessionFilter(), sort="-" * (not sign) + sort, cursor=first.cursor
            )


@pytest.mark.parametrize("sort", ["-startedAt", "endedAt", "total"])
async def test_pages_are_read_backward_as_they_were_read_forward(database: str, sort: str) -> None:
    scenario = await a_busy_day()
    async with replayed_history(database, scenario.store.facts) as (queries, _):
        first = await queries.sessions(COMPANY, SessionFilter(), sort=sort, limit=2)
        assert first.before is None
        second = await queries.sessions(COMPANY, SessionFilter(), sort=sort, limit=2, cursor=first.cursor)
        assert second.cursor is None
        back = await queries.sessions(
            COMPANY, SessionFilter(), sort=sort, limit=2, cursor=second.before, backward=True
        )
        assert back == first
        one = await queries.sessions(
            COMPANY, SessionFilter(), sort=sort, limit=1, cursor=second.before, backward=True
        )
        assert one.items == first.items[1:]
        assert one.before is not None
        assert one.cursor == first.cursor
