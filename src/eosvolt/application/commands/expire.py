"""Expiry of commands: never sent, never answered, or accepted although no session began."""

from eosvolt.application.commands.results import CommandResults
from eosvolt.application.executor import Application, Plan
from eosvolt.application.ports import Clock
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import RemoteStartPending
from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.charge_points.state import Registered, known
from eosvolt.domain.commands.commands import ExpireCommand, RecordNoEffect
from eosvolt.domain.commands.decider import Ended, Queued, Sent, charger_commands
from eosvolt.domain.commands.events import CommandRequested
from eosvolt.domain.explanations import Explanation, Why, because
from eosvolt.domain.kernel import CommandEnvelope, Provenance

_SHOWN_BY_PLUG = {
    ConnectorStatus.AVAILABLE: Why.START_NO_CABLE,
    ConnectorStatus.RESERVED: Why.START_NO_CABLE,
    ConnectorStatus.PREPARING: Why.START_NOT_BEGUN,
    ConnectorStatus.FAULTED: Why.START_PLUG_FAULTED,
    ConnectorStatus.UNAVAILABLE: Why.START_PLUG_OUT_OF_SERVICE,
    ConnectorStatus.FINISHING: Why.START_CAR_STILL_PLUGGED_IN,
    ConnectorStatus.CHARGING: Why.START_PLUG_TAKEN,
    ConnectorStatus.SUSPENDED_EV: Why.START_PLUG_TAKEN,
    ConnectorStatus.SUSPENDED_EVSE: Why.START_PLUG_TAKEN,
}


class CommandExpiry:
    """Ends expired commands."""

    def __init__(self, application: Application, clock: Clock, results: CommandResults) -> None:
        """The outcome is recorded by ``results``."""
        self._application = application
        self._clock = clock
        self._results = results

    async def expire(self, command: str) -> None:
        """Record that a command expired unsent, timed out unanswered, or led to no session."""
        state = await self._application.state(charger_commands, command)
        match state:
            case Queued(request=request) | Sent(request=request):
                why = Provenance(request.company, "system:deadlines", f"command:{command}")
                await self._results.record(request, ExpireCommand(at=self._clock.now()), why)
            case Ended(request=request, accepted=True, effect_confirmed=None):
                await self._end_without_effect(request)
            case _:
                pass

    async def _end_without_effect(self, request: CommandRequested) -> None:
        """The charger had accepted a remote start, and no session began in time."""
        now, command = self._clock.now(), request.command

        async def plan() -> Plan[None]:
            state = known(await self._application.state(charge_points, request.charge_point))
            pending = next((a for a in state.pending_starts if a.command == command), None) if state else None
            if pending is not None and pending.until > now:
                return Plan((), None)
            why_not = _why_no_session(state, request, pending)
            no_effect = RecordNoEffect(at=now, explanation=why_not)
            return Plan((CommandEnvelope(charger_commands, command, no_effect),), None)

        why = Provenance(request.company, "system:deadlines", f"command:{command}")
        await self._application.perform(plan, why)


def _why_no_session(
    state: Registered | None, request: CommandRequested, pending: RemoteStartPending | None
) -> Explanation:
    """Why a remote start had no effect, by what the charger reported."""
    plug = int(request.payload.get("plug") or 0)
    known_plug = state.plugs.get(plug) if state is not None and plug else None
    parameters = {} if pending is None else {"before": f"{pending.until:%H:%M:%S}"}
    if state is None:
        why = Why.START_CHARGER_REMOVED
    elif not state.online:
        why = Why.START_CONNECTION_LOST
    elif known_plug is None:
        why = Why.START_UNEXPLAINED
    else:
        why = _SHOWN_BY_PLUG[known_plug.status]
        if why is Why.START_PLUG_FAULTED and known_plug.error_code:
            parameters["error"] = known_plug.error_code
    return because(why, **parameters)
