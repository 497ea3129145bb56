"""The rules of an exclusion: it has a reason and an end, and is withdrawn rather than changed."""

from collections.abc import Sequence
from typing import assert_never

import msgspec

from eosvolt.domain.exclusions.commands import ExclusionCommand, RecordExclusion, WithdrawExclusion
from eosvolt.domain.exclusions.events import ExclusionEvent, ExclusionRecorded, ExclusionWithdrawn
from eosvolt.domain.exclusions.limits import LONGEST, LONGEST_REASON
from eosvolt.domain.kernel import Decider, Rejected


class NoExclusion(msgspec.Struct, frozen=True):
    """There is none of this id."""


class Exclusion(msgspec.Struct, frozen=True):
    """An exclusion as it was recorded."""

    recorded: ExclusionRecorded
    withdrawn: bool = False


ExclusionState = NoExclusion | Exclusion


def decide(command: ExclusionCommand, exclusion: ExclusionState) -> Sequence[ExclusionEvent]:
    """What happens. Raises ``Rejected`` for one that breaks a rule."""
    match command, exclusion:
        case RecordExclusion(), NoExclusion():
            _check(command)
            return [
                ExclusionRecorded(
                    exclusion=command.exclusion,
                    company=command.company,
                    scope=command.scope,
                    kind=command.kind,
                    since=command.since,
                    until=command.until,
                    reason=command.reason.strip(),
                    at=command.at,
                )
            ]
        case WithdrawExclusion(at=at, reason=reason), Exclusion(withdrawn=False):
            return [ExclusionWithdrawn(at=at, reason=reason.strip())]
        case WithdrawExclusion(), NoExclusion():
            raise Rejected("There is no such exclusion.")
        case _:
            return []


def _check(command: RecordExclusion) -> None:
    if not command.reason.strip():
        raise Rejected("An exclusion needs a reason.")
    if len(command.reason.strip()) > LONGEST_REASON:
        raise Rejected(f"A reason has at most {LONGEST_REASON} characters.")
    if command.until <= command.since:
        raise Rejected("An exclusion ends after it begins.")
    if command.until - command.since > LONGEST:
        raise Rejected(f"An exclusion lasts at most {LONGEST.days} days.")


def evolve(exclusion: ExclusionState, event: ExclusionEvent) -> ExclusionState:
    """The exclusion after ``event``."""
    match event:
        case ExclusionRecorded():
            return Exclusion(event)
        case ExclusionWithdrawn():
            return (
                msgspec.structs.replace(exclusion, withdrawn=True)
                if isinstance(exclusion, Exclusion)
                else exclusion
            )
        case _:
            assert_never(event)


exclusions: Decider[ExclusionCommand, ExclusionState, ExclusionEvent] = Decider(
    "exclusion", NoExclusion(), decide, evolve
)
