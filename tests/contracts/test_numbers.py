"""Session numbers: positive, below 2**31, never given twice."""

import asyncio

from eosvolt.adapters.memory.numbers import MemoryNumbers
from eosvolt.adapters.postgres.numbers import PostgresNumbers


async def test_numbers_begin_where_the_product_says_and_are_never_given_twice(database: str) -> None:
    given: list[int] = []
    for _ in range(2):
        async with PostgresNumbers(database, block=7) as one, PostgresNumbers(database, block=7) as two:
            given += await asyncio.gather(*((one if n % 2 else two).next_session() for n in range(60)))
    assert min(given) == 170_001
    assert len(set(given)) == 120
    assert max(given) < 2**31


async def test_numbers_in_memory_keep_the_same_rules() -> None:
    numbers = MemoryNumbers()
    assert [await numbers.next_session() for _ in range(3)] == [170_001, 170_002, 170_003]
