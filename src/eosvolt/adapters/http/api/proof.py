"""``/history`` and ``/sessions/{session}/proof``: the head of the history, and the proof of a bill."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.frames import FrameView, frame_view
from eosvolt.adapters.http.api.session_views import LineView, line_view
from eosvolt.adapters.http.framework.api_types import ApiInput, Items, View
from eosvolt.adapters.http.framework.endpoint import endpoint
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.presentation.event_view import EventView, event_view
from eosvolt.adapters.http.presentation.session_proof import ProvedEvent, proved
from eosvolt.application.history_proof import VerificationRun
from eosvolt.application.installation import SealHead
from eosvolt.application.operations import sessions, views

Digest = Annotated[
    str, Meta(pattern="^([0-9a-f]{16,64})?$", description="Hex; its first 16 digits are enough.")
]


class HeadView(View, frozen=True, kw_only=True):
    """A seal: it covers the history up to ``position``."""

    position: int
    digest: str
    sealed_at: datetime


class ModelResultView(View, frozen=True, kw_only=True):
    """One read model in a run of `eosvolt verify`."""

    name: str
    events: int
    rows: int
    live: str
    replayed: str
    same: bool


class VerificationView(View, frozen=True, kw_only=True):
    """One run of `eosvolt verify`."""

    started_at: datetime
    ended_at: datetime
    by: str
    position: int
    digest: str
    same: bool
    models: list[ModelResultView]
    findings: list[str]


class HistoryView(View, frozen=True, kw_only=True):
    """The head of the history, and the last verification.

    ``expected`` is the seal that was asked for; it is absent if the chain has none with this digest.
    """

    head: HeadView | None = None
    expected: HeadView | None = None
    verification: VerificationView | None = None


class HistoryQuery(ApiInput, frozen=True, kw_only=True):
    """A head that was noted earlier."""

    expect: Digest = ""


class EventSealView(View, frozen=True, kw_only=True):
    """The seal that covers an event; ``unchanged``: the event is, byte for byte, the one that was sealed."""

    position: int
    digest: str
    sealed_at: datetime
    unchanged: bool


class ProvedEventView(View, frozen=True, kw_only=True):
    """An event behind a line, the OCPP frame that it came from, and its seal."""

    event: EventView
    frame: FrameView | None = None
    seal: EventSealView | None = None


class ProvedLineView(View, frozen=True, kw_only=True):
    """A line of the bill, and the events that it follows from."""

    line: LineView
    events: list[ProvedEventView]


@endpoint("GET", "/history", needs=views.SYSTEM)
async def history(call: ApiCall, query: HistoryQuery) -> HistoryView:
    """The last seal of the history, and what the last `eosvolt verify` found.

    With `expect`, a digest that was noted earlier is looked for in the chain.
    """
    runs = await call.queries.verification_runs(1)
    expected = await call.queries.expected_seal(query.expect) if query.expect else None
    return HistoryView(
        head=_head(await call.queries.history_head()),
        expected=_head(expected),
        verification=_run(runs[0]) if runs else None,
    )


@endpoint("GET", "/sessions/{session}/proof", needs=sessions.VIEW)
async def session_proof(call: ApiCall, session: str) -> Items[ProvedLineView]:
    """Each line of a bill with the events that it follows from, their OCPP frames and their seals."""
    row = await call.queries.session(call.company, session)
    if row is None:
        raise not_found()
    lines = await proved(call.queries, row, call.now)
    return Items(
        items=[
            ProvedLineView(line=line_view(each.line), events=[_event(one) for one in each.events])
            for each in lines
        ]
    )


def _event(each: ProvedEvent) -> ProvedEventView:
    seal = each.seal
    return ProvedEventView(
        event=event_view(each.fact),
        frame=None if each.frame is None else frame_view(each.frame),
        seal=None
        if seal is None
        else EventSealView(
            position=seal.position, digest=seal.digest, sealed_at=seal.sealed_at, unchanged=seal.unchanged
        ),
    )


def _head(seal: SealHead | None) -> HeadView | None:
    if seal is None:
        return None
    return HeadView(position=seal.position, digest=seal.digest, sealed_at=seal.sealed_at)


def _run(run: VerificationRun) -> VerificationView:
    return VerificationView(
        started_at=run.started_at,
        ended_at=run.ended_at,
        by=run.by,
        position=run.position,
        digest=run.digest,
        same=run.same,
        models=[
            ModelResultView(
                name=each.name,
                events=each.events,
                rows=each.rows,
                live=each.live,
                replayed=each.replayed,
                same=each.same,
            )
            for each in run.models
        ],
        findings=list(run.findings),
    )


ENDPOINTS = (history, session_proof)
