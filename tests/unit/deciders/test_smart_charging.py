"""What a charger was asked, what it confirmed, and what it may draw at most."""

from typing import Any

import pytest

from eosvolt.domain.kernel import Rejected
from eosvolt.domain.smart_charging import events as e
from eosvolt.domain.smart_charging.commands import (
    AskFallback,
    AskLimit,
    AskWithdrawal,
    ChangeSmartCharging,
    DoubtLimits,
    ExpireLimit,
    JoinZone,
    LeaveZone,
    NoteLimitAnswer,
    NoteLimitSent,
    NoteLimitUndelivered,
    NoteMeasured,
)
from eosvolt.domain.smart_charging.decider import smart_charging
from eosvolt.domain.smart_charging.events import FALLBACK
from eosvolt.domain.smart_charging.state import SmartCharging, assumed_ma
from eosvolt.domain.zones.values import PlugWiring
from tests.examples import COMPANY, MORNING, after
from tests.rule import Rule

KEY = "242/CP-1"
PLUGS = (PlugWiring(plug=1, max_ma=32_000),)
WHOSE: dict[str, Any] = {"company": COMPANY, "charge_point": KEY}
JOINED = e.ZoneJoined(**WHOSE, zone="z1", plugs=PLUGS, fallback_ma=6_000, at=MORNING, following=True)
JOIN = JoinZone(**WHOSE, zone="z1", plugs=PLUGS, fallback_ma=6_000, at=MORNING, following=True)


def asked(limit_ma: int, command: str, sequence: int, plug: int = 1, **more: Any) -> e.LimitAsked:
    session = {} if plug == FALLBACK else {"session": "s1", "transaction": 7}
    terms = {"at": after(1), "lowers": True, **session, **more}
    return e.LimitAsked(
        **WHOSE, zone="z1", plug=plug, limit_ma=limit_ma, command=command, sequence=sequence, **terms
    )


def confirmed(limit_ma: int, command: str, plug: int = 1) -> e.LimitConfirmed:
    return e.LimitConfirmed(**WHOSE, plug=plug, limit_ma=limit_ma, command=command, at=after(2))


def sent(command: str, plug: int = 1) -> e.LimitSent:
    return e.LimitSent(**WHOSE, plug=plug, command=command, at=after(1))


FALLBACK_TAKEN = (JOINED, asked(6_000, "f", 1, FALLBACK), confirmed(6_000, "f", FALLBACK))
LIMITED = (*FALLBACK_TAKEN, asked(16_000, "a", 2), sent("a"), confirmed(16_000, "a"))


def assumed(*events: e.SmartChargingEvent) -> int:
    state = smart_charging.fold(list(events))
    assert isinstance(state, SmartCharging)
    return assumed_ma(state, PLUGS[0])


def ask(limit_ma: int, command: str) -> AskLimit:
    return AskLimit(
        zone="z1", plug=1, session="s1", transaction=7, limit_ma=limit_ma, command=command, at=after(1)
    )


def test_a_charger_is_in_one_zone_at_most() -> None:
    Rule(smart_charging).when(JOIN).then(JOINED)
    other = JoinZone(**WHOSE, zone="z2", plugs=PLUGS, fallback_ma=0, at=after(1))
    with pytest.raises(Rejected, match="another zone"):
        Rule(smart_charging).given(JOINED).when(other)
    left = e.ZoneLeft(**WHOSE, zone="z1", at=after(1))
    Rule(smart_charging).given(JOINED).when(LeaveZone(zone="z1", at=after(1))).then(left)
    Rule(smart_charging).given(JOINED, left).when(other).then(
        e.ZoneJoined(**WHOSE, zone="z2", plugs=PLUGS, fallback_ma=0, at=after(1))
    )


def test_other_wiring_or_another_fallback_is_a_change() -> None:
    change = ChangeSmartCharging(zone="z1", fallback_ma=8_000, following=False, at=after(1))
    Rule(smart_charging).given(JOINED).when(change).then(
        e.SmartChargingChanged(**WHOSE, zone="z1", plugs=PLUGS, fallback_ma=8_000, at=after(1))
    )


def test_a_limit_is_asked_once_while_it_is_under_way() -> None:
    Rule(smart_charging).given(*FALLBACK_TAKEN).when(ask(16_000, "a")).then(
        asked(16_000, "a", 2, lowers=False)
    )
    Rule(smart_charging).given(*FALLBACK_TAKEN, asked(16_000, "a", 2)).when(ask(16_000, "b")).then()
    Rule(smart_charging).given(*LIMITED).when(ask(8_000, "b")).then(asked(8_000, "b", 3, before_ma=16_000))


def test_the_fallback_is_of_the_whole_charger() -> None:
    Rule(smart_charging).given(JOINED).when(AskFallback(command="f", at=after(1))).then(
        asked(6_000, "f", 1, FALLBACK)
    )


def test_whoever_follows_no_zone_is_asked_for_nothing() -> None:
    off = e.SmartChargingChanged(**WHOSE, zone="z1", plugs=PLUGS, fallback_ma=6_000, at=after(1))
    Rule(smart_charging).given(JOINED, off).when(ask(16_000, "a")).then()


def test_a_plug_counts_with_its_maximum_until_the_fallback_is_confirmed() -> None:
    assert assumed(JOINED) == 32_000
    assert assumed(JOINED, asked(6_000, "f", 1, FALLBACK), sent("f", FALLBACK)) == 32_000
    assert assumed(*FALLBACK_TAKEN) == 6_000


def test_a_raise_counts_as_soon_as_it_is_asked_and_a_lower_once_it_is_confirmed() -> None:
    assert assumed(*FALLBACK_TAKEN, asked(16_000, "a", 2)) == 16_000
    assert assumed(*LIMITED, asked(8_000, "b", 3), sent("b")) == 16_000
    assert assumed(*LIMITED, asked(8_000, "b", 3), sent("b"), confirmed(8_000, "b")) == 8_000


def test_a_limit_below_the_fallback_counts_with_the_fallback() -> None:
    # The session may end and another one begin at any time.
    assert assumed(*LIMITED, asked(0, "b", 3), sent("b"), confirmed(0, "b")) == 6_000


def test_what_is_confirmed_stands_in_place_of_all_before_it() -> None:
    unanswered = NoteLimitUndelivered(command="b", sent=True, at=after(3))
    pending = (*LIMITED, asked(20_000, "b", 3), sent("b"))
    maybe = e.LimitUnanswered(**WHOSE, plug=1, limit_ma=20_000, command="b", at=after(3))
    Rule(smart_charging).given(*pending).when(unanswered).then(maybe)
    later = (*pending, maybe, asked(10_000, "c", 4), sent("c"))
    assert assumed(*later) == 20_000
    assert assumed(*later, confirmed(10_000, "c")) == 10_000
    late = NoteLimitAnswer(command="b", accepted=True, at=after(9))
    Rule(smart_charging).given(*later, confirmed(10_000, "c")).when(late).then()


def test_an_answer_after_the_time_out_counts() -> None:
    maybe = e.LimitUnanswered(**WHOSE, plug=1, limit_ma=8_000, command="b", at=after(3))
    late = NoteLimitAnswer(command="b", accepted=True, at=after(2))
    Rule(smart_charging).given(*LIMITED, asked(8_000, "b", 3), sent("b"), maybe).when(late).then(
        confirmed(8_000, "b")
    )


def test_a_refused_limit_and_one_that_was_not_sent_change_nothing() -> None:
    pending = (*LIMITED, asked(20_000, "b", 3))
    refuse = NoteLimitAnswer(command="b", accepted=False, at=after(2), status="Rejected")
    refused = e.LimitRefused(**WHOSE, plug=1, limit_ma=20_000, command="b", at=after(2), status="Rejected")
    Rule(smart_charging).given(*pending, sent("b")).when(refuse).then(refused)
    assert assumed(*pending, sent("b"), refused) == 16_000
    unsent = e.LimitNotSent(**WHOSE, plug=1, limit_ma=20_000, command="b", at=after(2))
    Rule(smart_charging).given(*pending).when(
        NoteLimitUndelivered(command="b", sent=False, at=after(2))
    ).then(unsent)
    assert assumed(*pending, unsent) == 16_000


def test_a_charger_that_refuses_the_fallback_cannot_be_controlled() -> None:
    refused = e.LimitRefused(**WHOSE, plug=FALLBACK, limit_ma=6_000, command="f", at=after(2))
    state = smart_charging.fold([JOINED, asked(6_000, "f", 1, FALLBACK), refused])
    assert isinstance(state, SmartCharging)
    assert not state.controllable
    assert assumed_ma(state, PLUGS[0]) == 32_000


def test_a_limit_is_sent_and_expires_with_its_session() -> None:
    pending = (*FALLBACK_TAKEN, asked(16_000, "a", 2))
    Rule(smart_charging).given(*pending).when(NoteLimitSent(command="a", at=after(1))).then(sent("a"))
    expired = e.LimitExpired(**WHOSE, plug=1, session="s1", at=after(9))
    Rule(smart_charging).given(*LIMITED).when(ExpireLimit(plug=1, session="s1", at=after(9))).then(expired)
    Rule(smart_charging).given(*LIMITED).when(ExpireLimit(plug=1, session="s2", at=after(9))).then()
    assert assumed(*LIMITED, expired) == 6_000


def test_a_boot_puts_all_limits_in_doubt_once() -> None:
    doubted = e.LimitsDoubted(**WHOSE, at=after(5))
    Rule(smart_charging).given(*LIMITED).when(DoubtLimits(at=after(5))).then(doubted)
    assert assumed(*LIMITED, doubted) == 16_000


def test_limits_are_withdrawn_from_whoever_follows_no_more() -> None:
    off = e.SmartChargingChanged(**WHOSE, zone="z1", plugs=PLUGS, fallback_ma=6_000, at=after(5))
    withdraw = AskWithdrawal(plug=1, command="w", at=after(5))
    Rule(smart_charging).given(*LIMITED).when(withdraw).then()
    withdrawn = e.WithdrawalAsked(**WHOSE, zone="z1", command="w", at=after(5), plug=1)
    Rule(smart_charging).given(*LIMITED, off).when(withdraw).then(withdrawn)
    under_way = (*LIMITED, off, withdrawn)
    Rule(smart_charging).given(*under_way).when(
        NoteLimitAnswer(command="w", accepted=True, at=after(6))
    ).then(e.WithdrawalConfirmed(**WHOSE, command="w", at=after(6), plug=1))
    Rule(smart_charging).given(*under_way).when(
        NoteLimitAnswer(command="w", accepted=False, at=after(6), status="Rejected")
    ).then(
        e.WithdrawalFailed(**WHOSE, command="w", at=after(6), outcome="refused", plug=1, status="Rejected")
    )


def test_what_is_drawn_beyond_a_limit_is_said_once_and_when_it_is_over() -> None:
    exceed = NoteMeasured(plug=1, measured_ma=20_000, exceeded=True, at=after(5))
    exceeded = e.LimitExceeded(**WHOSE, plug=1, limit_ma=16_000, measured_ma=20_000, at=after(5))
    Rule(smart_charging).given(*LIMITED).when(exceed).then(exceeded)
    keep = NoteMeasured(plug=1, measured_ma=0, exceeded=False, at=after(6))
    Rule(smart_charging).given(*LIMITED, exceeded).when(keep).then(e.LimitKept(**WHOSE, plug=1, at=after(6)))
    Rule(smart_charging).given(*LIMITED).when(keep).then()


def test_a_limit_that_ends_is_not_exceeded_any_more() -> None:
    exceeded = e.LimitExceeded(**WHOSE, plug=1, limit_ma=16_000, measured_ma=20_000, at=after(5))
    kept = e.LimitKept(**WHOSE, plug=1, at=after(9))
    expired = e.LimitExpired(**WHOSE, plug=1, session="s1", at=after(9))
    expire = ExpireLimit(plug=1, session="s1", at=after(9))
    Rule(smart_charging).given(*LIMITED, exceeded).when(expire).then(kept, expired)
    off = e.SmartChargingChanged(**WHOSE, zone="z1", plugs=PLUGS, fallback_ma=6_000, at=after(6))
    asked_back = e.WithdrawalAsked(**WHOSE, zone="z1", command="w", at=after(6), plug=1)
    withdrawn = e.WithdrawalConfirmed(**WHOSE, command="w", at=after(9), plug=1)
    answer = NoteLimitAnswer(command="w", accepted=True, at=after(9))
    Rule(smart_charging).given(*LIMITED, exceeded, off, asked_back).when(answer).then(kept, withdrawn)


def test_a_session_that_is_older_than_the_fallback_counts_with_the_maximum_until_it_has_a_limit() -> None:
    def counts(began: float, *events: e.SmartChargingEvent) -> int:
        state = smart_charging.fold(list(events))
        assert isinstance(state, SmartCharging)
        return assumed_ma(state, PLUGS[0], "s1", after(began))

    again = (asked(6_000, "g", 2, FALLBACK), confirmed(6_000, "g", FALLBACK))
    assert counts(1, *FALLBACK_TAKEN) == 32_000
    assert counts(3, *FALLBACK_TAKEN) == 6_000
    # Sent again after a boot, it is as old as before.
    assert counts(3, *FALLBACK_TAKEN, *again) == 6_000
    assert counts(1, *LIMITED) == 16_000
