"""The year of the benchmark of questions fits the read models, and each of its questions is answered."""

from tests.benchmarks import finance
from tests.benchmarks.queries import measure

SESSIONS = 2_000


async def test_the_questions_of_the_benchmark_are_answered_of_its_year(database: str) -> None:
    figures = await measure(database, SESSIONS, rounds=2)
    assert len(figures) > 30


async def test_the_questions_of_the_benchmark_of_finance_are_answered(database: str) -> None:
    figures = await finance.measure(database, SESSIONS, rounds=2)
    assert len(figures) > 10
    assert figures["movements of the month"] > 0
