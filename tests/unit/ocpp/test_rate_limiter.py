"""A charger that says too much is slowed down, and only one that never stops is sent away."""

import pytest

from eosvolt.adapters.ocpp.rate_limiter import ABUSE_SECONDS, RateLimiter


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_queue_that_was_kept_through_an_outage_is_read_without_a_pause() -> None:
    limiter = RateLimiter(10, Seconds())
    assert [limiter.delay_s() for _ in range(200)] == [0.0] * 200
    assert limiter.delay_s() == pytest.approx(0.1)


def test_in_the_long_run_no_more_frames_are_read_than_the_rate_allows() -> None:
    seconds = Seconds()
    limiter = RateLimiter(10, seconds)
    for _ in range(1_200):
        seconds.now += limiter.delay_s()
    assert seconds.now == pytest.approx(100, rel=0.02)


def test_a_charger_at_its_ordinary_pace_is_never_held() -> None:
    seconds = Seconds()
    limiter = RateLimiter(10, seconds)
    for _ in range(2_000):
        seconds.now += 0.2
        assert limiter.delay_s() == 0.0
    assert not limiter.is_abused


def test_only_one_that_never_stops_is_relentless() -> None:
    seconds = Seconds()
    limiter = RateLimiter(10, seconds)
    while seconds.now < ABUSE_SECONDS - 1:
        seconds.now += limiter.delay_s()
    assert not limiter.is_abused
    while seconds.now < ABUSE_SECONDS + 60:
        seconds.now += limiter.delay_s()
    assert limiter.is_abused


def test_after_a_pause_it_starts_again() -> None:
    seconds = Seconds()
    limiter = RateLimiter(10, seconds)
    while not limiter.is_abused:
        seconds.now += limiter.delay_s()
    seconds.now += 60
    limiter.delay_s()
    assert not limiter.is_abused
