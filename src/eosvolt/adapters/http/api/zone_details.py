"""``/zones``: which chargers can be chosen, decisions, power over time, and what more chargers would mean."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from msgspec import Meta

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.zone_detail_views import (
    CandidateView,
    ZoneDecisionView,
    ZoneSeriesView,
    ZoneWhatIfView,
    candidate_view,
    decision_view,
    series_view,
    what_if_view,
)
from eosvolt.adapters.http.api.zone_shapes import watts
from eosvolt.adapters.http.framework.api_types import (
    ApiInput,
    AsOfInstant,
    Cursor,
    Instant,
    Items,
    Limit,
    maybe_utc,
)
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import PageQuery, next_link, paged
from eosvolt.adapters.http.framework.problems import invalid, not_found
from eosvolt.adapters.http.presentation.zone_candidates import candidates
from eosvolt.adapters.http.presentation.zone_series import LONGEST, resolution, series
from eosvolt.adapters.http.presentation.zones import charger_plugs, zone_state
from eosvolt.application.operations import zones as operations
from eosvolt.application.zone_what_if import MOST_CHARGERS, MOST_PLUGS, new_plugs, what_if

_TWELVE_HOURS = timedelta(hours=12)
# Nothing was measured before it, and the calendar begins some time earlier.
_FIRST = datetime(1970, 1, 2, tzinfo=UTC)


class DecisionsQuery(ApiInput, frozen=True, kw_only=True):
    """The page and the instant of the decisions."""

    limit: Limit = 50
    cursor: Cursor | None = None
    as_of: AsOfInstant = None


class SeriesQuery(ApiInput, frozen=True, kw_only=True):
    """A stretch of at most 35 days, by default the last 12 hours.

    Up to 12 hours of the last day come by the minute, all others by the quarter of an hour.
    """

    since: Instant | None = None
    until: Instant | None = None
    as_of: AsOfInstant = None


class WhatIfQuery(ApiInput, frozen=True, kw_only=True):
    """The chargers to add, all alike: ``powerKw`` of each of their ``plugs``, on so many ``phases``."""

    chargers: Annotated[int, Meta(ge=0, le=MOST_CHARGERS)] = 1
    plugs: Annotated[int, Meta(ge=1, le=MOST_PLUGS)] = 1
    power_kw: Annotated[float, Meta(ge=1.4, le=1_000)] = 22.0
    phases: Literal[1, 2, 3] = 3


@endpoint("GET", "/zones/candidates", needs=operations.VIEW)
async def list_candidates(call: ApiCall, query: PageQuery) -> Answer[Items[CandidateView]]:
    """All chargers, each with the reason why it cannot be chosen for a new zone, if there is one."""
    found = await candidates(call.queries, call.company)
    return paged(call, [candidate_view(each) for each in found], lambda each: each.charge_box_id, query)


@endpoint("GET", "/zones/{zone}/candidates", needs=operations.VIEW)
async def list_zone_candidates(call: ApiCall, zone: str, query: PageQuery) -> Answer[Items[CandidateView]]:
    """All chargers, each with the reason why it cannot be chosen for this zone, if there is one."""
    if await call.queries.zone(call.company, zone) is None:
        raise not_found()
    found = await candidates(call.queries, call.company, zone)
    return paged(call, [candidate_view(each) for each in found], lambda each: each.charge_box_id, query)


@endpoint("GET", "/zones/{zone}/decisions", needs=operations.VIEW)
async def list_zone_decisions(
    call: ApiCall, zone: str, query: DecisionsQuery
) -> Answer[Items[ZoneDecisionView]]:
    """What was decided about the zone and its sub-zones, the newest first, each with its inputs."""
    queries = call.queries_as_of(query.as_of)
    if await queries.zone(call.company, zone) is None:
        raise not_found()
    found = await queries.zone_decisions(
        call.company, zone, before=_position(query.cursor), limit=query.limit + 1
    )
    shown = [decision_view(each) for each in found[: query.limit]]
    cursor = str(shown[-1].id) if len(found) > query.limit else None
    return Answer(Items(items=shown, cursor=cursor), next_link(call.request, cursor))


@endpoint("GET", "/zones/{zone}/series", needs=operations.VIEW)
async def zone_series(call: ApiCall, zone: str, query: SeriesQuery) -> ZoneSeriesView:
    """The power of the zone over time: what its chargers drew and might draw, and what they might use."""
    now = call.as_of(query.as_of) or call.now
    until = min(maybe_utc(query.until, "?until") or now, now)
    since = maybe_utc(query.since, "?since") or max(until, _FIRST) - _TWELVE_HOURS
    if since >= until:
        raise invalid("?since", "A stretch of time ends after it begins, and begins before now.")
    if until - since > LONGEST:
        raise invalid("?since", f"At most {LONGEST.days} days at a time.")
    queries = call.queries_as_of(query.as_of)
    if await queries.zone(call.company, zone) is None:
        raise not_found()
    by = resolution(since, until, call.now)
    rows = await queries.zone_power(call.company, zone, since, until, by)
    return series_view(by, series(rows, since, until, by))


@endpoint("GET", "/zones/{zone}/what-if", needs=operations.VIEW)
async def what_if_zone(call: ApiCall, zone: str, query: WhatIfQuery) -> ZoneWhatIfView:
    """What each plug would get if the zone had more chargers and all plugs charged at once, now."""
    state = await zone_state(call.queries, call.company, zone, call.now)
    if state is None:
        raise not_found()
    new = new_plugs(query.chargers, query.plugs, watts(query.power_kw), query.phases)
    return what_if_view(what_if(state.row.settings, state.usable_ma, charger_plugs(state), new))


def _position(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 18):
        raise invalid("?cursor", "This is no cursor of this list.")
    return int(cursor)


CANDIDATES = (list_candidates,)
ZONE_DETAILS = (list_zone_candidates, list_zone_decisions, zone_series, what_if_zone)
