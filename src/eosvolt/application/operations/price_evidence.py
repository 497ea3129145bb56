"""The operation that uploads the evidence of a price."""

from datetime import date
from typing import Any

from msgspec.structs import replace

from eosvolt.application.evidence_files import evidence_file
from eosvolt.application.executor import Plan
from eosvolt.application.operations.operation import (
    Input,
    InvalidValue,
    Operation,
    OperationContext,
    operation_everywhere,
)
from eosvolt.application.operations.price_profiles import EVERYWHERE, known_profile
from eosvolt.application.permissions import Action, NotThere, Permission, ProductArea
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.price_profiles.commands import ChangePriceProfile
from eosvolt.domain.price_profiles.decider import price_profiles


class EvidenceUpload(Input, frozen=True, kw_only=True):
    """A file for the price of a profile that begins on the day ``since``, as it was uploaded."""

    profile: str
    since: date
    content: bytes


@operation_everywhere(Permission(Action.EDIT, ProductArea.CHARGE_POINTS), EVERYWHERE)
async def upload(context: OperationContext, wanted: EvidenceUpload) -> Plan[str]:
    """Keep a file as the evidence of a price. Returns its digest.

    Statements that were approved keep the file of before. Raises ``InvalidValue`` for another format or a
    file that is too large, ``NotThere`` for no such price.
    """
    known = await known_profile(context, wanted.profile)
    terms = known.terms.reimbursement
    if terms is None or all(each.since != wanted.since for each in terms.sources):
        raise NotThere
    try:
        file = evidence_file(wanted.content)
    except ValueError as refusal:
        raise InvalidValue("file", str(refusal)) from None
    sources = tuple(
        replace(each, file=file.digest) if each.since == wanted.since else each for each in terms.sources
    )
    changed = replace(known.terms, reimbursement=replace(terms, sources=sources))
    command = ChangePriceProfile(at=context.at, terms=changed)
    return Plan(
        (CommandEnvelope(price_profiles, wanted.profile, command),),
        file.digest,
        alongside=(context.ports.evidence_files.kept(context.company, file),),
    )


OPERATIONS: tuple[Operation[Any, Any], ...] = (upload,)
