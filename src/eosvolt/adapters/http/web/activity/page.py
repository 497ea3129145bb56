"""``/activity``: who did what. Only what people, API keys and staff did, of the areas that one may view."""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import all_invalid
from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.web.activity.view_models import ActivityEntry, ActivityPage
from eosvolt.adapters.http.web.shell.actor_names import actors_of
from eosvolt.adapters.http.web.shell.event_objects import EventObject, objects_of
from eosvolt.adapters.http.web.shell.history_pages import beside, entries_of, position
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.adapters.http.web.shell.query_parameters import day, number, one_of
from eosvolt.adapters.http.web.shell.timeline import TimelineEntry
from eosvolt.application.event_search import EventSearch, visible_tags
from eosvolt.application.operations import admins
from eosvolt.application.operations.views import HISTORY
from eosvolt.application.permissions import allows
from eosvolt.domain.calendar import local_day
from eosvolt.domain.vocabulary import EVENTS

PAGE = "/activity"
PER_PAGE = 50
FILTERS = ("by", "kind", "from", "to")


class ObjectKind(NamedTuple):
    """A kind of objects: its label, and the packages of the domain that its events stand in."""

    label: str
    packages: frozenset[str]


KINDS = {
    "session": ObjectKind(Text("Sessions"), frozenset({"sessions"})),
    "location": ObjectKind(Text("Locations"), frozenset({"locations"})),
    "charger": ObjectKind(Text("Chargers"), frozenset({"charge_points", "maintenance"})),
    "home": ObjectKind(
        Text("Home chargers"), frozenset({"home_chargers", "home_statements", "price_profiles"})
    ),
    "command": ObjectKind(Text("Commands"), frozenset({"commands"})),
    "token": ObjectKind(Text("Tokens"), frozenset({"tokens"})),
    "fault": ObjectKind(Text("Faults"), frozenset({"faults"})),
    "booking": ObjectKind(Text("Bookings"), frozenset({"bookings", "booking_feeds"})),
    "exclusion": ObjectKind(Text("Exclusions"), frozenset({"exclusions"})),
    "zone": ObjectKind(Text("Load balancing"), frozenset({"zones", "smart_charging"})),
    "user": ObjectKind(Text("Users"), frozenset({"operators"})),
    "company": ObjectKind(Text("Company"), frozenset({"companies"})),
    "rule": ObjectKind(Text("Notification rules"), frozenset({"notification_rules", "notifications"})),
}
_POSITION = number(0, 2**63 - 2)
_CHECKS = {"kind": one_of(KINDS), "from": day, "to": day, "before": _POSITION, "after": _POSITION}


def activity_routes(pages: Pages) -> list[Route]:
    """``/activity``."""
    return [pages.get(PAGE, activity, _CHECKS, needs=admins.VIEW)]


async def activity(request: PageRequest) -> Response:
    """A page of the changes that match."""
    before, after = position(request, "before"), position(request, "after")
    ascending = after is not None
    found = await request.queries.events(
        request.number,
        _wanted(request),
        behind=after if ascending else before,
        ascending=ascending,
        limit=PER_PAGE,
    )
    facts = found.items[::-1] if ascending else found.items
    full = found.ended or len(facts) == PER_PAGE
    searched_to = None if full else await request.queries.recorded_at(found.reached)
    older, newer = beside(request, found.reached, ended=found.ended)
    entries = await entries_of(request, facts)
    things = await objects_of(request, facts)
    return await show(
        request,
        ActivityPage(
            entries=[_entry(request, entry, thing) for entry, thing in zip(entries, things, strict=True)],
            older=older,
            newer=newer,
            searched_to=searched_to,
            filtered=any(request.query(name) for name in FILTERS),
            actors=await actors_of(request),
            kinds={key: kind.label for key, kind in KINDS.items()},
        ),
    )


def _wanted(request: PageRequest) -> EventSearch:
    since, until = _start(request, "from"), _start(request, "to", days=1)
    if since is not None and until is not None and until <= since:
        raise all_invalid([("?to", gettext("The end has to be after the beginning."))])
    kind = KINDS.get(request.query("kind"))
    types = (
        frozenset(name for name, event in EVENTS.items() if event.__module__.split(".")[2] in kind.packages)
        if kind
        else frozenset()
    )
    return EventSearch(
        by=request.query("by"),
        people=True,
        types=types,
        since=since,
        until=until,
        visible=visible_tags(request.actor.grants),
    )


def _start(request: PageRequest, name: str, days: int = 0) -> datetime | None:
    """The beginning of the local day of a parameter, or of one ``days`` later."""
    text = request.query(name)
    if not text:
        return None
    try:
        return local_day(date.fromisoformat(text) + timedelta(days=days), request.locations.zone())[0]
    except OverflowError:
        raise all_invalid([(f"?{name}", gettext("This day is outside the calendar."))]) from None


def _entry(request: PageRequest, entry: TimelineEntry, thing: EventObject) -> ActivityEntry:
    may_browse = allows(request.actor.grants, HISTORY)
    history = f"/audit/events?{urlencode({'stream': entry.fact.stream})}" if may_browse else ""
    return ActivityEntry(entry.fact, entry.sentence, thing, history)
