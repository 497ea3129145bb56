"""An exclusion is recorded with a reason and withdrawn, never changed."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from eosvolt.domain.exclusions.commands import RecordExclusion, WithdrawExclusion
from eosvolt.domain.exclusions.decider import exclusions
from eosvolt.domain.exclusions.events import (
    ExcludedScope,
    ExclusionKind,
    ExclusionRecorded,
    ExclusionWithdrawn,
)
from eosvolt.domain.exclusions.limits import LONGEST
from eosvolt.domain.kernel import Rejected
from tests.examples import COMPANY, LOCATION, MORNING, after
from tests.rule import Rule

TERMS: dict[str, Any] = {
    "exclusion": "e1",
    "company": COMPANY,
    "scope": ExcludedScope(LOCATION, "CP-1", 2),
    "kind": ExclusionKind.UTILITY,
    "since": MORNING,
    "until": after(60),
    "reason": "The grid was down",
    "at": after(90),
}
RECORD, RECORDED = RecordExclusion(**TERMS), ExclusionRecorded(**TERMS)


def test_down_time_is_explained_and_the_explanation_is_withdrawn() -> None:
    Rule(exclusions).when(RECORD).then(RECORDED)
    withdraw = WithdrawExclusion(at=after(100), reason=" Another charger ")
    Rule(exclusions).given(RECORDED).when(withdraw).then(
        ExclusionWithdrawn(at=after(100), reason="Another charger")
    )


def test_an_exclusion_that_is_there_stays_as_it_was_recorded() -> None:
    Rule(exclusions).given(RECORDED).when(replace(RECORD, reason="Another reason")).then()
    withdrawn = ExclusionWithdrawn(at=after(100))
    Rule(exclusions).given(RECORDED, withdrawn).when(WithdrawExclusion(at=after(110))).then()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"reason": "  "}, "needs a reason"),
        ({"reason": "x" * 501}, "at most 500 characters"),
        ({"until": MORNING}, "ends after it begins"),
        ({"until": MORNING + LONGEST + timedelta(seconds=1)}, "at most 366 days"),
    ],
)
def test_an_exclusion_without_reason_or_sense_is_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Rejected, match=sentence):
        Rule(exclusions).when(replace(RECORD, **change))


def test_what_was_never_recorded_cannot_be_withdrawn() -> None:
    with pytest.raises(Rejected, match="no such exclusion"):
        Rule(exclusions).when(WithdrawExclusion(at=MORNING))
