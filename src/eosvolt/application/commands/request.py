"""Requests of commands to one charger or to many."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from eosvolt.application.commands.gateway import HELD, NOT_CONNECTED, Gateway
from eosvolt.application.commands.payloads import CommandPayloads, Prepared
from eosvolt.application.commands.results import failure
from eosvolt.application.commands.start_rules import REMOTE_START, check_start
from eosvolt.application.executor import Application
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.state import Registered, known
from eosvolt.domain.commands.commands import RequestCommand
from eosvolt.domain.commands.decider import ChargerCommand, NoCommand, charger_commands
from eosvolt.domain.commands.sending import while_held
from eosvolt.domain.kernel import CommandEnvelope, Rejected
from eosvolt.domain.tokens.bearer import TokenBearer

DEFAULT_EXPIRY = timedelta(seconds=60)


class CommandDraft(NamedTuple):
    """A requested command before its payload is completed.

    ``waits``: a charger that is not connected gets it after it reconnects, if that is within ``expires_in``.
    ``batch`` is shared by the commands of a bulk request. ``bearer``: who presents the token of a remote
    start, if that is issued with it.
    """

    action: str
    payload: dict[str, Any]
    by: str
    expires_in: timedelta = DEFAULT_EXPIRY
    waits: bool = False
    batch: str = ""
    bearer: TokenBearer | None = None


class CommandRequests:
    """Makes the envelopes that request commands to chargers. It only reads."""

    def __init__(
        self,
        application: Application,
        new_id: Callable[[], str],
        gateway: Gateway,
        payloads: CommandPayloads,
    ) -> None:
        """``new_id`` makes the ids of commands that are requested without one."""
        self._application = application
        self._new_id = new_id
        self._gateway = gateway
        self._payloads = payloads

    def new_id(self) -> str:
        """An id for a command that is requested without one."""
        return self._new_id()

    async def asked(
        self, company: int, charge_point: str, command: str, draft: CommandDraft, now: datetime
    ) -> list[CommandEnvelope]:
        """The envelopes that queue a command; none for a repeated request.

        If the charger is not connected the command fails at once with the reason, unless it ``waits``. Raises
        ``Rejected`` if this charger cannot receive it.
        """
        before: ChargerCommand = await self._application.state(charger_commands, command)
        if not isinstance(before, NoCommand):
            return []
        state = await self._present(charge_point)
        if state is None:
            raise Rejected(f"There is no charger {charge_point.partition('/')[2]}.")
        if state.held and not while_held(draft.action):
            raise Rejected(HELD)
        if draft.action == REMOTE_START:
            await check_start(self._application, charge_point, state, draft.payload, now, draft.bearer)
        return await self._queued(company, charge_point, command, draft, now, online=state.online)

    async def asked_of_all(
        self, company: int, keys: Sequence[str], draft: CommandDraft, now: datetime
    ) -> list[CommandEnvelope]:
        """The envelopes that queue one command for many chargers; ids are derived from ``draft.batch``.

        A charger that cannot receive it has a failed command with the reason.
        """
        envelopes: list[CommandEnvelope] = []
        for number, charge_point in enumerate(keys, 1):
            command = f"{draft.batch}-{number}"
            try:
                envelopes += await self.asked(company, charge_point, command, draft, now)
            except Rejected as refusal:
                # A refused payload is neither sent nor stored, because it may contain a secret.
                ask = _request(company, charge_point, command, draft._replace(payload={}), now)
                envelopes.append(CommandEnvelope(charger_commands, command, ask))
                envelopes.append(CommandEnvelope(charger_commands, command, failure(now, str(refusal))))
        return envelopes

    async def boot(self, company: int, charge_point: str, by: str, now: datetime) -> list[CommandEnvelope]:
        """Envelopes that trigger the BootNotification of a charger whose registration is no longer pending.

        None if it is not connected, or was already accepted.
        """
        state = await self._present(charge_point)
        if state is None or not state.online or not (state.pending or state.booted_at is None):
            return []
        draft = CommandDraft("triggerMessage", {"requestedMessage": "BootNotification"}, by)
        return await self._queued(company, charge_point, self._new_id(), draft, now, online=True)

    async def _present(self, charge_point: str) -> Registered | None:
        """The charger as it is by now: one that is away by what is known here may be at another gateway."""
        state = known(await self._application.state(charge_points, charge_point))
        away = state is None or not state.online
        if away and self._application.forget((charge_points.stream(charge_point),)):
            state = known(await self._application.state(charge_points, charge_point))
        return state

    async def _queued(
        self,
        company: int,
        charge_point: str,
        command: str,
        draft: CommandDraft,
        now: datetime,
        *,
        online: bool,
    ) -> list[CommandEnvelope]:
        prepared: Prepared = await self._payloads.prepared(
            charge_point, command, draft.action, draft.payload, now
        )
        ask = _request(company, charge_point, command, draft._replace(payload=prepared.payload), now)
        # A charger may be connected before its connection is recorded.
        if online or draft.waits or self._gateway.holds(charge_point):
            return [CommandEnvelope(charger_commands, command, ask), *prepared.envelopes]
        failed = failure(now, NOT_CONNECTED)
        return [
            CommandEnvelope(charger_commands, command, ask),
            CommandEnvelope(charger_commands, command, failed),
        ]


def _request(
    company: int, charge_point: str, command: str, draft: CommandDraft, now: datetime
) -> RequestCommand:
    return RequestCommand(
        command=command,
        company=company,
        charge_point=charge_point,
        action=draft.action,
        payload=draft.payload,
        by=draft.by,
        at=now,
        expires_at=now + draft.expires_in,
        waits=draft.waits,
        batch=draft.batch,
    )
