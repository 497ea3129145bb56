"""The operation on the list of unknown chargers: dismiss."""

from typing import Any

from eosvolt.application.executor import Plan
from eosvolt.application.operations.chargers import ChargerById
from eosvolt.application.operations.operation import Operation, OperationContext, operation
from eosvolt.application.permissions import Action, NotThere, Permission, ProductArea

VIEW = Permission(Action.VIEW, ProductArea.CHARGE_POINTS)


@operation(Permission(Action.EDIT, ProductArea.CHARGE_POINTS))
async def dismiss(context: OperationContext, wanted: ChargerById) -> Plan[None]:
    """Delete a charger from the list, until it tries to connect again."""
    listed = context.ports.unknown_chargers
    if await listed.one(context.company, wanted.charger) is None:
        raise NotThere
    return Plan((), None, alongside=(listed.forgotten(context.company, wanted.charger),))


OPERATIONS: tuple[Operation[Any, Any], ...] = (dismiss,)
