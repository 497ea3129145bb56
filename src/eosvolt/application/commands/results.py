"""What came of a command is recorded; the registry of reactions says what follows from it."""

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
    """That a command failed, for the reason that an exception tells: as a code where the catalogue has it."""
    text, explanation = recognised(sentence)
    return NoteFailure(at=at, reason=text, explanation=explanation, lost=lost)


class CommandResults:
    """Records what came of commands."""

    def __init__(self, application: Application, clock: Clock, payloads: CommandPayloads) -> None:
        """``payloads`` says how a command goes on whose payload the system completed."""
        self._application = application
        self._clock = clock
        self._payloads = payloads

    async def record(
        self, request: CommandRequested, outcome: Outcome, why: Provenance, *, unsent: bool = False
    ) -> None:
        """Store the outcome; ``unsent``: unless it was sent meanwhile.

        A list that does not fit into one message goes on with the next, unless the answer was recorded
        before.
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
        """The charger answered when we had given up: the outcome stays, but what it did it did."""
        state = await self._application.state(charger_commands, command)
        if not isinstance(state, Queued | Sent | Ended):
            return
        request = state.request
        why = Provenance(request.company, request.by, f"command:{command}")
        noted = self.answer(request, answer)
        # A new password stays beside the old one all the same: a newer one may be on its way by now.
        await self.record(request, noted, why)

    def answer(self, request: CommandRequested, answered: Answered) -> NoteAnswer:
        """The answer, without what the history must not know."""
        response = kept(request.action, answered.response)
        return NoteAnswer(at=self._clock.now(), accepted=answered.accepted, response=response)
