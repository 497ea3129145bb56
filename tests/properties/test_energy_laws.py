"""The three laws of a session's energy, whatever its register shows and whenever that is heard.

One arbitrary value among right samples changes nothing. Nothing above the plug's power times the time is
billed or goes unsaid. The order of arrival, repetition and lateness change nothing. With 10,000 examples:
``HYPOTHESIS_PROFILE=laws pytest -n 0 tests/properties/test_energy_laws.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from eosvolt.domain.charge_points.reports import Reading
from eosvolt.domain.sessions.commands import EndCharging, MeterEnergy, SessionCommand, StartSession
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import ChargingEnded, Place, SessionEvent
from eosvolt.domain.sessions.registers import deliverable_wh
from eosvolt.domain.sessions.state import Blocking, End, Session
from eosvolt.domain.tariffs.tariff import Strategy, Tariff, Window
from eosvolt.domain.tokens.events import Authorization

NOON = datetime.fromisoformat("2026-11-21T11:00Z")
FLAT = Tariff("EUR", Strategy.PER_KWH, Decimal("0.50"), Decimal("0.19"), "Europe/Berlin")
BY_THE_HOUR = Tariff(
    "EUR",
    Strategy.PER_KWH,
    Decimal("0.50"),
    Decimal("0.19"),
    "Europe/Berlin",
    windows=tuple(Window(hour * 60, hour * 60 + 60, Decimal(hour + 1) / 10) for hour in range(24)),
)


@dataclass(frozen=True)
class Course:
    """A session as it really was: its plug's power, and the register by seconds after the start."""

    power_w: int
    start_wh: int
    samples: tuple[tuple[int, int], ...]
    stop: tuple[int, int]


@st.composite
def courses(draw: st.DrawFn, least: int = 1, most: int = 14) -> Course:
    """Sessions that their plugs can deliver, with samples of any distance."""
    power_w = draw(st.sampled_from([3_700, 11_000, 22_000, 50_000, 150_000]))
    start_wh = wh = draw(st.one_of(st.just(0), st.integers(0, 20_000), st.integers(0, 60_000_000)))
    second = 0
    samples: list[tuple[int, int]] = []
    for _ in range(draw(st.integers(least, most)) + 1):
        step = draw(st.integers(1, 1800))
        second += step
        wh += draw(st.integers(0, power_w * step // 3600))
        samples.append((second, wh))
    return Course(power_w, start_wh, tuple(samples[:-1]), samples[-1])


registers = st.one_of(
    st.integers(0, 2**32), st.sampled_from([0, 1, 2**31, 2**32 - 1, 2**23, 2**24]), st.integers(0, 30_000)
)


@given(courses(), registers, st.integers(-2_000, 2_000), st.booleans(), st.booleans(), st.data())
def test_one_arbitrary_value_among_right_samples_changes_nothing(
    course: Course, any_wh: int, near: int, is_near: bool, added: bool, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(course.samples) - 1))
    second, right = course.samples[index]
    wrong = max(right + near, 0) if is_near else any_wh
    before = course.samples[index - 1][0] if index else 0
    if added and second - before > 1:
        second = data.draw(st.integers(before + 1, second - 1))
        samples = (*course.samples[:index], (second, wrong), *course.samples[index:])
    elif len(course.samples) > 1:
        samples = (*course.samples[:index], (second, wrong), *course.samples[index + 1 :])
    else:
        samples = (*course.samples, (course.stop[0], wrong))
    right_end = end_of(in_order(course, course.samples))
    end = end_of(in_order(course, samples))
    assert end.energy_wh == right_end.energy_wh == course.stop[1] - course.start_wh
    assert (end.bill, end.held_wh) == (right_end.bill, 0)


@given(
    st.sampled_from([0, 3_700, 22_000, 150_000]),
    registers,
    st.lists(st.tuples(st.integers(0, 40_000), registers), max_size=12),
    st.tuples(st.integers(0, 40_000), registers),
)
def test_never_more_than_the_plug_delivers_is_billed_and_what_is_held_back_is_said(
    power_w: int, start_wh: int, samples: list[tuple[int, int]], stop: tuple[int, int]
) -> None:
    commands = in_order(Course(power_w, start_wh, (), stop), tuple(sorted(samples)))
    session, events = decided(commands)
    assert isinstance(session, Blocking)
    (ended,) = [event for event in events if isinstance(event, ChargingEnded)]
    most = deliverable_wh(NOON, NOON + timedelta(seconds=stop[0]), power_w or 400_000)
    assert 0 <= ended.energy_wh <= most
    assert ended.held_wh >= 0
    if stop[1] - start_wh > most or ended.held_wh:
        assert ended.findings
    if not samples and stop[1] - start_wh > most:
        assert ended.energy_wh + ended.held_wh == stop[1] - start_wh


@given(
    courses(0), st.booleans(), st.lists(st.tuples(st.integers(1, 20_000), registers), max_size=1), st.data()
)
def test_order_repetition_and_lateness_change_nothing(
    course: Course, by_the_hour: bool, odd: list[tuple[int, int]], data: st.DataObject
) -> None:
    tariff = BY_THE_HOUR if by_the_hour and not odd else FLAT
    live = in_order(course, tuple(sorted((*course.samples, *odd))), tariff)
    begin, *rest = live
    shuffled = data.draw(st.permutations(rest))
    again = data.draw(st.lists(st.sampled_from(rest), max_size=4))
    right, late = end_of(live), end_of([begin, *shuffled, *again])
    assert (late.energy_wh, late.held_wh, late.bill) == (right.energy_wh, right.held_wh, right.bill)


def in_order(
    course: Course, samples: Sequence[tuple[int, int]], tariff: Tariff = FLAT
) -> list[SessionCommand]:
    begin = StartSession(
        number=1,
        place=Place(company=242, location="l", charge_point="CP-1", connector=1, time_zone="Europe/Berlin"),
        token="T",
        at=NOON,
        received_at=NOON,
        meter_start_wh=course.start_wh,
        transaction=1,
        tariff=tariff,
        max_power_w=course.power_w,
        authorization=Authorization.ACCEPTED,
    )
    metered = [
        MeterEnergy(received_at=at(second), readings=(Reading(at=at(second), register_wh=wh),))
        for second, wh in samples
    ]
    second, wh = course.stop
    stop = EndCharging(at=at(second), received_at=at(second), reason="Local", meter_stop_wh=wh)
    return [begin, *metered, stop]


def decided(commands: Sequence[SessionCommand]) -> tuple[Session, list[SessionEvent]]:
    session: Session = sessions.initial
    events: list[SessionEvent] = []
    for command in commands:
        decided = list(sessions.decide(command, session))
        session = sessions.fold(decided, session)
        events += decided
        assert list(sessions.decide(command, session)) == [], "the command decides something twice"
    return session, events


def end_of(commands: Sequence[SessionCommand]) -> End:
    session, _ = decided(commands)
    assert isinstance(session, Blocking)
    return session.end


def at(second: int) -> datetime:
    return NOON + timedelta(seconds=second)
