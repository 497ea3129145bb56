"""The plugs of a zone in words, and what is to be warned of."""

from collections.abc import Sequence
from datetime import datetime

from eosvolt.adapters.http.framework.texts import gettext, ngettext
from eosvolt.adapters.http.presentation.zones import ZonePlugLine, ZoneState
from eosvolt.adapters.http.web.shell.formats import lasting, power
from eosvolt.adapters.http.web.shell.zone_sentences import amperes
from eosvolt.adapters.http.web.zones.sentences import COLOURS, STATES, line_reason
from eosvolt.adapters.http.web.zones.view_models import ShownMember, ShownPlug
from eosvolt.domain.zones.values import ChargingPriority, ZoneCharger

# More chargers are not named.
MOST_NAMED = 6
_PROBLEM_STATES = ("exceeded", "uncontrollable", "refused", "unanswered", "notSent", "offline")
_ORDER = {
    state: at for at, state in enumerate(("waiting", *_PROBLEM_STATES, "pending", "notTaken", "limited"))
}


def place_in_list(line: ZonePlugLine) -> tuple[int, str, int]:
    """Those that wait come first, then those with a problem."""
    return _ORDER.get(line.state, len(_ORDER)), line.charge_box_id, line.plug


def warnings(state: ZoneState, now: datetime) -> list[str]:
    """What the operator should know of."""
    found = []
    reading = state.row.read_at
    if state.meter_silent and state.row.enabled:
        silent = (
            gettext("The site meter has told nothing for {time}.", time=lasting(now - reading))
            if reading
            else gettext("The site meter has told nothing yet.")
        )
        found.append(f"{silent} {gettext('The building counts with its worst case.')}")
    if state.may_draw_w > state.usable_w and state.row.enabled:
        found.append(
            gettext(
                "The chargers may draw up to {most}, more than the usable {usable}: chargers that took no "
                "limit yet count with all that their plugs can deliver.",
                most=power(state.may_draw_w),
                usable=power(state.usable_w),
            )
        )
    for name, boxes in _by_state(state).items():
        chargers = _named(boxes)
        if name == "exceeded":
            found.append(
                ngettext(
                    "{chargers} draws more than its limit. What it draws is kept free.",
                    "{chargers} draw more than their limits. What they draw is kept free.",
                    len(boxes),
                    chargers=chargers,
                )
            )
        elif name == "uncontrollable":
            found.append(
                ngettext(
                    "{chargers} takes no limits. What its plugs can deliver is kept free.",
                    "{chargers} take no limits. What their plugs can deliver is kept free.",
                    len(boxes),
                    chargers=chargers,
                )
            )
        elif name == "offline":
            found.append(
                ngettext(
                    "{chargers} is not connected. What it may draw by itself is kept free.",
                    "{chargers} are not connected. What they may draw by themselves is kept free.",
                    len(boxes),
                    chargers=chargers,
                )
            )
    return found


def _by_state(state: ZoneState) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in state.plugs:
        boxes = found.setdefault(each.state, [])
        if each.charge_box_id not in boxes:
            boxes.append(each.charge_box_id)
    return found


def _named(boxes: Sequence[str]) -> str:
    if len(boxes) <= MOST_NAMED:
        return ", ".join(boxes)
    more = gettext("{number} more", number=len(boxes) - MOST_NAMED)
    return f"{', '.join(boxes[:MOST_NAMED])}, {more}"


def shown_member(member: ZoneCharger) -> ShownMember:
    """A charger of a zone with the lines of its plugs, e.g. ``plug 1: L1 L2 L3; plug 2: L2``."""
    wiring = []
    for plug in member.plugs:
        lines = " ".join(f"L{line}" for line in plug.rotation)
        unknown = ngettext("{number} phase, lines not known", "{number} phases, lines not known", plug.phases)
        wiring.append(gettext("plug {plug}: {lines}", plug=plug.plug, lines=lines or unknown))
    box = member.charge_point.partition("/")[2]
    return ShownMember(box, member.priority is ChargingPriority.FIRST, "; ".join(wiring))


def shown_plug(line: ZonePlugLine) -> ShownPlug:
    """A plug with its words."""
    limit = None if line.limits is None else line.limits.limit(0)
    fallback = "–"
    if limit is not None and limit.in_force_ma is not None:
        fallback = amperes(limit.in_force_ma)
    elif limit is not None:
        fallback = gettext("{limit}, not confirmed", limit=amperes(limit.asked_ma))
    return ShownPlug(
        line=line,
        place=f"{line.charge_box_id} · {line.plug}",
        limit=amperes(line.limit_ma),
        may_draw=amperes(line.may_draw_ma),
        state=str(STATES[line.state]),
        colour=COLOURS[line.state],
        note=line_reason(line),
        fallback=fallback,
    )
