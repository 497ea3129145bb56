"""The filters and results of queries for pages and the API, beside rows of read models."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Generic, NamedTuple, TypeVar

import msgspec

from eosvolt.application.ports import Frame
from eosvolt.domain.money import Money

T = TypeVar("T")


SESSION_SORTS = ("startedAt", "endedAt", "number", "duration", "energy", "total", "charger", "token")
CUSTOMER_SORTS = ("name", "email", "addedAt")
# When nothing that goes on now has ended.
ENDLESS = datetime.max.replace(tzinfo=UTC)


class ReadModelRebuilding(Exception):  # noqa: N818 - an answer
    """The read model of a query is being rebuilt after an upgrade changed its columns."""


class Unanswerable(Exception):  # noqa: N818 - an answer, in a sentence for whoever asked
    """The query is invalid: a cursor of another list, an unknown order."""


class OnlyPresent(Unanswerable):
    """The query has no answer as of an earlier instant."""

    def __init__(self) -> None:
        super().__init__("This can only be asked about the present, not as of an earlier instant.")


class Page(NamedTuple, Generic[T]):
    """One page of items, and the opaque cursor after its last item; ``None`` on the last page.

    ``before`` is the cursor before the first item, for lists that can be read backward.
    """

    items: Sequence[T]
    cursor: str | None
    before: str | None = None


MOST_SUMMED = 100_000


class SessionSums(NamedTuple):
    """The number of matching sessions, their energy in Wh, and their total by currency in minor units.

    ``more``: there are more than ``MOST_SUMMED``, and only that many were summed.
    """

    number: int
    energy_wh: int
    totals: Sequence[tuple[str, int]]
    more: bool


class SessionFilter(msgspec.Struct, frozen=True, kw_only=True):
    """A filter of sessions.

    Empty fields do not restrict. ``since``/``until`` bound the start; ``search`` is the search bar's text;
    ``payment_method`` is a ``PaymentMethod``.
    """

    since: datetime | None = None
    until: datetime | None = None
    status: tuple[str, ...] = ()
    type: str = ""
    location: str = ""
    charge_point: str = ""
    connector: int | None = None
    token: str = ""
    customer: str = ""
    payment_method: str = ""
    search: str = ""


FAULT_SORTS = ("lastSeenAt", "since", "occurrences", "attention", "level")
NOBODY = "nobody"


class FaultFilter(msgspec.Struct, frozen=True, kw_only=True):
    """A filter of diagnostics entries.

    ``state`` may be ``unsolved`` for open and recovered entries. ``attention`` are the open ones that are not
    snoozed at ``at``, ``acknowledged`` the acknowledged ones of these, ``snoozed`` the snoozed ones.
    ``owner`` is an actor, or ``nobody``. ``within`` restricts the entries to these locations.
    """

    state: str = ""
    at: datetime | None = None
    kind: str = ""
    severity: str = ""
    level: str = ""
    owner: str = ""
    location: str = ""
    charge_point: str = ""
    search: str = ""
    within: frozenset[str] | None = None


class FaultCounts(NamedTuple):
    """The number of a company's entries in each state that needs attention."""

    attention: int
    acknowledged: int
    snoozed: int
    recovered: int


class Affected(NamedTuple):
    """The effect of a fault: affected ``sessions``, and the estimated lost ``revenue`` by currency."""

    sessions: int
    revenue: tuple[Money, ...] = ()


class FrameFilter(msgspec.Struct, frozen=True, kw_only=True):
    """A filter of a charger's OCPP frames.

    Empty fields do not restrict. ``direction`` is ``in`` (from the charger) or ``out``; ``outcome`` is how
    the frame's outcome begins, e.g. ``repaired``; ``text`` a part of the frame, in any case.
    """

    direction: str = ""
    action: str = ""
    outcome: str = ""
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None


class LoggedFrame(NamedTuple):
    """A frame with its number in the log, which distinguishes frames of one instant."""

    id: int
    frame: Frame


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Sums of one period and currency, in minor units and Wh."""

    currency: str
    gross: int
    net: int
    vat: int
    energy_wh: int
    sessions: int


class Bucket(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the series: a month of a year, else a day."""

    label: str
    since: date
    figures: tuple[Figures, ...]


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """The days with which a period is compared: the same part of the previous period.

    ``until`` is the first day after them; with ``cut`` the last day ends at that instant.
    """

    since: date
    until: date
    cut: datetime | None
    figures: tuple[Figures, ...]


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The summary of a period, of the previous period, of the compared part, and the series.

    One ``Figures`` per currency; currencies are never added up.
    """

    period: str
    since: date
    until: date
    figures: tuple[Figures, ...]
    previous_since: date
    previous: tuple[Figures, ...]
    compared: Comparison
    series: tuple[Bucket, ...]
