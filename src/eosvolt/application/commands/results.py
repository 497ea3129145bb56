"""Records the outcomes of commands; reactions derive their consequences."""

from datetime import datetime

from eosvolt.application.commands.gateway import Answered
from eosvolt.application.commands.payloads import CommandPayloads
from eosvolt.application.executor import Application, Plan
from eosvolt.application.explanation_sentences import recognised
from eosvolt.application.ports import Clock
from eosvolt.domain.commands.commands import ExpireCommand, NoteAnswer, NoteFailure, NoteTimeout
from eosvolt.domain.commands.decider import Ended, Queued, Sent, charger_commands
from eosvolt.domain.commands.events import CommandRequested
from eosvolt.domain.commands.sending import kept
from eosvolt.domain.kernel import CommandEnvelope, Provenance

Outcome = NoteAnswer | NoteFailure | NoteTimeout | ExpireCommand


def failure(at: datetime, sentence: str, *, lost: bool = False) -> NoteFailure:
    """The failure of a command for the reason of an exception, as a code if the catalogue has one."""
    text, explanation = recognised(sentence)
    return NoteFailure(at=at, reason=text, explanation=explanation, lost=lost)


class CommandResults:
    """Records the outcomes of commands."""

    def __init__(self, application: Application, clock: Clock, payloads: CommandPayloads) -> None:
        """``payloads`` makes the following command of a long local list."""
        self._application = application
        self._clock = clock
        self._payloads = payloads

    async def record(
        self, request: CommandRequested, outcome: Outcome, why: Provenance, *, unsent: bool = False
    ) -> None:
        """Store the outcome; ``unsent``: unless it was sent meanwhile.

        A local list of several messages continues with the next one, unless the answer was already recorded.
        """

        async def plan() -> Plan[None]:
            state = await self._application.state(charger_commands, request.command)
            if unsent and not isinstance(state, Queued):
                return Plan((), None)
            envelopes = [CommandEnvelope(charger_commands, request.command, outcome)]
            if isinstance(outcome, NoteAnswer):
                envelopes += await self._payloads.continued(request, outcome)
            return Plan(envelopes, None, guarded=True)

        await self._application.perform(plan, why)

    async def answered_late(self, command: str, answer: Answered) -> None:
        """Record an answer after the timeout: the outcome stays, the consequences of the answer apply."""
        state = await self._application.state(charger_commands, command)
        if not isinstance(state, Queued | Sent | Ended):
            return
        request = state.request
        why = Provenance(request.company, request.by, f"command:{command}")
        noted = self.answer(request, answer)
        # The new password stays valid beside the old one, because a newer one may be on its way.
        await self.record(request, noted, why)

    def answer(self, request: CommandRequested, answered: Answered) -> NoteAnswer:
        """The answer without secrets."""
        response = kept(request.action, answered.response)
        return NoteAnswer(at=self._clock.now(), accepted=answered.accepted, response=response)
