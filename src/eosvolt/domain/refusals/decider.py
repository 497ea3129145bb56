"""Which refusals are recorded: each attempt once, and not every repetition of a card at a reader."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from eosvolt.domain.kernel import Decider
from eosvolt.domain.refusals.commands import RefusalCommand
from eosvolt.domain.refusals.events import RefusalEvent, StartRefused
from eosvolt.domain.tokens.uid import folded

# Who holds a card to the reader again within this time is told the same and means the same.
SAME_ATTEMPT = timedelta(seconds=60)
_REMEMBERED = 16


class Refusals(msgspec.Struct, frozen=True):
    """The last refusals of a charger, oldest first."""

    last: tuple[StartRefused, ...] = ()


def decide(command: RefusalCommand, refusals: Refusals) -> Sequence[RefusalEvent]:
    """The refusal, unless it is recorded already."""
    if any(_same(command, known) for known in refusals.last):
        return []
    return [
        StartRefused(
            company=command.company,
            location=command.location,
            charge_point=command.charge_point,
            token=command.token,
            at=command.at,
            reason=command.reason.value,
            connector=command.connector,
            session=command.session,
        )
    ]


def _same(command: RefusalCommand, known: StartRefused) -> bool:
    if command.session:
        return command.session == known.session
    return (
        folded(command.token) == folded(known.token)
        and command.reason.value == known.reason
        and abs(command.at - known.at) < SAME_ATTEMPT
    )


def evolve(refusals: Refusals, event: RefusalEvent) -> Refusals:
    """The list with the refusal."""
    return Refusals((*refusals.last, event)[-_REMEMBERED:])


refusals: Decider[RefusalCommand, Refusals, RefusalEvent] = Decider("refusals", Refusals(), decide, evolve)
