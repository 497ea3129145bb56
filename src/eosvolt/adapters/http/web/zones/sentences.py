"""Why plugs have the limits that they have, and each decision in sentences."""

from collections.abc import Mapping

from eosvolt.adapters.http.framework.texts import Text, gettext, ngettext
from eosvolt.adapters.http.presentation.zones import ZonePlugLine
from eosvolt.adapters.http.web.shell.formats import power
from eosvolt.adapters.http.web.shell.zone_sentences import amperes
from eosvolt.application.zone_questions import DecisionOnZone
from eosvolt.domain.zones.values import PlugDecision
from eosvolt.projections.zone_power import watts

STATES: Mapping[str, Text] = {
    "off": Text("Zone is off"),
    "idle": Text("No session"),
    "limited": Text("Confirmed"),
    "pending": Text("Not confirmed yet"),
    "waiting": Text("Waits"),
    "notTaken": Text("Offered, not taken"),
    "refused": Text("Refused"),
    "unanswered": Text("Not answered"),
    "notSent": Text("Not sent"),
    "exceeded": Text("Draws more than allowed"),
    "offline": Text("Offline"),
    "uncontrollable": Text("Takes no limits"),
}
# The colours of states that other pages have already.
COLOURS: Mapping[str, str] = {
    "off": "Unavailable",
    "idle": "Available",
    "limited": "Charging",
    "pending": "Preparing",
    "waiting": "SuspendedEVSE",
    "notTaken": "SuspendedEV",
    "refused": "Faulted",
    "unanswered": "SuspendedEV",
    "notSent": "SuspendedEV",
    "exceeded": "Faulted",
    "offline": "Offline",
    "uncontrollable": "Faulted",
}
REASONS: Mapping[str, Text] = {
    "share": Text("its fair share of the capacity"),
    "full": Text("as much as the plug can deliver"),
    "demand": Text("as much as its car takes"),
    "fixedShare": Text("the equal share of each charger"),
    "noRoom": Text("it waits: the minimum does not fit beside the sessions before it"),
    "shareTooSmall": Text("it waits: the equal share is less than the minimum"),
    "roomNotFree": Text("its share is still taken: others must be lower first, and confirm it"),
    "pace": Text("its last limit was sent less than 10 s ago"),
    "offline": Text("the charger is not connected: what it may draw by itself is kept free"),
    "uncontrollable": Text("the charger takes no limits: what its plugs can deliver is kept free"),
    "notTaken": Text("offered, not taken for 10 minutes: its share goes to others until it is asked for"),
    "exceeded": Text("it draws more than its limit: what it draws is kept free"),
    "outstanding": Text("the charger has not answered yet: the higher limit counts"),
}
WITHDRAWALS: Mapping[str, Text] = {
    "asked": Text("not answered yet"),
    "refused": Text("refused"),
    "unanswered": Text("not answered"),
    "notSent": Text("not reached"),
}


def reason(code: str) -> str:
    """Why a plug has the limit that it has."""
    return str(REASONS.get(code, code))


def place(decided: PlugDecision) -> str:
    """The plug of a decision, e.g. ``LEJ-AUG-02 · 1``."""
    return f"{decided.charge_point.partition('/')[2]} · {decided.plug}"


def headline(decision: DecisionOnZone) -> str:
    """What a decision did, in one line."""
    changed, waiting = len(decision.changed), len(decision.waiting)
    parts = []
    if changed:
        parts.append(ngettext("{number} limit changed", "{number} limits changed", changed))
    if waiting:
        parts.append(ngettext("{number} session waits", "{number} sessions wait", waiting))
    if decision.fallbacks:
        parts.append(ngettext("{number} fallback sent", "{number} fallbacks sent", len(decision.fallbacks)))
    return ", ".join(parts) or gettext("No limit changed")


def inputs(decision: DecisionOnZone) -> str:
    """What a decision went by: the capacity and the building."""
    room = decision.room
    if room is None:
        return ""
    usable, capacity, rest = (power(watts(each)) for each in (room.usable_ma, room.capacity_ma, room.rest_ma))
    text = gettext(
        "{usable} for the chargers: {capacity} without the buffer, less {rest} for the building.",
        usable=usable,
        capacity=capacity,
        rest=rest,
    )
    if room.meter_silent:
        silent = gettext("The site meter was silent, so the building counted with its worst case.")
        return f"{text} {silent}"
    return text


def fallbacks(decision: DecisionOnZone) -> str:
    """To which chargers the fallback is sent; empty where to none."""
    if not decision.fallbacks:
        return ""
    boxes = ", ".join(each.partition("/")[2] for each in decision.fallbacks)
    return gettext("The fallback is sent to {chargers}.", chargers=boxes)


def explained(decided: PlugDecision) -> str:
    """What a decision said of a plug, and why."""
    why = reason(decided.reason.value)
    if not decided.changed:
        return gettext(
            "{plug}: {limit}, {reason}.", plug=place(decided), limit=amperes(decided.limit_ma), reason=why
        )
    return gettext(
        "{plug}: from {before} to {limit}, {reason}.",
        plug=place(decided),
        before=amperes(decided.before_ma),
        limit=amperes(decided.limit_ma),
        reason=why,
    )


def figures(decided: PlugDecision) -> str:
    """The figures by which a decision judged a plug."""
    return gettext(
        "share {target}, car takes {demand}, measured {measured}, counted with {assumed}",
        target=amperes(decided.target_ma),
        demand=amperes(decided.demand_ma),
        measured=amperes(decided.measured_ma),
        assumed=amperes(decided.assumed_ma),
    )


def line_reason(line: ZonePlugLine) -> str:
    """Why a plug with a session has its limit; empty where no decision said anything about it."""
    if line.decided is None or not line.session:
        return ""
    return reason(line.decided.reason.value)
