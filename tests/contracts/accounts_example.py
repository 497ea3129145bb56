"""A small vocabulary and its read models, so that the store is tried without the product's events."""

from datetime import datetime

import msgspec

from eosvolt.domain.kernel import Event, Fact, Provenance
from eosvolt.projections.read_model import ReadModel, Row

WHY = Provenance(242, "test:example", cause="a test", frame="ab" * 32)
ELSEWHERE = Provenance(7, "test:example")


class Opened(Event, frozen=True, tag="opened"):
    """An account began."""

    owner: str
    at: datetime | None = None


class Moved(Event, frozen=True, tag="moved"):
    """Something went in or out. ``to`` names the account on the other side."""

    amount: int
    to: str = ""
    note: str = ""
    weight: float = 0.0


class Closed(Event, frozen=True, tag="closed"):
    """An account is over."""


EXAMPLES: dict[str, type[Event]] = {"opened": Opened, "moved": Moved, "closed": Closed}


class AccountRow(Row, frozen=True, kw_only=True):
    """An account: gone when it is closed."""

    account: str
    owner: str = ""
    balance: int = 0
    moves: int = 0
    opened_at: datetime | None = None
    notes: tuple[str, ...] = ()
    weight: float = 0.0


class OwnerRow(Row, frozen=True, kw_only=True):
    """What is known about the accounts on the other side of moves."""

    name: str
    received: int = 0
    seen: dict[str, int] = msgspec.field(default_factory=dict)


def _account(row: AccountRow | None, fact: Fact, key: str) -> AccountRow | None:
    match fact.event, row:
        case Opened(owner=owner, at=at), _:
            return AccountRow(account=key, owner=owner, opened_at=at)
        case Moved(note="poison"), _:
            raise ValueError("poison")
        case Moved(amount=amount, note=note, weight=weight), _:
            known = row or AccountRow(account=key)
            return msgspec.structs.replace(
                known,
                balance=known.balance + amount,
                moves=known.moves + 1,
                notes=(*known.notes, note)[-3:] if note else known.notes,
                weight=known.weight + weight,
            )
        case _:
            return None


def _other_side(row: OwnerRow | None, fact: Fact, key: str) -> OwnerRow | None:
    known = row or OwnerRow(name=key)
    event = fact.event
    assert isinstance(event, Moved)
    seen = dict(sorted({**known.seen, fact.key: known.seen.get(fact.key, 0) + 1}.items())[:5])
    return OwnerRow(name=key, received=known.received + event.amount, seen=seen)


ACCOUNTS = ReadModel(
    name="example_accounts",
    version=1,
    row=AccountRow,
    reads=frozenset({"opened", "moved", "closed"}),
    keys=lambda fact: (fact.key,),
    apply=_account,
    indexes=("owner",),
)
OTHER_SIDES = ReadModel(
    name="example_other_sides",
    version=1,
    row=OwnerRow,
    reads=frozenset({"moved"}),
    keys=lambda fact: fact.event.to.split(",") if isinstance(fact.event, Moved) and fact.event.to else (),
    apply=_other_side,
)
MODELS = (ACCOUNTS, OTHER_SIDES)
