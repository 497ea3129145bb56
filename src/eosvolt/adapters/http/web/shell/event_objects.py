"""What events happened to: the kind of the object, its name, and the page that shows it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.web.shell.addresses import segment
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.domain.kernel import Fact
from eosvolt.domain.locations.homes import is_home


class EventObject(NamedTuple):
    """The object of an event. ``address`` is empty where no page shows it, or not any more."""

    kind: str
    name: str
    address: str = ""


class _Known(NamedTuple):
    """Charge box ids of the chargers that are still there, and names of admins and customers by id."""

    chargers: frozenset[str]
    admins: Mapping[str, str]
    customers: Mapping[str, str]


_CHARGER = Text("Charger")
_OF_HOMES = ("home-charger", "price-profile")
# Their keys begin with the company, and name a charger after it.
_OF_A_CHARGER = ("charge-point", "maintenance", "refusals", "fault", "smart-charging")


async def objects_of(request: PageRequest, facts: Sequence[Fact]) -> list[EventObject]:
    """The object of each event."""
    boxes = {box for fact in facts if (box := _charge_box_id(fact))}
    rows = await request.queries.chargers_named(request.number, sorted(boxes)) if boxes else ()
    of_admins = any(fact.stream.startswith("operator:") for fact in facts)
    people = await request.dependencies.admins.people(request.number) if of_admins else ()
    ids = {fact.key for fact in facts if fact.stream.startswith("customer:")}
    customers = await request.dependencies.customers.people(request.number, ids) if ids else {}
    known = _Known(
        frozenset(row.charge_box_id for row in rows),
        {each.account: each.name for each in people},
        {key: person.name for key, person in customers.items()},
    )
    return [_object(request, fact, known) for fact in facts]


def _charge_box_id(fact: Fact) -> str:
    """The charger of an event, or of its command; empty for events of other things."""
    category, _, key = fact.stream.partition(":")
    if category == "command":
        return str(getattr(fact.event, "charge_point", "")).partition("/")[2]
    if category not in _OF_A_CHARGER:
        return ""
    own = key.partition("/")[2]
    # The key of a fault ends with the plug and the code.
    return own.rsplit("/", 2)[0] if category == "fault" else own


def _object(request: PageRequest, fact: Fact, known: _Known) -> EventObject:  # noqa: C901, PLR0911, PLR0912 - a case for each kind
    category, _, key = fact.stream.partition(":")
    if category in _OF_HOMES or is_home(key):
        return _of_a_home(fact, key)
    match category:
        case "fault":
            number = getattr(fact.event, "number", None)
            address = f"/diagnostics/{segment(f'{key}#{number}')}" if number else ""
            return EventObject(Text("Fault"), key.partition("/")[2].replace("/", " · "), address)
        case "session":
            return EventObject(Text("Session"), key, f"/sessions/{segment(key)}")
        case "delivery":
            session = str(getattr(fact.event, "session", ""))
            return EventObject(Text("Session"), session, f"/sessions/{segment(session)}")
        case "location":
            here = key in request.locations
            return EventObject(
                Text("Location"), request.locations.name(key), f"/locations/{segment(key)}" if here else ""
            )
        case "token":
            uid = key.partition("/")[2]
            return EventObject(Text("Token"), uid, f"/tokens?search={segment(uid)}")
        case "customer" | "operator":
            return _somebody(category, key, known)
        case "company":
            return EventObject(Text("Company"), request.company.name, "/settings/history")
        case "notification-rule" | "notification":
            terms = getattr(fact.event, "terms", None)
            return EventObject(
                Text("Notification rule"), terms.name if terms else "", "/settings/notifications"
            )
        case "invoice":
            number = str(getattr(fact.event, "number", ""))
            return EventObject(Text("Invoice"), number, f"/finance/invoices/{segment(key)}")
        case "booking" | "calendar" | "booker" | "booking-feed":
            return _of_bookings(request, fact, category, key)
        case "zone":
            settings = getattr(fact.event, "settings", None)
            return EventObject(Text("Zone"), settings.name if settings else "", f"/zones/{segment(key)}")
        case "exclusion":
            return EventObject(Text("Exclusion"), _excluded(request, fact), "/exclusions")
        case _:
            box = _charge_box_id(fact)
            return EventObject(_CHARGER, box, f"/chargers/{segment(box)}" if box in known.chargers else "")


def _of_a_home(fact: Fact, key: str) -> EventObject:
    if is_home(key):
        return EventObject(Text("Home charger"), "", f"/home-chargers/{segment(key)}")
    terms = getattr(fact.event, "terms", None)
    return EventObject(Text("Price profile"), terms.name if terms else "", "/home-chargers/profiles")


def _of_bookings(request: PageRequest, fact: Fact, category: str, key: str) -> EventObject:
    if category == "booking-feed":
        return EventObject(
            Text("Location"), request.locations.name(key), f"/locations/{segment(key)}/booking"
        )
    booking = key if category == "booking" else str(getattr(fact.event, "booking", ""))
    plug = getattr(fact.event, "plug", None)
    name = f"{plug.charge_point} · {plug.connector}" if plug is not None else ""
    if category == "calendar":
        name = " · ".join(key.partition("/")[2].rsplit("/", 1))
    return EventObject(Text("Booking"), name, f"/bookings/{segment(booking)}")


def _excluded(request: PageRequest, fact: Fact) -> str:
    """The charger or the location that is excluded, where the event says it."""
    scope = getattr(fact.event, "scope", None)
    if scope is None:
        return ""
    return str(scope.charge_point.partition("/")[2] or request.locations.name(scope.location))


def _somebody(category: str, key: str, known: _Known) -> EventObject:
    if category == "operator":
        return EventObject(Text("User"), known.admins.get(key, ""), "/users")
    if key not in known.customers:
        return EventObject(Text("Customer"), gettext("Erased customer"))
    return EventObject(Text("Customer"), known.customers[key], f"/customers/{segment(key)}")
