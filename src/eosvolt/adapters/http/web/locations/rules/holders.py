"""Whose the tokens of a location's list are."""

from collections.abc import Sequence
from typing import NamedTuple

from eosvolt.adapters.http.web.shell.customer_names import customer_names
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.application.operations import tokens
from eosvolt.application.permissions import allows


class ListedHolder(NamedTuple):
    """A token of the list with its customer's name or its label. ``known``: the company has such a token."""

    uid: str
    label: str
    known: bool


async def holders_of(request: PageRequest, uids: Sequence[str]) -> list[ListedHolder]:
    """The tokens in the order of the list; none for whoever may not view tokens."""
    if not uids or not allows(request.actor.grants, tokens.VIEW):
        return []
    rows = await request.queries.tokens_named(request.number, uids)
    names = await customer_names(request, (row.customer for row in rows))
    labels = {row.uid: names.get(row.customer, row.label) for row in rows}
    return [ListedHolder(uid, labels.get(uid, ""), uid in labels) for uid in uids]
