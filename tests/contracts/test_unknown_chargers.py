"""The list of strangers: counted, bounded, each company's own, and unharmed by names from hell."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from eosvolt.adapters.postgres.unknown_chargers import MOST_PER_COMPANY, MOST_WAITING, UnknownChargers
from eosvolt.application.ports import Knock
from tests.contracts.changes_beside import done

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
async def strangers(database: str) -> AsyncIterator[UnknownChargers]:
    async with UnknownChargers(database) as opened:
        yield opened


def knock(name: str = "CP-1", after: float = 0, company: int = 242, offered: str = "ocpp1.6") -> Knock:
    return Knock(company, name, NOW + timedelta(seconds=after), "192.0.2.1", offered, secure=False)


async def test_knocks_are_counted_with_the_first_and_the_last(strangers: UnknownChargers) -> None:
    strangers.knocked(knock())
    strangers.knocked(knock(after=5))
    await strangers.written()
    strangers.knocked(knock(after=60, offered="ocpp2.0.1"))
    await strangers.written()
    (found,) = await strangers.of(242)
    assert (found.attempts, found.first_seen, found.last_seen) == (3, NOW, NOW + timedelta(seconds=60))
    assert found.offered == "ocpp2.0.1"
    assert await strangers.one(242, "CP-1") == found


async def test_each_company_has_its_own(strangers: UnknownChargers, database: str) -> None:
    strangers.knocked(knock())
    strangers.knocked(knock(company=7))
    await strangers.written()
    assert len(await strangers.of(242)) == 1
    await done(database, strangers.forgotten(8, "CP-1"))
    await done(database, strangers.forgotten(7, "CP-1"))
    assert (await strangers.of(7), len(await strangers.of(242))) == ([], 1)


async def test_of_too_many_the_ones_seen_last_are_kept(strangers: UnknownChargers) -> None:
    strangers.knocked(knock("another company's", company=7))
    for number in range(MOST_PER_COMPANY + 50):
        strangers.knocked(knock(f"CP-{number}", after=number))
    await strangers.written()
    kept = await strangers.of(242)
    assert len(kept) == MOST_PER_COMPANY
    assert (kept[0].charge_box_id, kept[-1].charge_box_id) == (f"CP-{MOST_PER_COMPANY + 49}", "CP-50")
    assert len(await strangers.of(7)) == 1


async def test_a_flood_of_names_takes_no_more_memory_than_it_may(strangers: UnknownChargers) -> None:
    for number in range(MOST_WAITING + 500):
        strangers.knocked(knock(f"CP-{number}"))
    strangers.knocked(knock("CP-0", after=1))
    assert len(strangers._waiting) == MOST_WAITING
    assert strangers._waiting[242, "CP-0"].attempts == 2


async def test_a_name_that_no_column_can_hold_spoils_nothing_that_comes_after(
    strangers: UnknownChargers,
) -> None:
    strangers.knocked(knock("A\0B"))
    await strangers.written()
    strangers.knocked(knock("CP-1"))
    await strangers.written()
    assert [each.charge_box_id for each in await strangers.of(242)] == ["CP-1"]


async def test_one_that_was_forgotten_begins_anew(strangers: UnknownChargers, database: str) -> None:
    strangers.knocked(knock())
    await strangers.written()
    strangers.knocked(knock(after=1))
    await done(database, strangers.forgotten(242, "CP-1"))
    await strangers.written()
    assert await strangers.of(242) == []
