"""The statement of a month of a home charger: what its owner is reimbursed for, session by session.

A session is in the statement of the local month in which it ended. Once that is approved it is final: a
session that is learnt later, and what was corrected since, is in the next one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from eosvolt.domain.calendar import local_date
from eosvolt.domain.home_statements.sessions import HomeSession, reimbursed
from eosvolt.domain.price_profiles.reimbursement import PriceSource, Reimbursement


class StatementLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A session of a statement; ``amount`` is in minor units.

    Of a private session the amount is zero, and there is no ``source``. Where ``corrects``, an earlier
    statement had the session: energy and amount are what differs from that, at the price of that.
    """

    session: str
    number: int
    charger: str
    business: bool
    started_at: datetime
    ended_at: datetime
    energy_wh: int
    amount: int = 0
    source: PriceSource | None = None
    meter_start_wh: int | None = None
    meter_stop_wh: int | None = None
    corrects: bool = False

    @property
    def unpriced(self) -> bool:
        """Whether it is to be reimbursed, and no price of its day is known."""
        return self.business and self.source is None


class SettledSession(Struct, frozen=True):
    """What approved statements have of a session, in Wh and minor units."""

    energy_wh: int
    amount: int
    source: PriceSource | None


class ApprovedStatements(Struct, frozen=True):
    """What approved statements of a home have.

    ``last`` is the first day of the last approved month of each profile.
    """

    last: Mapping[str, date] = {}
    sessions: Mapping[str, SettledSession] = {}

    def with_statement(
        self, profile: str, month: date, lines: Iterable[StatementLine]
    ) -> "ApprovedStatements":
        """The same and another approved statement."""
        sessions = dict(self.sessions)
        for line in lines:
            known = sessions.get(line.session) or SettledSession(0, 0, line.source)
            sessions[line.session] = replace(
                known, energy_wh=known.energy_wh + line.energy_wh, amount=known.amount + line.amount
            )
        last = max(month, self.last.get(profile, month))
        return replace(self, last={**self.last, profile: last}, sessions=sessions)


class DraftStatement(Struct, frozen=True, kw_only=True):
    """A statement that is not approved. ``month`` is its first day, in ``time_zone``."""

    home: str
    profile: str
    month: date
    time_zone: str
    currency: str
    lines: tuple[StatementLine, ...]

    @property
    def amount(self) -> int:
        """What the owner is owed by it, in minor units."""
        return sum(line.amount for line in self.lines)


def drafts(
    sessions: Iterable[HomeSession],
    approved: ApprovedStatements,
    terms: Mapping[str, tuple[Reimbursement, str]],
) -> list[DraftStatement]:
    """The statements of a home that are not approved, by month; ``terms`` and currencies are by profile.

    Sessions of profiles without terms are left out.
    """
    found: dict[tuple[date, str], list[StatementLine]] = defaultdict(list)
    zones: dict[tuple[date, str], tuple[str, str]] = {}
    for session in sessions:
        if session.profile not in terms:
            continue
        line = _line(session, approved.sessions.get(session.session), *terms[session.profile])
        if line is None:
            continue
        month = local_date(session.ended_at, session.time_zone).replace(day=1)
        if (last := approved.last.get(session.profile)) is not None:
            month = max(month, month_after(last))
        key = month, session.profile
        found[key].append(line)
        zones[key] = session.home, session.time_zone
    return [
        DraftStatement(
            home=zones[key][0],
            profile=key[1],
            month=key[0],
            time_zone=zones[key][1],
            currency=terms[key[1]][1],
            lines=tuple(sorted(found[key], key=lambda line: (line.ended_at, line.number))),
        )
        for key in sorted(found)
    ]


def month_after(month: date) -> date:
    """The first day of the month after."""
    return (month + timedelta(days=31)).replace(day=1)


def _line(
    session: HomeSession, settled: SettledSession | None, terms: Reimbursement, currency: str
) -> StatementLine | None:
    """What is still to be stated of a session, if anything."""
    source = session.source(terms) if settled is None else settled.source
    per_kwh = Fraction(0) if source is None else Fraction(source.per_kwh)
    amount = reimbursed(session.energy_wh, per_kwh, currency).minor
    before = settled or SettledSession(0, 0, source)
    if session.energy_wh == before.energy_wh and amount == before.amount:
        return None
    return StatementLine(
        session=session.session,
        number=session.number,
        charger=session.charger,
        business=session.business,
        started_at=session.started_at,
        ended_at=session.ended_at,
        energy_wh=session.energy_wh - before.energy_wh,
        amount=amount - before.amount,
        source=source,
        meter_start_wh=session.meter_start_wh,
        meter_stop_wh=session.meter_stop_wh,
        corrects=settled is not None,
    )
