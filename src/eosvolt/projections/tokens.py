"""Every token a company knows: the question of the tokens page and API."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from eosvolt.domain.kernel import Fact
from eosvolt.domain.tokens.events import TokenAssigned, TokenChanged, TokenIssued, TokenUnassigned
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class TokenRow(Row, frozen=True, kw_only=True):
    """A token. ``customer`` is the id of the customer whose it is; empty without one."""

    token: str
    company: int
    uid: str
    status: str
    group: str
    expires_at: datetime | None
    label: str
    concurrent: bool
    issued_at: datetime
    version: int
    customer: str = ""


def keys(fact: Fact) -> Iterable[str]:
    """The token itself: ``company/UID``."""
    return (fact.key,)


def apply(row: TokenRow | None, fact: Fact, key: str) -> TokenRow | None:
    """The token after the fact."""
    match fact.event:
        case TokenIssued() | TokenChanged() as terms:
            return TokenRow(
                token=key,
                company=terms.company,
                uid=terms.uid,
                status=terms.status.value,
                group=terms.group,
                expires_at=terms.expires_at,
                label=terms.label,
                concurrent=terms.concurrent,
                issued_at=terms.at if row is None else row.issued_at,
                version=fact.version,
                customer="" if row is None else row.customer,
            )
        case TokenAssigned(customer=customer) if row is not None:
            return msgspec.structs.replace(row, customer=customer)
        case TokenUnassigned() if row is not None:
            return msgspec.structs.replace(row, customer="")
        case _:
            return row


tokens = ReadModel(
    name="tokens",
    version=2,
    row=TokenRow,
    reads=tags(TokenIssued, TokenChanged, TokenAssigned, TokenUnassigned),
    keys=keys,
    apply=apply,
    indexes=("company, uid",),
)
