"""What a company says about a token, and what a token has under way."""

import pytest

from eosvolt.domain.kernel import Rejected
from eosvolt.domain.tokens.commands import AssignToken, PutToken, ReleaseToken, UnassignToken, UseToken
from eosvolt.domain.tokens.decider import (
    OF_ANOTHER_CUSTOMER,
    Token,
    UnknownToken,
    as_of,
    authorization,
    tokens,
)
from eosvolt.domain.tokens.events import (
    Authorization,
    TokenAssigned,
    TokenChanged,
    TokenEvent,
    TokenInUse,
    TokenIssued,
    TokenReleased,
    TokenStatus,
    TokenUnassigned,
)
from eosvolt.domain.tokens.uid import folded
from tests.examples import COMPANY, MORNING, TOKEN, after
from tests.rule import Rule

ISSUED = TokenIssued(company=COMPANY, uid=TOKEN, at=MORNING, status=TokenStatus.ACCEPTED)


def test_a_token_is_issued_and_then_spoken_of_differently() -> None:
    put = PutToken(company=COMPANY, uid=TOKEN, at=MORNING, status=TokenStatus.ACCEPTED)
    Rule(tokens).when(put).then(ISSUED)
    block = PutToken(company=COMPANY, uid=TOKEN, at=after(1), status=TokenStatus.BLOCKED, group="FLEET")
    Rule(tokens).given(ISSUED).when(block).then(
        TokenChanged(company=COMPANY, uid=TOKEN, at=after(1), status=TokenStatus.BLOCKED, group="FLEET")
    )


def test_a_token_is_in_use_until_it_is_released() -> None:
    in_use = TokenInUse(session="1", at=after(1))
    Rule(tokens).given(ISSUED).when(UseToken(session="1", at=after(1))).then(in_use)
    Rule(tokens).given(ISSUED, in_use).when(ReleaseToken(session="1", at=after(2))).then(
        TokenReleased(session="1", at=after(2))
    )


def test_a_token_belongs_to_one_customer_at_most() -> None:
    ana, ben = AssignToken(customer="ana", at=after(1)), AssignToken(customer="ben", at=after(2))
    of_ana = TokenAssigned(customer="ana", at=after(1))
    Rule(tokens).given(ISSUED).when(ana).then(of_ana)
    with pytest.raises(Rejected, match=OF_ANOTHER_CUSTOMER):
        Rule(tokens).given(ISSUED, of_ana).when(ben)
    taken = UnassignToken(customer="ana", at=after(2))
    Rule(tokens).given(ISSUED, of_ana).when(taken).then(TokenUnassigned(at=after(2)))
    Rule(tokens).given(ISSUED, of_ana).when(UnassignToken(customer="ben", at=after(2))).then()


def test_a_token_knows_whose_it_was_and_keeps_that_when_its_terms_change() -> None:
    block = TokenChanged(company=COMPANY, uid=TOKEN, at=after(2), status=TokenStatus.BLOCKED)
    events: list[TokenEvent] = [
        ISSUED,
        TokenAssigned(customer="ana", at=after(1)),
        block,
        TokenUnassigned(at=after(3)),
    ]
    state = tokens.fold(events)

    def owner(minute: float) -> str:
        then = as_of(state, after(minute))
        assert isinstance(then, Token)
        return then.customer

    assert [owner(0.5), owner(1), owner(2.5), owner(3)] == ["", "ana", "ana", ""]


def test_an_unknown_token_is_never_in_use() -> None:
    Rule(tokens).when(UseToken(session="1", at=after(1))).then()


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (UnknownToken(), Authorization.INVALID),
        (Token(TokenStatus.ACCEPTED), Authorization.ACCEPTED),
        (Token(TokenStatus.BLOCKED), Authorization.BLOCKED),
        (Token(TokenStatus.EXPIRED), Authorization.EXPIRED),
        (Token(TokenStatus.ACCEPTED, expires_at=MORNING), Authorization.EXPIRED),
        (Token(TokenStatus.ACCEPTED, expires_at=after(1)), Authorization.ACCEPTED),
        (Token(TokenStatus.ACCEPTED, sessions=frozenset({"1"})), Authorization.CONCURRENT),
        (Token(TokenStatus.ACCEPTED, concurrent=True, sessions=frozenset({"1"})), Authorization.ACCEPTED),
        (Token(TokenStatus.BLOCKED, sessions=frozenset({"1"})), Authorization.BLOCKED),
    ],
)
def test_the_answer_to_a_charger(token: Token | UnknownToken, expected: Authorization) -> None:
    assert authorization(token, MORNING) is expected


def test_a_session_never_hinders_itself() -> None:
    mine = Token(TokenStatus.ACCEPTED, sessions=frozenset({"7"}))
    assert authorization(mine, MORNING, "7") is Authorization.ACCEPTED


@pytest.mark.parametrize("written", [" F6 CA 0C C5", "f6 ca 0c c5", "F6 CA 0C C5   ", "\tF6 CA 0C C5\r\n"])
def test_case_and_outer_blanks_of_a_number_do_not_count(written: str) -> None:
    """Field case MicroOcpp #73."""
    assert folded(written) == "F6 CA 0C C5"


def test_blanks_inside_a_number_belong_to_it() -> None:
    assert folded("F6 CA 0C C5") != folded("F6CA0CC5")
