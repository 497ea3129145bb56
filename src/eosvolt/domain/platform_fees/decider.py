"""The rules of a company's platform fee. Its stream's key is the company's number."""

from collections.abc import Sequence

from eosvolt.domain.kernel import Decider, Rejected
from eosvolt.domain.platform_fees.commands import PlatformFeeCommand
from eosvolt.domain.platform_fees.events import PlatformFeeEvent, PlatformFeeSet
from eosvolt.domain.platform_fees.terms import FeeSchedule, problems, scheduled


def decide(command: PlatformFeeCommand, schedule: FeeSchedule) -> Sequence[PlatformFeeEvent]:
    """What happens. Days that are over keep the fee that they had."""
    if command.terms in schedule:
        return []
    for _, sentence in problems(command.terms):
        raise Rejected(sentence)
    if command.terms.starts_on < command.today:
        raise Rejected("A fee cannot start on a day that is over.")
    return [PlatformFeeSet(company=command.company, at=command.at, terms=command.terms)]


def evolve(schedule: FeeSchedule, event: PlatformFeeEvent) -> FeeSchedule:
    """The schedule after ``event``."""
    return scheduled(schedule, event.terms)


platform_fees: Decider[PlatformFeeCommand, FeeSchedule, PlatformFeeEvent] = Decider(
    "platform-fee", (), decide, evolve
)
