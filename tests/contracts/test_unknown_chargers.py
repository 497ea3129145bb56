"""The list of unknown_chargers: counted, bounded, each company's own, and unharmed by names from hell."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from eosvolt.adapters.postgres.unknown_chargers import MOST_PER_COMPANY, MOST_WAITING, UnknownChargers
from eosvolt.application.ports import ConnectionAttempt
from tests.contracts.side_changes import done

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
async def unknown_chargers(database: str) -> AsyncIterator[UnknownChargers]:
    async with UnknownChargers(database) as opened:
        yield opened


def attempt(
    name: str = "CP-1", after: float = 0, company: int = 242, offered: str = "ocpp1.6"
) -> ConnectionAttempt:
    return ConnectionAttempt(
        company, name, NOW + timedelta(seconds=after), "192.0.2.1", offered, secure=False
    )


async def test_attempts_are_counted_with_the_first_and_the_last(unknown_chargers: UnknownChargers) -> None:
    unknown_chargers.attempted(attempt())
    unknown_chargers.attempted(attempt(after=5))
    await unknown_chargers.written()
    unknown_chargers.attempted(attempt(after=60, offered="ocpp2.0.1"))
    await unknown_chargers.written()
    (found,) = await unknown_chargers.of(242)
    assert (found.attempts, found.first_seen, found.last_seen) == (3, NOW, NOW + timedelta(seconds=60))
    assert found.offered == "ocpp2.0.1"
    assert await unknown_chargers.one(242, "CP-1") == found


async def test_each_company_has_its_own(unknown_chargers: UnknownChargers, database: str) -> None:
    unknown_chargers.attempted(attempt())
    unknown_chargers.attempted(attempt(company=7))
    await unknown_chargers.written()
    assert len(await unknown_chargers.of(242)) == 1
    await done(database, unknown_chargers.forgotten(8, "CP-1"))
    await done(database, unknown_chargers.forgotten(7, "CP-1"))
    assert (await unknown_chargers.of(7), len(await unknown_chargers.of(242))) == ([], 1)


async def test_of_too_many_the_ones_seen_last_are_kept(unknown_chargers: UnknownChargers) -> None:
    unknown_chargers.attempted(attempt("another company's", company=7))
    for number in range(MOST_PER_COMPANY + 50):
        unknown_chargers.attempted(attempt(f"CP-{number}", after=number))
    await unknown_chargers.written()
    kept = await unknown_chargers.of(242)
    assert len(kept) == MOST_PER_COMPANY
    assert (kept[0].charge_box_id, kept[-1].charge_box_id) == (f"CP-{MOST_PER_COMPANY + 49}", "CP-50")
    assert len(await unknown_chargers.of(7)) == 1


async def test_a_flood_of_names_takes_no_more_memory_than_it_may(unknown_chargers: UnknownChargers) -> None:
    for number in range(MOST_WAITING + 500):
        unknown_chargers.attempted(attempt(f"CP-{number}"))
    unknown_chargers.attempted(attempt("CP-0", after=1))
    assert len(unknown_chargers._waiting) == MOST_WAITING
    assert unknown_chargers._waiting[242, "CP-0"].attempts == 2


async def test_a_name_that_no_column_can_hold_spoils_nothing_that_comes_after(
    unknown_chargers: UnknownChargers,
) -> None:
    unknown_chargers.attempted(attempt("A\0B"))
    await unknown_chargers.written()
    unknown_chargers.attempted(attempt("CP-1"))
    await unknown_chargers.written()
    assert [each.charge_box_id for each in await unknown_chargers.of(242)] == ["CP-1"]


async def test_one_that_was_forgotten_starts_again(unknown_chargers: UnknownChargers, database: str) -> None:
    unknown_chargers.attempted(attempt())
    await unknown_chargers.written()
    unknown_chargers.attempted(attempt(after=1))
    await done(database, unknown_chargers.forgotten(242, "CP-1"))
    await unknown_chargers.written()
    assert await unknown_chargers.of(242) == []
