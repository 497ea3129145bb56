"""Sends commands to chargers through operations, as pages and the API do."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from eosvolt.application.actor import Actor, ActorKind
from eosvolt.application.commands.request import DEFAULT_EXPIRY, CommandDraft
from eosvolt.application.operations import commands
from eosvolt.application.operations.commands import BulkRequest, CommandRequest
from eosvolt.application.operations.operation import Operations
from eosvolt.application.permissions import OWNER


class OperationRequests:
    """``by`` is an actor as in the history, e.g. ``admin:a1``."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations

    async def request(
        self,
        company: int,
        charge_point: str,
        action: str,
        payload: dict[str, Any],
        by: str,
        expires_in: timedelta = DEFAULT_EXPIRY,
        *,
        waits: bool = False,
        command: str = "",
    ) -> str:
        wanted = CommandRequest(
            charger=charge_point.partition("/")[2],
            action=action,
            payload=payload,
            expires_in=expires_in,
            waits=waits,
            command=command,
        )
        return await self._operations.run(commands.request, actor_of(by, company), wanted, action)

    async def request_all(self, company: int, charge_points: Sequence[str], draft: CommandDraft) -> None:
        wanted = BulkRequest(
            chargers=[each.partition("/")[2] for each in charge_points],
            action=draft.action,
            payload=draft.payload,
            expires_in=draft.expires_in,
            waits=draft.waits,
            batch=draft.batch,
        )
        await self._operations.run(commands.request_of_all, actor_of(draft.by, company), wanted, draft.action)


def actor_of(by: str, company: int) -> Actor:
    """The actor ``by``, with all permissions."""
    kind, _, name = by.partition(":")
    return Actor(ActorKind(kind), name, company, OWNER)
