"""Cars: what they take, and that nobody has to watch."""

from hypothesis import given
from hypothesis import strategies as st

from eosvolt.adapters.simulator.car import MILLIJOULES_PER_WH, MODELS, Car, CarModel
from eosvolt.adapters.simulator.rng import stream

HOUR = 3_600_000
models = st.sampled_from(MODELS)


def test_a_car_takes_what_the_plug_offers_while_it_is_not_nearly_full() -> None:
    car = Car(MODELS[1], 20)
    assert car.power_w(3_700, direct=False) == 3_700
    assert car.charge(HOUR, 3_700, direct=False) == 3_700 * MILLIJOULES_PER_WH


def test_a_car_takes_less_the_fuller_it_is() -> None:
    powers = [Car(MODELS[2], percent).power_w(300_000, direct=True) for percent in range(100)]
    assert powers == sorted(powers, reverse=True)
    assert powers[0] == MODELS[2].dc_max_w
    assert powers[99] < powers[0] / 10


def test_a_full_car_takes_nothing() -> None:
    car = Car(MODELS[0], 100)
    assert car.is_full
    assert car.power_w(22_000, direct=False) == 0
    assert car.charge(HOUR, 22_000, direct=False) == 0


@given(models, st.integers(0, 99), st.booleans(), st.lists(st.integers(0, HOUR), max_size=20))
def test_what_a_car_has_taken_does_not_depend_on_how_often_somebody_looked(
    model: CarModel, percent: int, direct: bool, looks: list[int]
) -> None:
    watched, unwatched = (Car(model, percent) for _ in range(2))
    seen = sum(watched.charge(look, 22_000, direct=direct) for look in looks)
    assert seen == unwatched.charge(sum(looks), 22_000, direct=direct)
    assert watched.soc_percent == unwatched.soc_percent


@given(models, st.integers(0, 95), st.integers(1, 100), st.booleans())
def test_the_foreseen_moment_is_the_first_at_which_the_charge_is_reached(
    model: CarModel, percent: int, target: int, direct: bool
) -> None:
    car = Car(model, percent)
    left = car.milliseconds_until(target, 11_000, direct=direct)
    assert left is not None
    if left > 0:
        car.charge(left - 1, 11_000, direct=direct)
        assert car.soc_percent < target
        car.charge(1, 11_000, direct=direct)
    assert car.soc_percent >= target


def test_random_numbers_are_repeatable_and_their_streams_independent() -> None:
    assert stream(1, "a").random() == stream(1, "a").random()
    assert stream(1, "a").random() != stream(1, "b").random()
    assert stream(1, "a").random() != stream(2, "a").random()
