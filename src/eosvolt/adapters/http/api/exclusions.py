"""``/exclusions``: down time that an operator explains, for regulators' definitions of uptime."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework.api_types import ApiInput, Instant, Items, ShortText, View, utc
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.framework.problems import all_invalid, invalid, not_found
from eosvolt.application.operations import exclusions as operations
from eosvolt.application.operations.exclusions import ExclusionInput, ExclusionWithdrawal
from eosvolt.application.permissions import NotThere
from eosvolt.domain.exclusions.events import ExclusionKind
from eosvolt.domain.exclusions.limits import LONGEST, LONGEST_REASON
from eosvolt.projections.exclusions import ExclusionRow

KindName = Literal["utility", "network", "vehicle", "vandalism", "disaster", "plannedMaintenance"]
Reason = Annotated[str, Meta(min_length=1, max_length=LONGEST_REASON, pattern=r"\S")]


class NewExclusion(ApiInput, frozen=True, kw_only=True):
    """Down time from ``since`` up to ``until``, at most 366 days, of a location, a charger or a plug.

    With ``chargeBoxId`` the location is where the charger stands now.
    """

    kind: KindName
    since: Instant
    until: Instant
    reason: Reason
    location_id: ShortText = ""
    charge_box_id: ShortText = ""
    plug: Annotated[int, Meta(ge=1, le=10_000)] | None = None


class Withdrawal(ApiInput, frozen=True, kw_only=True):
    """Why an exclusion is withdrawn."""

    reason: Annotated[str, Meta(max_length=LONGEST_REASON)] = ""


class ExclusionView(View, frozen=True, kw_only=True):
    """An exclusion with its author. Without ``chargeBoxId`` it is about all chargers of the location."""

    id: str
    kind: KindName
    location_id: str
    since: datetime
    until: datetime
    reason: str
    recorded_at: datetime
    recorded_by: str
    charge_box_id: str = ""
    plug: int | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawal_reason: str = ""


class ExclusionsQuery(PageQuery, frozen=True, kw_only=True):
    """The exclusions of a location or of a charger."""

    location: ShortText = ""
    charger: ShortText = ""


@endpoint("GET", "/exclusions", needs=operations.VIEW)
async def list_exclusions(call: ApiCall, query: ExclusionsQuery) -> Answer[Items[ExclusionView]]:
    """All exclusions, also withdrawn ones, the latest first."""
    rows = await call.queries.exclusions(call.company, location=query.location, charge_box_id=query.charger)
    return paged(call, [_view(row) for row in rows], lambda each: each.id, query)


@endpoint("POST", "/exclusions", status=201, refusals=(409,), operation=operations.record)
async def record_exclusion(call: ApiCall, body: NewExclusion) -> Answer[ExclusionView]:
    """Explain down time. Each definition of uptime says which kinds it leaves out."""
    since, until = utc(body.since, "/since"), utc(body.until, "/until")
    _check(body, since, until)
    exclusion = call.new_id()
    wanted = ExclusionInput(
        exclusion=exclusion,
        kind=ExclusionKind(body.kind),
        since=since,
        until=until,
        reason=body.reason,
        location=body.location_id,
        charger=body.charge_box_id,
        plug=body.plug or 0,
    )
    try:
        await call.run(operations.record, wanted)
    except NotThere:
        pointer = "/chargeBoxId" if body.charge_box_id else "/locationId"
        thing = "charger" if body.charge_box_id else "location"
        raise invalid(pointer, f"There is no such {thing}.") from None
    return Answer(await _one(call, exclusion), {"Location": f"/api/v1/exclusions/{exclusion}"})


@endpoint("GET", "/exclusions/{exclusion}", needs=operations.VIEW)
async def get_exclusion(call: ApiCall, exclusion: str) -> ExclusionView:
    """One exclusion."""
    return await _one(call, exclusion)


@endpoint("POST", "/exclusions/{exclusion}/withdraw", operation=operations.withdraw)
async def withdraw_exclusion(call: ApiCall, exclusion: str, body: Withdrawal) -> ExclusionView:
    """Let an exclusion count no more. It stays in the list."""
    await call.run(operations.withdraw, ExclusionWithdrawal(exclusion=exclusion, reason=body.reason))
    return await _one(call, exclusion)


def _check(body: NewExclusion, since: datetime, until: datetime) -> None:
    wrong = []
    if not body.location_id and not body.charge_box_id:
        wrong.append(("/locationId", "A location or a charger is needed."))
    if body.plug and not body.charge_box_id:
        wrong.append(("/chargeBoxId", "A plug needs its charger."))
    if until <= since:
        wrong.append(("/until", "An exclusion ends after it begins."))
    elif until - since > LONGEST:
        wrong.append(("/until", f"An exclusion lasts at most {LONGEST.days} days."))
    if wrong:
        raise all_invalid(wrong)


async def _one(call: ApiCall, exclusion: str) -> ExclusionView:
    row = await call.queries.exclusion(call.company, exclusion)
    if row is None:
        raise not_found()
    return _view(row)


def _view(row: ExclusionRow) -> ExclusionView:
    return ExclusionView(
        id=row.exclusion,
        kind=ExclusionKind(row.kind).value,
        location_id=row.location,
        since=row.since,
        until=row.until,
        reason=row.reason,
        recorded_at=row.recorded_at,
        recorded_by=row.by,
        charge_box_id=row.charge_point,
        plug=row.connector or None,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=row.withdrawn_by,
        withdrawal_reason=row.withdrawal_reason,
    )


ENDPOINTS = (list_exclusions, record_exclusion, get_exclusion, withdraw_exclusion)
