"""Queries of the dashboard's summary: figures of a day, month or year, of the previous one, and a series.

The projection keeps the sums by location and day. As of an earlier instant, days that changed later are
summed again from the ledger, which has every movement.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, LiteralString, NamedTuple

from eosvolt.adapters.postgres.queries.base_query import HERE, REVENUE, BaseQuery
from eosvolt.application.comparison import same_part
from eosvolt.application.questions import Bucket, Comparison, Figures, Summary, Unanswerable
from eosvolt.projections.revenue import SummaryRow, summary

_DAYS_OF_A_DAY = 7
_FIRST_YEAR, _LAST_YEAR = 1900, 9000
_SUMS: LiteralString = (
    "currency, sum(gross)::bigint, sum(net)::bigint, sum(vat)::bigint,"
    " sum(energy_wh)::bigint, sum(sessions)::bigint"
)
_WHERE: LiteralString = (
    " WHERE company = %(company)s AND day >= %(since)s AND day < %(until)s"
    f" AND (%(location)s = '' OR location = %(location)s){HERE}"
)
_ENTRIES: LiteralString = f" AND {REVENUE}"
_MONTH: LiteralString = "date_trunc('month', day)::date"
_NOW: LiteralString = f"SELECT {{step}}, {_SUMS} FROM {{summary}} {_WHERE} GROUP BY 1, currency"
# The sums as of a position: unchanged days as they are, and the movements up to then of days changed since.
_THEN: LiteralString = (
    f"WITH later AS (SELECT id, company, location, day, currency FROM {{summary}} {_WHERE}"
    " AND changed > %(position)s AND day <= %(last_day)s),"
    f" sums AS (SELECT day, currency, gross, net, vat, energy_wh, sessions FROM {{summary}} {_WHERE}"
    " AND changed <= %(position)s"
    " UNION ALL SELECT moved.day, moved.currency, moved.gross, moved.net, moved.vat, moved.energy_wh,"
    " moved.sessions FROM later JOIN {ledger} moved USING (company, location, day, currency)"
    f" WHERE moved.{REVENUE} AND moved.position <= %(position)s)"
    f" SELECT {{step}}, {_SUMS} FROM sums GROUP BY 1, currency"
)
# The sums of one day up to an instant.
_PART: LiteralString = (
    f"SELECT day, {_SUMS} FROM {{ledger}} WHERE company = %(company)s AND day = %(day)s{_ENTRIES}"
    f" AND at < %(cut)s AND (%(location)s = '' OR location = %(location)s){HERE}"
    " AND (%(position)s::bigint IS NULL OR position <= %(position)s) GROUP BY 1, currency"
)

# The sums of each location's days as of a position.
_DAYS_THEN: LiteralString = (
    "SELECT day, location, currency, sum(gross)::bigint, sum(net)::bigint, sum(vat)::bigint,"
    " sum(energy_wh)::bigint, sum(sessions)::bigint"
    " FROM {ledger} WHERE company = %(company)s AND day >= %(since)s AND day < %(until)s"
    f"{_ENTRIES} AND position <= %(position)s{HERE} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
)


class _Span(NamedTuple):
    """A period: its days, the days of the previous period, and the steps of its series."""

    since: date
    until: date
    before: date
    series_since: date
    by_month: bool


class PostgresSummaryQueries(BaseQuery):
    """Sums by day."""

    async def summary(
        self,
        company: int,
        period: str,
        day: date,
        *,
        now: datetime,
        time_zone: str,
        location: str = "",
        as_of: datetime | None = None,
    ) -> Summary:
        """The summary of the period (``day``, ``month``, ``year``) that contains ``day``.

        A period that is running at ``now`` in ``time_zone`` is compared with the same part of the previous
        one. The series has the months of a year, the days of a month, and for a day the week that ends with
        it. Raises ``Unanswerable`` for another ``period``.
        """
        span = _span(period, day)
        step: LiteralString = _MONTH if span.by_month else "day"
        since = min(span.before, span.series_since)
        found = await self._sums(company, since, span.until, step, location, as_of)
        previous = _added(each for at, each in found if span.before <= at < span.since)
        compared_part = same_part(span.since, span.until, span.before, now, time_zone)
        compared = previous
        if compared_part.cut is not None:
            whole_until = compared_part.until - timedelta(days=1)
            whole = await self._sums(company, span.before, whole_until, _MONTH, location, as_of)
            part = await self._part(company, whole_until, compared_part.cut, location, as_of)
            compared = _added(each for _, each in (*whole, *part))
        elif compared_part.until != span.since:
            whole = await self._sums(company, span.before, compared_part.until, _MONTH, location, as_of)
            compared = _added(each for _, each in whole)
        return Summary(
            period=period,
            since=span.since,
            until=span.until,
            figures=_added(each for at, each in found if at >= span.since),
            previous_since=span.before,
            previous=previous,
            compared=Comparison(
                since=compared_part.since, until=compared_part.until, cut=compared_part.cut, figures=compared
            ),
            series=tuple(_series(span, found)),
        )

    async def days(
        self, company: int, since: date, until: date, *, as_of: datetime | None = None
    ) -> Sequence[SummaryRow]:
        """The sums of each location's local days from ``since`` up to but not including ``until``."""
        if as_of is not None:
            return await self._days_then(company, since, until, as_of)
        return await self._live.rows(
            summary,
            f"WHERE company = %(company)s AND day >= %(since)s AND day < %(until)s{HERE}"
            " ORDER BY day, location, currency",
            {"company": company, "since": since, "until": until, **self._here},
        )

    async def _days_then(
        self, company: int, since: date, until: date, as_of: datetime
    ) -> Sequence[SummaryRow]:
        rows = await self._live.ask_any_version(
            _DAYS_THEN,
            {
                "company": company,
                "since": since,
                "until": until,
                "position": await self._store.position_at(as_of),
                **self._here,
            },
        )
        return [
            SummaryRow(
                id=f"{company}/{location}/{currency}/{day.isoformat()}",
                company=company,
                location=location,
                day=day,
                currency=currency,
                gross=gross,
                net=net,
                vat=vat,
                energy_wh=energy_wh,
                sessions=sessions,
            )
            for day, location, currency, gross, net, vat, energy_wh, sessions in rows
        ]

    async def _sums(
        self,
        company: int,
        since: date,
        until: date,
        step: LiteralString,
        location: str,
        as_of: datetime | None,
    ) -> list[tuple[date, Figures]]:
        params: dict[str, Any] = {"company": company, "since": since, "until": until, "location": location}
        params |= self._here
        if as_of is None:
            query = _NOW.replace("{step}", step)
        else:
            query = _THEN.replace("{step}", step)
            # Local days begin up to 14 hours before UTC days, and a charger's clock may be slightly ahead.
            params |= {
                "position": await self._store.position_at(as_of),
                "last_day": as_of.date() + timedelta(days=2),
            }
        return _figures(await self._live.ask_any_version(query, params))

    async def _part(
        self, company: int, day: date, cut: datetime, location: str, as_of: datetime | None
    ) -> list[tuple[date, Figures]]:
        position = None if as_of is None else await self._store.position_at(as_of)
        params = {"company": company, "day": day, "cut": cut, "location": location, "position": position}
        params |= self._here
        return _figures(await self._live.ask_any_version(_PART, params))


def _figures(rows: Iterable[tuple[Any, ...]]) -> list[tuple[date, Figures]]:
    return [
        (
            at,
            Figures(currency=currency, gross=gross, net=net, vat=vat, energy_wh=energy_wh, sessions=sessions),
        )
        for at, currency, gross, net, vat, energy_wh, sessions in rows
    ]


def _span(period: str, day: date) -> _Span:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise Unanswerable(f"There are summaries from {_FIRST_YEAR} to {_LAST_YEAR}.")
    if period == "day":
        one = timedelta(days=1)
        return _Span(day, day + one, day - one, day - (_DAYS_OF_A_DAY - 1) * one, by_month=False)
    if period == "month":
        since = day.replace(day=1)
        return _Span(
            since, _month_after(since), (since - timedelta(days=1)).replace(day=1), since, by_month=False
        )
    if period == "year":
        since = day.replace(month=1, day=1)
        return _Span(
            since,
            since.replace(year=since.year + 1),
            since.replace(year=since.year - 1),
            since,
            by_month=True,
        )
    raise Unanswerable("A period is day, month or year.")


def _month_after(since: date) -> date:
    return (since + timedelta(days=31)).replace(day=1)


def _series(span: _Span, found: list[tuple[date, Figures]]) -> Iterable[Bucket]:
    by_step: dict[date, list[Figures]] = defaultdict(list)
    for at, each in found:
        by_step[at].append(each)
    at = span.series_since
    while at < span.until:
        label = at.strftime("%Y-%m") if span.by_month else at.isoformat()
        yield Bucket(label=label, since=at, figures=_added(by_step[at]))
        at = _month_after(at) if span.by_month else at + timedelta(days=1)


def _added(figures: Iterable[Figures]) -> tuple[Figures, ...]:
    """Sums by currency, in the order of their codes."""
    sums: dict[str, Figures] = {}
    for each in figures:
        known = sums.get(each.currency)
        sums[each.currency] = each if known is None else _sum(known, each)
    return tuple(sums[currency] for currency in sorted(sums))


def _sum(one: Figures, other: Figures) -> Figures:
    return Figures(
        currency=one.currency,
        gross=one.gross + other.gross,
        net=one.net + other.net,
        vat=one.vat + other.vat,
        energy_wh=one.energy_wh + other.energy_wh,
        sessions=one.sessions + other.sessions,
    )
