"""A history with exclusions: the source of the golden stream ``0017-exclusions``."""

from eosvolt.domain.exclusions.commands import ExclusionCommand, RecordExclusion, WithdrawExclusion
from eosvolt.domain.exclusions.decider import exclusions
from eosvolt.domain.exclusions.events import ExcludedScope, ExclusionKind
from tests.examples import CHARGE_BOX_ID, COMPANY, LOCATION, after
from tests.scenario import WHY, Scenario


async def exclusion_life() -> Scenario:
    """One exclusion of a plug that is withdrawn, and one of a location."""
    s = Scenario()
    scopes = {"e1": ExcludedScope(LOCATION, CHARGE_BOX_ID, 2), "e2": ExcludedScope(LOCATION)}
    for key, scope in scopes.items():
        commands: list[ExclusionCommand] = [
            RecordExclusion(
                exclusion=key,
                company=COMPANY,
                scope=scope,
                kind=ExclusionKind.UTILITY if key == "e1" else ExclusionKind.MAINTENANCE,
                since=after(0),
                until=after(60),
                reason="The grid was down",
                at=after(90),
            )
        ]
        if key == "e1":
            commands.append(WithdrawExclusion(at=after(100), reason="Another plug"))
        for command in commands:
            await s.application.execute(exclusions, key, command, WHY)
    return s
