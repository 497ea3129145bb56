"""Uptime by the definitions of regulators, from the same stretches: ``raw``, ``nevi``, ``uk2023``, ``cec``.

Each definition says of each instant of a port whether it counts, whether it is down, and whether that is
excluded. So what it says of any time is the sum over its parts: of days, ports and locations. A percentage is
never averaged.

Sources: NEVI 23 CFR 680.116(b); the Public Charge Point Regulations 2023 (United Kingdom), regulation 7;
California Energy Commission, 97 % per port with 72 hours of planned maintenance a year and 10 days for each
case of vandalism.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import reduce
from typing import NamedTuple

from eosvolt.domain.calendar import MICROSECOND, local_date, local_day
from eosvolt.domain.exclusions.events import ExclusionKind
from eosvolt.domain.locations.opening_hours import OpeningHours
from eosvolt.projections.time_spans import Span, Spans, StepLengths, common, first, length, union, without
from eosvolt.projections.uptime import FAULTED, OFFLINE, PLANNED, UNAVAILABLE, UNOBSERVED

RAPID_W = 50_000
CEC_PLANNED = timedelta(hours=72)
CEC_VANDALISM = timedelta(days=10)


class Outage(NamedTuple):
    """A stretch of a port that is not simply in order. ``used``: a session was open or reported in it."""

    since: datetime
    until: datetime
    cause: str
    used: bool = False


class Excluded(NamedTuple):
    """An exclusion as far as a port is concerned."""

    since: datetime
    until: datetime
    kind: ExclusionKind


class Port(NamedTuple):
    """One port: what is known of it up to ``known_until``.

    ``observed_since`` is its first contact. ``claims`` are stretches that a session used, as was learnt
    later.
    """

    location: str
    charge_box_id: str
    connector: int
    observed_since: datetime
    known_until: datetime
    outages: Sequence[Outage] = ()
    claims: Sequence[Span] = ()
    exclusions: Sequence[Excluded] = ()
    rated_w: int = 0
    time_zone: str = "UTC"
    hours: OpeningHours = OpeningHours()


class Reckoning(NamedTuple):
    """Time in µs: ``counted`` is what the definition looks at, ``down`` what is not up of it.

    ``outage`` is all down time, and ``excluded`` the part of it that does not count as such.
    """

    counted: int = 0
    down: int = 0
    outage: int = 0
    excluded: int = 0

    @property
    def uptime(self) -> Fraction | None:
        """From 0 to 1; ``None`` where nothing counts."""
        return Fraction(self.counted - self.down, self.counted) if self.counted else None

    def plus(self, other: "Reckoning") -> "Reckoning":
        """The sum."""
        return Reckoning(*(one + two for one, two in zip(self, other, strict=True)))


class Parts(NamedTuple):
    """The sets of time of one port that a definition tells apart."""

    counted: Spans
    outage: Spans
    excluded: Spans


class Definition(NamedTuple):
    """A way to reckon uptime. ``version`` changes with the formula; ``threshold`` is in percent.

    ``per_port``: the threshold holds for each port; otherwise for the network.
    """

    id: str
    version: int
    threshold: int | None
    per_port: bool
    parts: Callable[[Port], Parts]


def reckoned(parts: Parts, since: datetime, until: datetime) -> Reckoning:
    """What the parts say of the time from ``since`` up to ``until``."""
    if until <= since:
        return Reckoning()
    return Reckoning(*(_us(spans) for spans in _sets(parts, since, until)))


def _sets(parts: Parts, since: datetime, until: datetime) -> tuple[Spans, ...]:
    """The times that the fields of a ``Reckoning`` measure, in their order."""
    here = [(since, until)]
    counted, outage, excluded = (common(spans, here) for spans in parts)
    return counted, without(common(counted, outage), excluded), outage, common(outage, excluded)


def together(several: Iterable[Reckoning]) -> Reckoning:
    """Their sum."""
    return reduce(Reckoning.plus, several, Reckoning())


class SteppedReckoning:
    """What the parts of several ports say of the time between each of some instants and the next one."""

    def __init__(self, instants: Sequence[datetime]) -> None:
        """``instants`` are at least two and never decrease."""
        self._since, self._until = instants[0], instants[-1]
        self._sums = tuple(StepLengths(instants) for _ in Reckoning._fields)

    def add(self, parts: Parts) -> None:
        """Add a port."""
        for sums, spans in zip(self._sums, _sets(parts, self._since, self._until), strict=True):
            sums.add(spans)

    def steps(self) -> list[Reckoning]:
        """The sum of the ports for each step."""
        in_steps = zip(*(sums.lengths() for sums in self._sums), strict=True)
        return [Reckoning(*(time // MICROSECOND for time in step)) for step in in_steps]


def network(ports: Iterable[tuple[Parts, datetime, datetime]]) -> Reckoning:
    """The sum over ports, each with its own time."""
    return together(reckoned(*each) for each in ports)


def outages_in(parts: Parts, port: Port, since: date, until: date) -> list[tuple[datetime, datetime, int]]:
    """The outages of a port on local days, each with the µs of it that are excluded."""
    here = [(local_day(since, port.time_zone)[0], local_day(until, port.time_zone)[0])]
    return [(*span, _us(common([span], parts.excluded))) for span in common(parts.outage, here)]


def _raw(port: Port) -> Parts:
    return Parts(_observed(port), _in_state(port, FAULTED, UNAVAILABLE, OFFLINE), ())


def _nevi(port: Port) -> Parts:
    excluded = union(_explained(port, *ExclusionKind), _in_state(port, PLANNED), _closed(port))
    return Parts(_observed(port), _not_up(port), excluded)


def _uk2023(port: Port) -> Parts:
    if port.rated_w < RAPID_W:
        return Parts((), (), ())
    exempt = union(
        _explained(
            port,
            ExclusionKind.UTILITY,
            ExclusionKind.NETWORK,
            ExclusionKind.VANDALISM,
            ExclusionKind.DISASTER,
        ),
        _closed(port),
    )
    # Exempt time is taken out of both sides of the fraction, whether or not the port was up in it.
    return Parts(without(_observed(port), exempt), _not_up(port), exempt)


def _cec(port: Port) -> Parts:
    outage = _not_up(port)
    others = _explained(port, ExclusionKind.UTILITY, ExclusionKind.DISASTER)
    vandalism = union(
        (each.since, min(each.until, each.since + CEC_VANDALISM))
        for each in port.exclusions
        if each.kind is ExclusionKind.VANDALISM
    )
    unplanned = union(others, vandalism)
    planned = union(_explained(port, ExclusionKind.MAINTENANCE), _in_state(port, PLANNED))
    allowed = _allowed_each_year(without(common(outage, planned), unplanned), port)
    return Parts(_observed(port), outage, union(unplanned, allowed))


def _allowed_each_year(planned: Spans, port: Port) -> list[Span]:
    """The first 72 hours of planned down time of each calendar year of the location."""
    found: list[Span] = []
    if not planned:
        return found
    year = local_date(planned[0][0], port.time_zone).year
    last = local_date(planned[-1][1], port.time_zone).year
    for each in range(year, last + 1):
        begins = local_day(date(each, 1, 1), port.time_zone)[0]
        ends = local_day(date(each + 1, 1, 1), port.time_zone)[0]
        found += first(common(planned, [(begins, ends)]), CEC_PLANNED)
    return union(found)


def _observed(port: Port) -> list[Span]:
    if port.known_until <= port.observed_since:
        return []
    return without([(port.observed_since, port.known_until)], _in_state(port, UNOBSERVED))


def _in_state(port: Port, *causes: str) -> list[Span]:
    return union((each.since, each.until) for each in port.outages if each.cause in causes)


def _not_up(port: Port) -> list[Span]:
    """Out of order and not in use: what is in use is up."""
    down = union(
        (each.since, each.until)
        for each in port.outages
        if each.cause in (FAULTED, UNAVAILABLE, OFFLINE, PLANNED) and not each.used
    )
    return common(without(down, union(port.claims)), _observed(port))


def _explained(port: Port, *kinds: ExclusionKind) -> list[Span]:
    return union((each.since, each.until) for each in port.exclusions if each.kind in kinds)


def _closed(port: Port) -> list[Span]:
    """When the location is closed."""
    if port.hours.always_open or port.known_until <= port.observed_since:
        return []
    whole = [(port.observed_since, port.known_until)]
    return without(whole, port.hours.open_spans(*whole[0], port.time_zone))


def _us(spans: Iterable[Span]) -> int:
    return length(spans) // MICROSECOND


DEFINITIONS = {
    each.id: each
    for each in (
        Definition("raw", 1, None, per_port=False, parts=_raw),
        Definition("nevi", 1, 97, per_port=True, parts=_nevi),
        Definition("uk2023", 1, 99, per_port=False, parts=_uk2023),
        Definition("cec", 1, 97, per_port=True, parts=_cec),
    )
}
