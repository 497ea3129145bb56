"""Every blocking-fee interval that was charged: the question of the session page and, later, of finance."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from eosvolt.domain.kernel import Fact
from eosvolt.domain.sessions.events import BlockingFeeCharged, BlockingFeeCredited
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class BlockingFeeRow(Row, frozen=True, kw_only=True):
    """One interval of one session. ``credited_at`` is set where it was given back."""

    id: str
    company: int
    location: str
    charge_point: str
    connector: int
    session: str
    number: int
    since: datetime
    due_at: datetime
    currency: str
    gross: int
    net: int
    vat: int
    credited_at: datetime | None = None


def keys(fact: Fact) -> Iterable[str]:
    """The interval: its session and the instant it fell due."""
    match fact.event:
        case BlockingFeeCharged(line=line) | BlockingFeeCredited(line=line):
            return (f"{fact.key}/{line.until.isoformat()}",)
        case _:
            return ()


def apply(row: BlockingFeeRow | None, fact: Fact, key: str) -> BlockingFeeRow | None:
    """The interval after the fact."""
    match fact.event, row:
        case BlockingFeeCharged(place=place, number=number, line=line), _:
            return BlockingFeeRow(
                id=key,
                company=place.company,
                location=place.location,
                charge_point=place.charge_point,
                connector=place.connector,
                session=fact.key,
                number=number,
                since=line.since,
                due_at=line.until,
                currency=line.gross.currency,
                gross=line.gross.minor,
                net=line.net.minor,
                vat=line.vat.minor,
            )
        case BlockingFeeCredited(at=at), BlockingFeeRow() as known:
            return msgspec.structs.replace(known, credited_at=at)
        case _:
            return row


blocking_fees = ReadModel(
    name="blocking_fees",
    version=1,
    row=BlockingFeeRow,
    reads=tags(BlockingFeeCharged, BlockingFeeCredited),
    keys=keys,
    apply=apply,
    indexes=("company, due_at", "company, session"),
)
