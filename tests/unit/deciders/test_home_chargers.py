"""A home charger: its code, its owner, and who may charge there."""

from datetime import timedelta

import msgspec
import pytest

from eosvolt.domain.home_chargers.commands import (
    AddHomeCharger,
    AllowHomeToken,
    ChangeHomeProfile,
    IssueHomeCode,
    RedeemHomeCode,
    RemoveHomeCharger,
    ReplaceHomeCharger,
    WithdrawHomeToken,
)
from eosvolt.domain.home_chargers.decider import CODE_VALID, HomeCharger, home_chargers
from eosvolt.domain.home_chargers.events import (
    HomeChargerAdded,
    HomeChargerRemoved,
    HomeChargerReplaced,
    HomeCodeIssued,
    HomeCodeRedeemed,
    HomeProfileChanged,
    HomeToken,
    HomeTokenAllowed,
    HomeTokenWithdrawn,
)
from eosvolt.domain.kernel import Event, Rejected
from tests.examples import COMPANY, MORNING, after
from tests.rule import Rule

HOME = "home-1"
ADDED = HomeChargerAdded(
    home=HOME, company=COMPANY, at=MORNING, charge_box_id="CP-1", profile="p1", time_zone="Europe/Berlin"
)
ISSUED = HomeCodeIssued(home=HOME, at=MORNING, digest="ab", expires_at=MORNING + CODE_VALID)
AGAIN = HomeCodeIssued(home=HOME, at=after(5), digest="cd", expires_at=after(5) + CODE_VALID)
REDEEMED = HomeCodeRedeemed(home=HOME, at=after(9), customer="ana")
FAMILY = HomeTokenAllowed(home=HOME, at=after(1), token="T1", kind=HomeToken.FAMILY)


def redemption(digest: str = "ab", at: int = 9, customer: str = "ana") -> RedeemHomeCode:
    return RedeemHomeCode(at=after(at), digest=digest, customer=customer)


def test_it_is_added_under_the_id_of_a_home() -> None:
    add = AddHomeCharger(
        home=HOME, company=COMPANY, at=MORNING, charge_box_id="CP-1", profile="p1", time_zone="Europe/Berlin"
    )
    Rule(home_chargers).when(add).then(ADDED)
    with pytest.raises(Rejected):
        Rule(home_chargers).when(
            AddHomeCharger(
                home="harbour",
                company=COMPANY,
                at=MORNING,
                charge_box_id="CP-1",
                profile="p1",
                time_zone="Europe/Berlin",
            )
        )


def test_whoever_redeems_the_code_is_the_owner() -> None:
    Rule(home_chargers).given(ADDED, ISSUED).when(redemption())
    state = home_chargers.fold([ADDED, ISSUED, REDEEMED])
    assert isinstance(state, HomeCharger)
    assert (state.owner, state.code) == ("ana", None)


@pytest.mark.parametrize(
    ("past", "asked", "why"),
    [
        ((ADDED, ISSUED, REDEEMED), redemption(), "used or replaced"),
        ((ADDED, ISSUED, REDEEMED), redemption(customer="ben"), "used or replaced"),
        ((ADDED, ISSUED, AGAIN), redemption("ab"), "used or replaced"),
        ((ADDED, ISSUED), redemption("ef"), "used or replaced"),
        ((ADDED, ISSUED), redemption(at=30 * 24 * 60), "expired"),
        ((ADDED, ISSUED, HomeChargerRemoved(home=HOME, at=after(2))), redemption(), "removed"),
    ],
)
def test_a_code_works_once_and_until_it_expires_or_is_replaced(
    past: tuple[Event, ...], asked: RedeemHomeCode, why: str
) -> None:
    with pytest.raises(Rejected, match=why):
        Rule(home_chargers).given(*past).when(asked)


def test_a_code_works_until_the_last_moment_of_its_thirty_days() -> None:
    last = RedeemHomeCode(at=ISSUED.expires_at - timedelta(microseconds=1), digest="ab", customer="ana")
    decided = home_chargers.decide(last, home_chargers.fold([ADDED, ISSUED]))
    assert [type(each) for each in decided] == [HomeCodeRedeemed]


def test_another_code_replaces_the_one_before_until_there_is_an_owner() -> None:
    issue = IssueHomeCode(at=after(5), digest="cd", expires_at=after(5) + CODE_VALID)
    assert list(home_chargers.decide(issue, home_chargers.fold([ADDED, ISSUED]))) == [AGAIN]
    with pytest.raises(Rejected, match="owner already"):
        Rule(home_chargers).given(ADDED, ISSUED, REDEEMED).when(issue)


def test_tokens_are_allowed_and_withdrawn_whatever_their_case() -> None:
    allow = AllowHomeToken(at=after(1), token=" t1 ", kind=HomeToken.FAMILY)
    Rule(home_chargers).given(ADDED).when(allow).then(FAMILY)
    withdraw = WithdrawHomeToken(at=after(2), token="t1")
    Rule(home_chargers).given(ADDED, FAMILY).when(withdraw).then(
        HomeTokenWithdrawn(home=HOME, at=after(2), token="T1")
    )
    Rule(home_chargers).given(ADDED).when(withdraw).then()


@pytest.mark.parametrize(
    ("kind", "until", "why"),
    [
        (HomeToken.GUEST, None, "until when"),
        (HomeToken.GUEST, after(1), "future"),
        (HomeToken.OWNER, after(9), "Only a guest"),
        (HomeToken.FAMILY, after(9), "Only a guest"),
    ],
)
def test_guests_and_only_guests_have_an_end_in_the_future(kind: HomeToken, until: object, why: str) -> None:
    allow = AllowHomeToken(at=after(1), token="T1", kind=kind, until=until)  # type: ignore[arg-type]  # an instant or none
    with pytest.raises(Rejected, match=why):
        Rule(home_chargers).given(ADDED).when(allow)


def test_another_profile_and_the_removal_are_decided_once() -> None:
    Rule(home_chargers).given(ADDED).when(ChangeHomeProfile(at=after(1), profile="p2")).then(
        HomeProfileChanged(home=HOME, at=after(1), profile="p2")
    )
    Rule(home_chargers).given(ADDED).when(RemoveHomeCharger(at=after(2), open_sessions=0)).then(
        HomeChargerRemoved(home=HOME, at=after(2))
    )


def test_another_charger_at_the_same_home_keeps_its_owner_and_who_may_charge() -> None:
    replace = ReplaceHomeCharger(at=after(10), charge_box_id="CP-2", open_sessions=0)
    replaced = HomeChargerReplaced(home=HOME, at=after(10), charge_box_id="CP-2")
    past = (ADDED, ISSUED, REDEEMED, FAMILY)
    Rule(home_chargers).given(*past).when(replace).then(replaced)
    Rule(home_chargers).given(*past, replaced).when(replace).then()
    before, state = home_chargers.fold(past), home_chargers.fold((*past, replaced))
    assert isinstance(before, HomeCharger)
    assert state == msgspec.structs.replace(before, charge_box_id="CP-2")
    with pytest.raises(Rejected, match="still open"):
        Rule(home_chargers).given(*past).when(
            ReplaceHomeCharger(at=after(10), charge_box_id="CP-2", open_sessions=1)
        )
