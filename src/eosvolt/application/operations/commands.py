"""Operations that request commands to one charger or to many."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from eosvolt.application.commands.request import DEFAULT_EXPIRY, CommandDraft
from eosvolt.application.executor import Plan
from eosvolt.application.operations.operation import (
    Input,
    InvalidValue,
    Operation,
    OperationContext,
    operation_at,
)
from eosvolt.application.permissions import (
    Action,
    Need,
    NotThere,
    Permission,
    ProductArea,
    Right,
    require,
)
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.state import known
from eosvolt.domain.commands.catalogue import KINDS

VIEW = Permission(Action.VIEW, ProductArea.CHARGE_POINTS)
OPERATE = Right.OPERATE_CHARGERS
_EDIT = Permission(Action.EDIT, ProductArea.CHARGE_POINTS)


class Request(Input, frozen=True, kw_only=True):
    """A request: an action of the catalogue with its payload as plain JSON.

    ``waits``: a charger that is not connected gets it when it connects within ``expires_in``.
    """

    action: str
    payload: dict[str, Any]
    expires_in: timedelta = DEFAULT_EXPIRY
    waits: bool = False


class CommandRequest(Request, frozen=True, kw_only=True):
    """A request to one charger, by charge box id; ``command`` is an id that identifies repetitions."""

    charger: str
    command: str = ""


class BulkRequest(Request, frozen=True, kw_only=True):
    """A request to many chargers; ``batch`` is a unique id, from which the commands' ids are made."""

    chargers: Sequence[str]
    batch: str


async def _at(context: OperationContext, wanted: CommandRequest) -> Collection[str]:
    return await _locations(context, (wanted.charger,))


async def _at_all(context: OperationContext, wanted: BulkRequest) -> Collection[str]:
    return await _locations(context, wanted.chargers)


@operation_at(OPERATE, _at)
async def request(context: OperationContext, wanted: CommandRequest) -> Plan[str]:
    """Queue a command. Returns its id.

    A repeated id changes nothing. Raises ``Rejected`` for a command that this charger does not support, and
    ``Forbidden`` for one that does more than operate it, to whoever may not change chargers.
    """
    require(context.actor.grants, need_of(wanted.action))
    key = _key(context, wanted.charger)
    if known(await context.state(charge_points, key)) is None:
        raise NotThere
    command = wanted.command or context.ports.commands.new_id()
    envelopes = await context.ports.commands.asked(
        context.company, key, command, _draft(context, wanted), context.at
    )
    return Plan(envelopes, command, guarded=True)


@operation_at(OPERATE, _at_all)
async def request_of_all(context: OperationContext, wanted: BulkRequest) -> Plan[str]:
    """Queue the same command for many chargers, all or nothing. Returns the batch's id.

    A charger that does not support it gets a failed command with the reason. Raises ``Forbidden`` as
    ``request`` does.
    """
    require(context.actor.grants, need_of(wanted.action))
    if not KINDS[wanted.action].bulk:
        raise InvalidValue("command/type", "This can only be asked of one charger at a time.")
    keys = [_key(context, each) for each in wanted.chargers]
    await context.application.recall(charge_points, keys)
    draft = _draft(context, wanted)._replace(batch=wanted.batch)
    envelopes = await context.ports.commands.asked_of_all(context.company, keys, draft, context.at)
    return Plan(envelopes, wanted.batch)


def need_of(action: str) -> Need:
    """What a command needs: the right to operate chargers, or the permission to change them."""
    kind = KINDS.get(action)
    return OPERATE if kind is not None and kind.operates else _EDIT


def _draft(context: OperationContext, wanted: Request) -> CommandDraft:
    return CommandDraft(
        wanted.action, wanted.payload, context.actor.by, wanted.expires_in, waits=wanted.waits
    )


async def _locations(context: OperationContext, chargers: Sequence[str]) -> Collection[str]:
    """The locations of the known chargers."""
    states = [known(await context.state(charge_points, _key(context, each))) for each in chargers]
    return {state.location for state in states if state is not None}


def _key(context: OperationContext, charger: str) -> str:
    return f"{context.company}/{charger}"


OPERATIONS: tuple[Operation[Any, Any], ...] = (request, request_of_all)
