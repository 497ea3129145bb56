"""What screens ask, and the shapes of the answers that are more than rows of a read model."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Generic, NamedTuple, TypeVar

import msgspec

from eosvolt.application.ports import Frame
from eosvolt.domain.money import Money

T = TypeVar("T")


SESSION_SORTS = ("startedAt", "endedAt", "number", "total")


class BeingBuiltAnew(Exception):  # noqa: N818 - an answer
    """What is asked for is made from the history just now, after an upgrade changed what it consists of."""


class Unanswerable(Exception):  # noqa: N818 - an answer, in a sentence for whoever asked
    """The question cannot be answered as put: a cursor of another list, an order that does not exist."""


class Page(NamedTuple, Generic[T]):
    """Some of the answers, and the opaque cursor behind the last of them; ``None`` after all of them.

    ``before`` is the cursor in front of the first of them, for lists that can be read backward.
    """

    items: Sequence[T]
    cursor: str | None
    before: str | None = None


MOST_SUMMED = 100_000


class SessionSums(NamedTuple):
    """How many sessions match, their energy, and their total by currency in minor units.

    ``more``: there are more than ``MOST_SUMMED``, and only so many were counted.
    """

    number: int
    energy_wh: int
    totals: Sequence[tuple[str, int]]
    more: bool


class SessionFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which sessions.

    Empty fields do not restrict. ``since``/``until`` bound the start; ``search`` is the search bar's text.
    """

    since: datetime | None = None
    until: datetime | None = None
    status: tuple[str, ...] = ()
    type: str = ""
    location: str = ""
    charge_point: str = ""
    connector: int | None = None
    token: str = ""
    search: str = ""


FAULT_SORTS = ("lastSeenAt", "since", "occurrences", "attention", "level")
NOBODY = "nobody"


class FaultFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which diagnostics entries.

    ``state`` may be ``unsolved`` for open and recovered ones. ``attention`` are the open ones that are not
    snoozed at ``at``, ``acknowledged`` those of them that somebody acknowledged, ``snoozed`` the others.
    ``owner`` is an actor, or ``nobody``. ``within`` are the only locations whose entries may be seen.
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
    """How many entries of a company are in each state that asks for work."""

    attention: int
    acknowledged: int
    snoozed: int
    recovered: int


class Affected(NamedTuple):
    """What a fault kept from charging: ``sessions`` and, by currency, the ``revenue`` that is estimated."""

    sessions: int
    revenue: tuple[Money, ...] = ()


class FrameFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which OCPP frames of a charger.

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
    """A frame with its number in the log, by which those of one instant are told apart."""

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
    """What a period is compared with: the same stretch of the period before it.

    ``until`` is the first day after the stretch; with ``cut`` its last day ends at that instant.
    """

    since: date
    until: date
    cut: datetime | None
    figures: tuple[Figures, ...]


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The summary of a period, the whole period before, what is compared, and the period's steps.

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
