"""Operations on failed jobs: retry and dismiss."""

from typing import Any

from eosvolt.application.executor import Plan
from eosvolt.application.failed_jobs import FailedJob
from eosvolt.application.operations.operation import Input, Operation, OperationContext, operation
from eosvolt.application.permissions import Action, NotThere, Permission, ProductArea

VIEW = Permission(Action.VIEW, ProductArea.SETTINGS)
_EDIT = Permission(Action.EDIT, ProductArea.SETTINGS)


class JobById(Input, frozen=True, kw_only=True):
    """The number of a company's failed job; jobs of the installation belong to no company."""

    job: int


@operation(_EDIT)
async def retry(context: OperationContext, wanted: JobById) -> Plan[None]:
    """Try the job again at once, with its count of attempts reset."""
    job = await _known(context, wanted.job)
    return Plan((), None, alongside=(context.ports.failed_jobs.tried_again(job, context.at),))


@operation(_EDIT)
async def dismiss(context: OperationContext, wanted: JobById) -> Plan[None]:
    """Dismiss the job: it is neither tried again nor shown."""
    job = await _known(context, wanted.job)
    left = context.ports.failed_jobs.dismissed(job, context.at, context.actor.by)
    return Plan((), None, alongside=(left,))


async def _known(context: OperationContext, number: int) -> FailedJob:
    job = await context.ports.failed_jobs.one(context.company, number)
    if job is None:
        raise NotThere
    return job


OPERATIONS: tuple[Operation[Any, Any], ...] = (retry, dismiss)
