"""``GET /live``: the changes that an open page has to show, so that it requests those parts again.

One stream for each tab. An event names topics, not contents: ``plugs``, ``sessions``, ``session:ID``,
``charge-point:KEY``, ``plug-state:KEY`` (without the plugs' power), ``network`` (chargers come and go) …
A page's parts name the topics that they show; ``*`` stands for all topics. The stream begins after the
position of the history at which the page was rendered (``?after=``), and with ``*`` without one. Events are
at least ``_PAUSE`` seconds apart, and name the topics of all changes in between.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.open_streams import while_admitted
from eosvolt.adapters.http.framework.server_sent_events import HEADERS, MEDIA_TYPE, event, retry
from eosvolt.adapters.http.presentation.changed_rows import last_event_id
from eosvolt.adapters.http.presentation.visible_facts import VisibleFacts
from eosvolt.domain.charge_points.events import ChargePointAdded, ChargePointChanged, ChargePointRemoved
from eosvolt.domain.kernel import Fact
from eosvolt.domain.sessions.events import EnergyMetered
from eosvolt.domain.vocabulary import tag
from eosvolt.projections.connector_status import connector_status
from eosvolt.projections.revenue import summary

_PAUSE = 0.1
# A page that missed more positions of the history requests all its parts again.
MOST_MISSED = 10_000
_CATEGORIES = {
    "session": "sessions",
    "charge-point": "chargers",
    "fault": "faults",
    "location": "locations",
    "command": "commands",
    "token": "tokens",
    "customer": "customers",
    "company": "company",
    "exclusion": "exclusions",
    "booking": "bookings",
    "booking-feed": "booking-feeds",
    "operator": "admins",
    "home-charger": "home-chargers",
    "home-statements": "statements",
    "price-profile": "price-profiles",
    "zone": "zones",
}


def topics(facts: Sequence[Fact]) -> set[str]:
    """What parts of pages may be about the facts."""
    found: set[str] = set()
    for fact in facts:
        name = tag(type(fact.event))
        category, _, key = fact.stream.partition(":")
        everything = _CATEGORIES.get(category, category)
        found |= {everything, f"{category}:{key}"}
        if name in connector_status.reads:
            chargers = {plug.rpartition("/")[0] for plug in connector_status.keys(fact)}
            found.add("plugs")
            found |= {f"charge-point:{each}" for each in chargers}
            if not isinstance(fact.event, EnergyMetered):
                found |= {f"plug-state:{each}" for each in chargers}
        if isinstance(fact.event, ChargePointAdded | ChargePointChanged | ChargePointRemoved):
            found.add("network")
        if name in summary.reads:
            found |= {"summary", "performance"}
        charge_point = getattr(fact.event, "charge_point", "")
        if category == "command":
            found.add(f"charge-point:{charge_point}")
        elif category in {"maintenance", "smart-charging"}:
            found.add(f"charge-point:{key}")
        elif category == "fault" and charge_point:
            found.add(f"charge-point:{fact.why.company}/{charge_point}")
    return found


def live_routes(dependencies: Dependencies, gate: Gate) -> list[Route]:
    """The stream."""

    async def live(request: Request) -> Response:
        account = await gate.signed_in(request)
        if account is None:
            # 204 stops an EventSource from reconnecting.
            return Response(status_code=204)
        if request.method == "HEAD":
            # It has no body, and so no end either.
            return Response(media_type=MEDIA_TYPE, headers=HEADERS)

        after = last_event_id(request)
        actor = gate.person(account)
        queries = dependencies.queries.narrowed(actor.grants.locations)
        asker = f"session:{gate.cookie.secret(request)}"
        gate.streams.check(asker)

        ended = False

        async def admitted() -> bool:
            nonlocal ended
            ended = not await gate.is_still(request, actor)
            return not ended

        async def messages() -> AsyncIterator[bytes]:
            position = await dependencies.feed.position()
            missed_much = after is None or not position - MOST_MISSED <= after <= position
            facts = dependencies.feed.follow(account.company, None if missed_much else after)
            allowed = while_admitted(facts, admitted)
            batches = VisibleFacts(queries, account.company, actor.grants.locations).through(allowed)
            await anext(batches)
            yield retry(1000) + event("hello", b"{}")
            if missed_much:
                yield event("changed", b'["*"]', position)
            async for batch in batches:
                if not batch:
                    yield event("pulse", b"{}")
                    await asyncio.sleep(_PAUSE)
                    continue
                changed = msgspec.json.encode(sorted(topics(batch)))
                yield event("changed", changed, batch[-1].position)
                await asyncio.sleep(_PAUSE)
            # A slow page comes again by itself; one whose access ended or changed loads anew.
            if ended:
                yield event("goodbye", b"{}")

        return StreamingResponse(
            gate.streams.limited(asker, messages()), media_type=MEDIA_TYPE, headers=HEADERS
        )

    return [Route("/live", live, methods=["GET"])]
