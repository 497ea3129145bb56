"""The filters and answers of queries about the ledger."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from eosvolt.domain.ledger.postings import EntrySum


class LedgerDay(NamedTuple):
    """The sums of a company's entries and settlements on one local day."""

    day: date
    sums: Sequence[EntrySum]


class TransactionFilter(msgspec.Struct, frozen=True, kw_only=True):
    """A filter of the transaction history; empty fields do not restrict.

    The local days are from ``since`` up to but not including ``until``; ``kinds`` are kinds of entries,
    ``session`` is a session's number, ``customer`` the id of the one whose sessions they are of;
    ``payment_method`` is a ``PaymentMethod``: entries of no session have none.
    """

    since: date | None = None
    until: date | None = None
    kinds: tuple[str, ...] = ()
    currency: str = ""
    location: str = ""
    charge_point: str = ""
    session: int | None = None
    customer: str = ""
    payment_method: str = ""
