"""API keys and token buckets."""

import pytest

from eosvolt.adapters.http.framework.api_keys import PREFIX, digest_of, mint, mistyped
from eosvolt.application.throttle import Throttle


class Seconds:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_keys_are_long_and_never_the_same() -> None:
    keys = {mint() for _ in range(100)}
    assert len(keys) == 100
    assert all(key.startswith(PREFIX) and len(key) > 55 for key in keys)
    assert len({digest_of(key) for key in keys}) == 100


def test_a_typing_error_is_distinguished_from_an_unknown_key() -> None:
    key = mint()
    assert not mistyped(key)
    swapped = key[:-1] + ("a" if key[-1] != "a" else "b")
    assert mistyped(swapped)
    assert not mistyped("a-key-of-the-operators-own-choice")


def test_a_bucket_lets_a_burst_through_and_then_the_rate() -> None:
    clock = Seconds()
    throttle = Throttle(per_second=2, burst=3, clock=clock)
    assert [throttle.take("a") for _ in range(3)] == [0.0, 0.0, 0.0]
    assert throttle.take("a") == pytest.approx(0.5)
    assert throttle.take("b") == 0.0
    clock.now += 0.5
    assert throttle.take("a") == 0.0
    assert throttle.take("a") == pytest.approx(0.5)


def test_waiting_takes_nothing_and_forgiving_fills_again() -> None:
    throttle = Throttle(per_second=1, burst=1, clock=Seconds())
    assert throttle.wait("a") == 0.0
    assert throttle.take("a") == 0.0
    assert throttle.take("a") == pytest.approx(1.0)
    throttle.forgive("a")
    assert throttle.take("a") == 0.0


def test_only_so_many_keys_are_remembered() -> None:
    throttle = Throttle(per_second=1, burst=1, room=2, clock=Seconds())
    for key in ("a", "b", "c"):
        throttle.take(key)
    assert throttle.wait("a") == 0.0
    assert throttle.wait("c") == pytest.approx(1.0)
