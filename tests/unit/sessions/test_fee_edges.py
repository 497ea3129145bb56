"""Which blocking fees stand, and when the next one is due: the values on both sides of each border."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from eosvolt.domain.sessions.blocking import FEES_AT_ONCE, give_back, next_due, settle_fees
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import (
    BlockingFeeCharged,
    BlockingFeeCredited,
    ChargingEnded,
    ConnectorFreed,
    SessionEvent,
)
from eosvolt.domain.sessions.observations import CONNECTED, DISCONNECTED, FOLLOWED, Observation
from eosvolt.domain.sessions.plug_events import PlugObserved
from eosvolt.domain.sessions.state import Blocking, Closed
from eosvolt.domain.tariffs.tariff import BlockingFee
from tests.examples import MORNING, TOKEN, after
from tests.unit.sessions.bills import NOTHING, PLACE, STARTED, bill_of_energy, fee, started

ENDED = ChargingEnded(
    place=PLACE,
    token=TOKEN,
    started_at=MORNING,
    at=after(20),
    received_at=after(20),
    energy_wh=2000,
    meter_stop_wh=3000,
    reason="Local",
    bill=bill_of_energy(after(20), "2.000", 240, 202),
)
QUARTER = BlockingFee(amount=Decimal("1.00"), interval_minutes=15)


def ended(*seen: tuple[float, str], blocking_fee: BlockingFee | None = QUARTER, **changes: Any) -> Blocking:
    """A session that ended after 20 minutes, and what was seen of its plug by minute."""
    tariff = msgspec.structs.replace(STARTED.tariff, blocking_fee=blocking_fee)
    observed = tuple(Observation(after(minutes), what) for minutes, what in seen)
    events: list[SessionEvent] = [started(tariff=tariff), msgspec.structs.replace(ENDED, **changes)]
    if observed:
        events.append(PlugObserved(at=observed[-1].at, plug=PLACE.plug, observations=observed))
    state = sessions.fold(events, sessions.initial)
    assert isinstance(state, Blocking)
    return state


def charged(session: Blocking, minutes: float) -> Blocking:
    """The session once all fees are charged that are due by then."""
    state = sessions.fold(settle_fees(session, after(minutes)), session)
    assert isinstance(state, Blocking)
    return state


def told(session: Blocking | Closed, minutes: float) -> list[tuple[str, int | None, Any, Any]]:
    """The events by then: what, which number, when (or when it was full), and when the next is due."""
    return [
        (
            type(event).__name__,
            getattr(event, "number", None),
            getattr(event, "at", None),
            getattr(event, "next_due_at", None),
        )
        for event in settle_fees(session, after(minutes))
    ]


def test_a_fee_is_due_once_its_interval_is_full() -> None:
    assert settle_fees(ended(), after(34.999)) == []
    assert told(ended(), 35) == [("BlockingFeeCharged", 1, after(35), after(50))]
    assert next_due(ended()) == after(35)
    assert next_due(charged(ended(), 35)) == after(50)


def test_a_cap_charges_no_fee_after_the_one_that_fills_it() -> None:
    capped = BlockingFee(amount=Decimal("1.00"), interval_minutes=15, cap=Decimal("2.50"))
    assert told(ended(blocking_fee=capped), 600) == [
        ("BlockingFeeCharged", 1, after(35), after(50)),
        ("BlockingFeeCharged", 2, after(50), after(65)),
        ("BlockingFeeCharged", 3, after(65), None),
    ]
    assert next_due(charged(ended(blocking_fee=capped), 50)) == after(65)
    assert next_due(charged(ended(blocking_fee=capped), 65)) is None
    free = BlockingFee(amount=Decimal(0), interval_minutes=15, cap=Decimal("2.50"))
    assert next_due(ended(blocking_fee=free)) is None
    assert settle_fees(ended(blocking_fee=free), after(600)) == []


def test_without_a_fee_nothing_is_due() -> None:
    assert next_due(ended(blocking_fee=None)) is None
    assert settle_fees(ended(blocking_fee=None), after(600)) == []
    assert give_back(ended(blocking_fee=None), after(30)) == []


def test_a_session_without_energy_costs_no_fee_unless_its_car_wanted_none() -> None:
    nothing: dict[str, Any] = {"energy_wh": 0, "bill": NOTHING}
    assert settle_fees(ended(**nothing), after(35)) == []
    assert next_due(ended(**nothing)) is None
    assert next_due(ended(energy_wh=1)) == after(35)
    assert len(settle_fees(ended((5, "SuspendedEV"), **nothing), after(35))) == 1
    assert len(settle_fees(ended((25, "SuspendedEV"), **nothing), after(35))) == 1
    # The next car's.
    freed = ended((30, "Available"), (40, "SuspendedEV"), **nothing)
    assert settle_fees(freed, after(35)) == [ConnectorFreed(place=PLACE, at=after(30), numbered=True)]


def test_a_flood_of_fees_is_charged_bit_by_bit_and_the_plug_is_freed_with_the_last() -> None:
    minutes = 20 + 15 * (FEES_AT_ONCE + 1)
    session = ended((minutes, "Available"))
    first = settle_fees(session, after(minutes))
    assert [type(event) for event in first] == [BlockingFeeCharged] * FEES_AT_ONCE
    assert isinstance(first[-1], BlockingFeeCharged)
    assert first[-1].next_due_at == after(minutes)
    then = sessions.fold(list(first), session)
    assert isinstance(then, Blocking)
    assert told(then, minutes) == [
        ("BlockingFeeCharged", FEES_AT_ONCE + 1, after(minutes), None),
        ("ConnectorFreed", None, after(minutes), None),
    ]


def test_a_fee_that_an_open_pause_delays_has_no_time_yet() -> None:
    away = ended((40, DISCONNECTED))
    assert told(away, 600) == [("BlockingFeeCharged", 1, after(35), None)]
    assert next_due(charged(away, 600)) is None
    back = ended((40, DISCONNECTED), (50, CONNECTED))
    assert told(back, 60) == [
        ("BlockingFeeCharged", 1, after(35), after(60)),
        ("BlockingFeeCharged", 2, after(60), after(75)),
    ]


def test_the_last_fee_before_the_plug_is_free_has_none_after_it() -> None:
    session = ended((55, "Available"))
    assert settle_fees(session, after(600)) == [
        BlockingFeeCharged(
            place=PLACE, number=1, at=after(35), line=fee(after(20), after(35)), next_due_at=after(50)
        ),
        BlockingFeeCharged(place=PLACE, number=2, at=after(50), line=fee(after(35), after(50))),
        ConnectorFreed(place=PLACE, at=after(55), numbered=True),
    ]


@pytest.mark.parametrize("free", ["Available", FOLLOWED])
def test_fees_after_the_plug_was_free_are_given_back_as_of_then(free: str) -> None:
    observed = PlugObserved(
        at=after(40), plug=PLACE.plug, observations=(Observation(after(40), free, after(55)),)
    )
    late = sessions.fold([observed], charged(ended(), 55))
    assert isinstance(late, Blocking)
    assert settle_fees(late, after(55)) == [
        BlockingFeeCredited(place=PLACE, number=2, at=after(40), line=fee(after(35), after(50))),
        ConnectorFreed(place=PLACE, at=after(40), numbered=True),
    ]


def test_a_fee_that_was_full_at_another_instant_is_given_back_and_charged_anew() -> None:
    pause = (Observation(after(30), DISCONNECTED), Observation(after(32), CONNECTED))
    observed = PlugObserved(at=after(32), plug=PLACE.plug, observations=pause)
    late = sessions.fold([observed], charged(ended(), 55))
    assert isinstance(late, Blocking)
    assert told(late, 55) == [
        ("BlockingFeeCredited", 1, after(55), after(67)),
        ("BlockingFeeCredited", 2, after(55), after(67)),
        ("BlockingFeeCharged", 1, after(37), after(52)),
        ("BlockingFeeCharged", 2, after(52), after(67)),
    ]


def test_a_plug_that_is_free_is_freed_once_and_again_where_it_was_free_at_another_instant() -> None:
    session = ended((55, "Available"))
    closed = sessions.fold(settle_fees(session, after(55)), session)
    assert isinstance(closed, Closed)
    assert settle_fees(closed, after(600)) == []
    earlier = PlugObserved(
        at=after(52), plug=PLACE.plug, observations=(Observation(after(52), "Available", after(70)),)
    )
    moved = sessions.fold([earlier], closed)
    assert isinstance(moved, Closed)
    assert settle_fees(moved, after(70)) == [ConnectorFreed(place=PLACE, at=after(52), numbered=True)]


def test_an_end_whose_plug_was_freed_by_other_means_stays_freed_and_never_before_the_end() -> None:
    early = Closed(last=charged(ended(), 35), freed_at=after(36))
    assert settle_fees(early, after(600)) == []
    before = Closed(last=ended(), freed_at=after(10))
    assert settle_fees(before, after(600)) == [ConnectorFreed(place=PLACE, at=after(20), numbered=True)]


def test_all_fees_are_given_back_where_the_end_was_none() -> None:
    assert give_back(charged(ended(), 50), after(52)) == [
        BlockingFeeCredited(place=PLACE, number=1, at=after(52), line=fee(after(20), after(35))),
        BlockingFeeCredited(place=PLACE, number=2, at=after(52), line=fee(after(35), after(50))),
    ]
