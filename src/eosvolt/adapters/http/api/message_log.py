"""``/chargers/{charger}/log``: the OCPP frames between a charger and the system."""

from typing import Annotated, Literal
from urllib.parse import quote

from msgspec import Meta
from starlette.responses import Response, StreamingResponse

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.frames import ENDINGS, MEDIA, FrameView, LogFormat, frame_view, written
from eosvolt.adapters.http.framework.api_types import (
    ApiInput,
    Cursor,
    Instant,
    Items,
    Limit,
    ShortText,
    maybe_utc,
)
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import next_link
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.application.operations.chargers import VIEW
from eosvolt.application.questions import FrameFilter

Part = Annotated[str, Meta(max_length=200, description="A part of the frame, in any case.")]
Outcome = Annotated[str, Meta(max_length=200, description="How the outcome begins, e.g. repaired.")]


class WantedFrames(ApiInput, frozen=True, kw_only=True):
    """The filter of frames. ``direction`` in is from the charger."""

    direction: Literal["", "in", "out"] = ""
    action: ShortText = ""
    outcome: Outcome = ""
    text: Part = ""
    since: Instant | None = None
    until: Instant | None = None


class MessagesQuery(WantedFrames, frozen=True, kw_only=True):
    """The filter and the page of frames."""

    limit: Limit = 50
    cursor: Cursor | None = None


class DownloadQuery(WantedFrames, frozen=True, kw_only=True):
    """The filter of frames, and the format: lines of text, or one JSON object per line."""

    format: LogFormat = "text"


@endpoint("GET", "/chargers/{charger}/log", needs=VIEW)
async def charger_log(call: ApiCall, charger: str, query: MessagesQuery) -> Answer[Items[FrameView]]:
    """OCPP frames of a charger, the newest first."""
    await _known(call, charger)
    page = await call.queries.frames(
        call.company, charger, wanted(query), cursor=query.cursor, limit=query.limit
    )
    items = Items(items=[frame_view(each.frame) for each in page.items], cursor=page.cursor)
    return Answer(items, next_link(call.request, page.cursor))


@endpoint("GET", "/chargers/{charger}/log/download", media=("text/plain", "application/x-ndjson"), needs=VIEW)
async def download_charger_log(call: ApiCall, charger: str, query: DownloadQuery) -> Response:
    """OCPP frames of a charger as a file, the oldest first."""
    await _known(call, charger)
    frames = call.queries.every_frame(call.company, charger, wanted(query))
    name = quote(f"{charger}.{ENDINGS[query.format]}")
    return StreamingResponse(
        written(frames, query.format),
        media_type=MEDIA[query.format],
        headers={"content-disposition": f"attachment; filename*=UTF-8''{name}", "cache-control": "no-store"},
    )


def wanted(query: WantedFrames) -> FrameFilter:
    """The filter of the read model."""
    return FrameFilter(
        direction=query.direction,
        action=query.action,
        outcome=query.outcome,
        text=query.text,
        since=maybe_utc(query.since, "?since"),
        until=maybe_utc(query.until, "?until"),
    )


async def _known(call: ApiCall, charger: str) -> None:
    if await call.queries.charge_point(call.company, charger) is None:
        raise not_found()


ENDPOINTS = (charger_log, download_charger_log)
