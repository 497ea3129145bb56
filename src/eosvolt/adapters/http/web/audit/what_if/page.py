"""What past sessions would have cost under a draft tariff, and whether bills come out the same today.

Nothing is stored. The result is a part of its own that the open page asks for, because it takes seconds.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from msgspec.structs import replace
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.page_parts import PART
from eosvolt.adapters.http.framework.problems import all_invalid
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.exports import download
from eosvolt.adapters.http.web.audit.what_if.differences import PriceDifferences, Rated, compared
from eosvolt.adapters.http.web.audit.what_if.view_models import (
    RerateReport,
    RerateResult,
    WhatIfPage,
    WhatIfResult,
)
from eosvolt.adapters.http.web.locations.form_data import LocationFormData, blank, checked, typed
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.adapters.http.web.shell.query_parameters import lived_day
from eosvolt.application.operations.sessions import EXPORT, VIEW
from eosvolt.application.table_files import Cell, Table, TableFormat
from eosvolt.domain.calendar import local_day
from eosvolt.domain.money import Money, minor_digits
from eosvolt.domain.tariffs.tariff import BLOCKING_INTERVALS, Tariff

# Sessions of which the events are read for one result.
MOST_RATED = 5_000
MOST_LISTED = 200
LATELY = timedelta(days=7)
_CHECKS = {"since": lived_day, "until": lived_day}
_COLUMNS = (
    "session", "ended at", "location", "charger", "plug", "kWh", "currency",
    "did cost", "would cost", "difference",
)  # fmt: skip


def what_if_routes(pages: Pages) -> list[Route]:
    """``/audit/what-if`` and ``/audit/re-rating``."""
    return [
        pages.get("/audit/what-if", what_if_page, _CHECKS, needs=VIEW),
        pages.get("/audit/what-if/export.csv", export, _CHECKS, needs=EXPORT),
        pages.get("/audit/re-rating", re_rating, _CHECKS, needs=VIEW),
    ]


async def what_if_page(request: PageRequest) -> Response:
    """The form, and the result of a draft that can be applied."""
    form_data, wrong, draft = _draft(request)
    if draft is not None:
        wrong |= await _too_much(request)
    rows = request.locations.rows
    since, until = _days(request)

    async def result(request: PageRequest) -> WhatIfResult:
        applied = draft if not wrong else None
        asked = request.raw.headers.get(PART) == "result" or bool(request.query("calculate"))
        found = None
        if applied is not None and asked:
            found = await compared(_rated(request, applied))
        return WhatIfResult(
            found=found,
            chart=None if found is None else _chart(found),
            question=gettext("What would each day have brought?"),
            calculate=request.link(calculate="yes") if applied is not None else "",
            export=request.link("/audit/what-if/export.csv", calculate=None),
        )

    return await show(
        request,
        WhatIfPage(
            form_data=form_data,
            problems=wrong,
            since=since.isoformat(),
            until=until.isoformat(),
            currencies=sorted({row.tariff.currency for row in rows}),
            intervals=BLOCKING_INTERVALS,
            chosen=request.query_values("location"),
        ),
        {"result": result},
    )


async def export(request: PageRequest) -> Response:
    """Every session with what it did cost and would cost."""
    _, wrong, draft = _draft(request)
    if wrong or draft is None:
        raise all_invalid([(f"?{name}", sentence) for name, sentence in wrong.items()] or [("?price", "")])
    table: Table[Rated] = Table("What-if", request.now, _COLUMNS, lambda each: _cells(request, each))
    since, until = _days(request)
    name = f"what-if-{since.isoformat()}-{until.isoformat()}"
    return await download(
        request.dependencies, request.number, name, table, _rated(request, draft), TableFormat("csv")
    )


async def re_rating(request: PageRequest) -> Response:
    """The sessions whose bill is another one when it is computed today by their own tariff."""
    wrong = await _too_much(request)
    since, until = _days(request)

    async def differing(request: PageRequest) -> RerateResult:
        asked = request.raw.headers.get(PART) == "differing" or bool(request.query("calculate"))
        found, rated = (None, 0) if wrong or not asked else await _differing(request)
        calculate = "" if wrong else request.link(calculate="yes")
        return RerateResult(differing=found, rated=rated, most=MOST_LISTED, calculate=calculate)

    return await show(
        request,
        RerateReport(problems=wrong, since=since.isoformat(), until=until.isoformat()),
        {"differing": differing},
    )


def _days(request: PageRequest) -> tuple[date, date]:
    """The first and the last local day, by default the last week."""
    since, until = request.query("since"), request.query("until")
    last = date.fromisoformat(until) if until else request.today
    return (date.fromisoformat(since) if since else last - LATELY), last


def _span(request: PageRequest) -> tuple[datetime, datetime]:
    """The same days as instants, on the clock of the company's first location."""
    since, until = _days(request)
    zone = request.locations.zone()
    return local_day(since, zone)[0], local_day(until, zone)[1]


def _draft(request: PageRequest) -> tuple[LocationFormData, dict[str, str], Tariff | None]:
    """The form, what is wrong with it, and its tariff; neither before anything was typed."""
    first = request.locations.rows[0].tariff if request.locations.rows else None
    empty = blank(first, request.company.preferences)
    if "price" not in request.raw.query_params:
        return empty, {}, None
    sent = typed(request.raw.query_params)
    # What a tariff has besides its prices is that of each session.
    given = {name: value for name, value in sent.values.items() if value}
    filled = sent._replace(values=empty.values | {"name": "-"} | given | {"price": sent.values["price"]})
    wrong, _, tariff = checked(filled)
    return filled, wrong, tariff


async def _too_much(request: PageRequest) -> dict[str, str]:
    since, until = _days(request)
    if until < since:
        return {"until": gettext("The last day is before the first.")}
    number = await request.queries.ended_sessions(
        request.number, *_span(request), request.query_values("location")
    )
    if number <= MOST_RATED:
        return {}
    return {
        "since": gettext(
            "These days have {number} sessions; at most {most} are calculated at once. Choose fewer days or "
            "locations.",
            number=number,
            most=MOST_RATED,
        )
    }


async def _rated(request: PageRequest, draft: Tariff) -> AsyncGenerator[Sequence[Rated], None]:
    """The sessions in the draft's currency, each at its own place and VAT rate."""

    def drafted(pinned: Tariff) -> Tariff | None:
        if pinned.currency != draft.currency:
            return None
        return replace(draft, vat_rate=pinned.vat_rate, time_zone=pinned.time_zone)

    asked = request.query_values("location")
    async for some in request.queries.rated_sessions(request.number, *_span(request), drafted, asked):
        yield some


async def _differing(request: PageRequest) -> tuple[list[Rated], int]:
    found: list[Rated] = []
    number = 0
    async with aclosing(_own(request)) as rated:
        async for some in rated:
            number += len(some)
            found += [each for each in some if each[1].then != each[1].now.gross.minor]
    return found[:MOST_LISTED], number


async def _own(request: PageRequest) -> AsyncGenerator[Sequence[Rated], None]:
    found: AsyncIterator[Sequence[Rated]] = request.queries.rated_sessions(
        request.number, *_span(request), lambda pinned: pinned
    )
    async for some in found:
        yield some


def _chart(found: PriceDifferences) -> dict[str, Any] | None:
    """What the browser draws: a bar for what each day would have brought, a line for what it did."""
    if not found.totals:
        return None
    currency = found.totals[0].then.currency
    digits = minor_digits(currency)
    days = [each for each in found.by_day if each.then.currency == currency]
    return {
        "kind": "summary",
        "labels": [each.key for each in days],
        "by": "day",
        "values": [each.now.minor / 10**digits for each in days],
        "before": [each.then.minor / 10**digits for each in days],
        "unit": currency,
        "digits": digits,
        "names": [gettext("would have cost"), gettext("did cost")],
        "formula": "",
        "marked": "",
    }


def _cells(request: PageRequest, rated: Rated) -> Sequence[Cell]:
    row, found = rated
    then, now = Money(row.currency, found.then), found.now.gross
    return (
        row.number, row.ended_at, request.locations.name(row.location), row.charge_point,
        row.connector or None, Decimal(row.energy_wh) / 1000, row.currency,
        then.amount, now.amount, (now - then).amount,
    )  # fmt: skip
