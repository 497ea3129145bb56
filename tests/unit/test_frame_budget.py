"""What of a charger's messages is kept: a daily budget each, unprocessed frames cut, memory shared fairly."""

import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eosvolt.adapters.postgres.fair_queue import OVERHEAD, FairQueue, level
from eosvolt.adapters.postgres.frame_budget import DAY_SECONDS, ROW_BYTES, UNPROCESSED_KEPT, FrameBudgets
from eosvolt.application.ports import Frame

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


class Seconds:
    """A monotonic clock that is set."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def frame(text: str = "x", charger: str = "CP-1", company: int = 242, outcome: str = "answered") -> Frame:
    return Frame(company, f"{company}/{charger}", "c", "in", AT, text, "1", "MeterValues", outcome)


def kept(budgets: FrameBudgets, given_frame: Frame, times: int) -> int:
    return sum(budgets.admitted(given_frame) is not None for _ in range(times))


def test_a_charger_may_say_a_days_worth_at_once_and_no_more() -> None:
    size, clock = ROW_BYTES + 800, Seconds()
    budgets = FrameBudgets(10 * size, 1_000 * size, clock)
    assert kept(budgets, frame("x" * 800), 100) == 10
    clock.now = DAY_SECONDS / 10
    assert kept(budgets, frame("x" * 800), 100) == 1
    clock.now = 100 * DAY_SECONDS
    assert kept(budgets, frame("x" * 800), 100) == 10


def test_one_chargers_flood_takes_nothing_from_others_of_its_company_or_of_another() -> None:
    size = ROW_BYTES + 800
    budgets = FrameBudgets(10 * size, 25 * size, Seconds())
    flood = [kept(budgets, frame("x" * 800, charger), 100) for charger in ("CP-1", "CP-2", "CP-3")]
    assert flood == [10, 10, 5], "a company has a budget, too"
    assert kept(budgets, frame("x" * 800, company=7), 100) == 10


def test_bytes_are_counted_and_not_characters() -> None:
    budgets = FrameBudgets(ROW_BYTES + 300, 10**9, Seconds())
    assert budgets.admitted(frame("€" * 101)) is None
    assert budgets.admitted(frame("€" * 100)) is not None


@pytest.mark.parametrize("outcome", ["ignored", "repeated", "late", "error:FormationViolation"])
def test_a_long_unprocessed_frame_is_cut_to_its_beginning_its_size_and_its_digest(outcome: str) -> None:
    text = "€" + "x" * 250_000
    found = FrameBudgets(10**9, 10**9, Seconds()).admitted(frame(text, outcome=outcome))
    assert found is not None
    assert found.text.startswith(text[:UNPROCESSED_KEPT] + " … cut: 250003 bytes")
    assert found.text.endswith(hashlib.sha256(text.encode()).hexdigest())
    assert len(found.text) < UNPROCESSED_KEPT + 200


@pytest.mark.parametrize("outcome", ["answered", "repaired:numbers", "unparsed", "sent"])
def test_what_was_understood_is_kept_whole(outcome: str) -> None:
    long = frame("x" * 250_000, outcome=outcome)
    assert FrameBudgets(10**9, 10**9, Seconds()).admitted(long) == long


def test_a_short_unprocessed_frame_is_kept_as_it_is() -> None:
    short = frame("x" * UNPROCESSED_KEPT, outcome="ignored")
    assert FrameBudgets(10**9, 10**9, Seconds()).admitted(short) == short


def test_in_a_full_queue_the_flood_loses_its_oldest_and_others_nothing() -> None:
    queue = FairQueue()
    others = [
        frame(f"{n}", charger, company) for n, (charger, company) in enumerate([("CP-2", 242), ("CP-1", 7)])
    ]
    for each in others:
        queue.add(each)
    flood = [frame(f"flood {n}") for n in range(1_000)]
    for each in flood:
        queue.add(each)
    dropped = queue.shrink(100 * OVERHEAD)
    assert dropped == flood[: len(dropped)]
    assert queue.size <= 100 * OVERHEAD
    left = queue.take(10_000)
    assert set(others) <= set(left)
    assert len(left) + len(dropped) == 1_002


def test_a_company_with_many_loud_chargers_takes_no_more_than_its_share() -> None:
    queue = FairQueue()
    quiet = [frame(f"{n}", company=7) for n in range(40)]
    for n in range(100):
        for charger in range(100):
            queue.add(frame(str(n), f"CP-{charger}"))
    for each in quiet:
        queue.add(each)
    assert all(each.company == 242 for each in queue.shrink(100 * OVERHEAD))


def test_each_chargers_frames_keep_their_order_through_taking_and_giving_back() -> None:
    queue = FairQueue()
    for n in range(30):
        queue.add(frame(str(n), f"CP-{n % 3}"))
    queue.give_back(queue.take(10))
    found = [queue.take(4) for _ in range(8)]
    for charger in range(3):
        own = [
            int(each.text) for batch in found for each in batch if each.charge_point.endswith(str(charger))
        ]
        assert own == list(range(charger, 30, 3))
    assert (len(queue), queue.size) == (0, 0)


def test_without_connections_a_share_is_the_whole_budget() -> None:
    assert level([], 100) == 100


@given(
    st.lists(st.integers(min_value=0, max_value=10**6), min_size=1),
    st.integers(min_value=0, max_value=10**7),
)
def test_a_share_fits_and_takes_nothing_from_those_with_less(sizes: list[int], room: int) -> None:
    share = level(sizes, room)
    assert sum(min(size, share) for size in sizes) <= room
    if sum(sizes) <= room:
        assert all(size <= share for size in sizes)
