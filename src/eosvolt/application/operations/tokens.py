"""Operations on tokens: issue, change and import."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from eosvolt.application.executor import Plan
from eosvolt.application.operations.operation import (
    AlreadyThere,
    Input,
    Operation,
    OperationContext,
    Seen,
    operation,
)
from eosvolt.application.permissions import Action, NotThere, Permission, ProductArea
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.tokens.commands import PutToken
from eosvolt.domain.tokens.decider import Token, TokenState, tokens
from eosvolt.domain.tokens.events import TokenChanged, TokenIssued, TokenStatus
from eosvolt.domain.tokens.uid import folded

# Tokens belong to the area of charge points, because chargers authorize them.
VIEW = Permission(Action.VIEW, ProductArea.CHARGE_POINTS)
EXPORT = Permission(Action.EXPORT, ProductArea.CHARGE_POINTS)
EDITIONS = (TokenIssued, TokenChanged)


class TokenTerms(Input, frozen=True, kw_only=True):
    """The terms of a token."""

    status: TokenStatus = TokenStatus.ACCEPTED
    group: str = ""
    expires_at: datetime | None = None
    label: str = ""
    concurrent: bool = False


class TokenIssue(Input, frozen=True, kw_only=True):
    """A token; the case of its uid is ignored. ``replace``: an existing token is changed."""

    uid: str
    terms: TokenTerms
    replace: bool = True


class TokenChangeInput(Input, frozen=True, kw_only=True):
    """The changes of a token; ``UNSET`` fields stay."""

    uid: str
    status: TokenStatus | UnsetType = UNSET
    group: str | UnsetType = UNSET
    expires_at: datetime | UnsetType | None = UNSET
    label: str | UnsetType = UNSET
    concurrent: bool | UnsetType = UNSET
    seen: Seen = None


class TokenImport(Input, frozen=True, kw_only=True):
    """Tokens to issue or change, all or none; each uid occurs once."""

    changes: Sequence[TokenChangeInput]


class ImportOutcome(NamedTuple):
    """The numbers of imported tokens that were new, changed and unchanged."""

    added: int
    changed: int
    same: int


@operation(Permission(Action.ADD, ProductArea.CHARGE_POINTS))
async def issue(context: OperationContext, wanted: TokenIssue) -> Plan[str]:
    """Issue a token. Returns its uid; raises ``AlreadyThere`` if it exists and ``replace`` is not set."""
    uid = folded(wanted.uid)
    known = await context.state(tokens, _key(context, uid))
    if isinstance(known, Token) and not wanted.replace:
        raise AlreadyThere("This token is known already: change it in the list.")
    return Plan((_put(context, uid, wanted.terms),), uid)


@operation(Permission(Action.EDIT, ProductArea.CHARGE_POINTS))
async def change(context: OperationContext, wanted: TokenChangeInput) -> Plan[str]:
    """Change a token. Returns its uid."""
    uid = folded(wanted.uid)
    key = _key(context, uid)
    known = await context.state(tokens, key)
    if not isinstance(known, Token):
        raise NotThere
    await context.check_seen(tokens, key, wanted.seen, lambda event: isinstance(event, EDITIONS), terms_of)
    return Plan((_put(context, uid, _changed(known, wanted)),), uid)


@operation(Permission(Action.ADD, ProductArea.CHARGE_POINTS))
async def import_all(context: OperationContext, wanted: TokenImport) -> Plan[ImportOutcome]:
    """Import many tokens: existing ones are changed, the others issued."""
    await context.application.recall(tokens, [_key(context, folded(each.uid)) for each in wanted.changes])
    envelopes, added, changed = [], 0, 0
    for each in wanted.changes:
        uid = folded(each.uid)
        known = await context.state(tokens, _key(context, uid))
        terms = _changed(known, each)
        if not isinstance(known, Token):
            added += 1
        elif terms != terms_of(known):
            changed += 1
        envelopes.append(_put(context, uid, terms))
    return Plan(envelopes, ImportOutcome(added, changed, len(envelopes) - added - changed))


def terms_of(token: TokenState) -> TokenTerms:
    """The terms of a token; the default terms for one that does not exist."""
    if not isinstance(token, Token):
        return TokenTerms()
    return TokenTerms(
        status=token.status,
        group=token.group,
        expires_at=token.expires_at,
        label=token.label,
        concurrent=token.concurrent,
    )


def _changed(token: TokenState, wanted: TokenChangeInput) -> TokenTerms:
    wished = {name: getattr(wanted, name) for name in TokenTerms.__struct_fields__}
    changes = {name: value for name, value in wished.items() if value is not UNSET}
    if "group" in changes:
        changes["group"] = folded(changes["group"])
    return msgspec.structs.replace(terms_of(token), **changes)


def _put(context: OperationContext, uid: str, terms: TokenTerms) -> CommandEnvelope:
    command = PutToken(
        company=context.company,
        uid=uid,
        at=context.at,
        status=terms.status,
        group=folded(terms.group),
        expires_at=terms.expires_at,
        label=terms.label,
        concurrent=terms.concurrent,
    )
    return CommandEnvelope(tokens, _key(context, uid), command)


def _key(context: OperationContext, uid: str) -> str:
    return f"{context.company}/{uid}"


OPERATIONS: tuple[Operation[Any, Any], ...] = (issue, change, import_all)
