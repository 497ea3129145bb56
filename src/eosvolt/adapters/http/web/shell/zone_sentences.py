"""Sentences about load balancing zones and the limits of their chargers."""

from decimal import Decimal

from eosvolt.adapters.http.framework.texts import Text, gettext, ngettext
from eosvolt.adapters.http.presentation.amounts import decimal_text
from eosvolt.adapters.http.web.shell.formats import power
from eosvolt.application.explanation_sentences import in_words
from eosvolt.domain.explanations import Explanation
from eosvolt.domain.kernel import Event
from eosvolt.domain.smart_charging import events as limits
from eosvolt.domain.vocabulary import tag
from eosvolt.domain.zones import events as zone

_SENTENCES = {
    "zone-enabled": Text("The zone was turned on: its chargers follow it."),
    "zone-disabled": Text("The zone was turned off: its limits are withdrawn."),
    "zone-removed": Text("The zone was removed."),
    "sub-zone-attached": Text("Another zone became a part of this one."),
    "sub-zone-detached": Text("A part of this zone is no part of it any more."),
    "smart-charging-changed": Text("The charger has another wiring, or its zone was turned on or off."),
    "smart-charging-zone-left": Text("The charger belongs to no zone any more."),
    "limits-doubted": Text("The charger restarted: it is told its limits again."),
    "limit-withdrawal-confirmed": Text("The charger confirmed that a limit is withdrawn."),
}
_OUTCOMES = {
    "refused": Text("The charger refused to withdraw a limit."),
    "unanswered": Text("The charger did not answer whether a limit is withdrawn."),
    "notSent": Text("The charger could not be told that a limit is withdrawn."),
}


def amperes(current_ma: int | None) -> str:
    """A current with one decimal, rounded down as limits are; a dash where there is none."""
    if current_ma is None:
        return "–"
    return f"{decimal_text(Decimal(current_ma // 100) / 10, format='#,##0.0')} A"


def zone_sentence(event: Event) -> str:  # noqa: PLR0911 - a case for each event
    """What happened to a zone or to the limits of a charger; empty for all other events."""
    match event:
        case zone.ZoneCreated(settings=settings):
            return gettext(
                "The zone “{name}” was created with {power}.",
                name=settings.name,
                power=power(settings.capacity_w),
            )
        case zone.ZoneChanged(settings=settings):
            return gettext(
                "The zone “{name}” was changed; it has {power}.",
                name=settings.name,
                power=power(settings.capacity_w),
            )
        case zone.ZoneChargerAdded(charger=charger):
            return gettext("The charger {charger} was added to the zone.", charger=_box(charger.charge_point))
        case zone.ZoneChargerChanged(charger=charger):
            return gettext(
                "The charger {charger} has another wiring or priority in the zone.",
                charger=_box(charger.charge_point),
            )
        case zone.ZoneChargerRemoved(charge_point=key):
            return gettext("The charger {charger} was taken out of the zone.", charger=_box(key))
        case zone.ZoneMetered(reading=reading):
            return gettext("The site meter told {power}.", power=power(reading.power_w))
        case zone.ZoneDecided(plugs=plugs, number=number):
            changed = sum(each.changed for each in plugs)
            waiting = sum(each.waiting for each in plugs)
            decided = ngettext(
                "Decision {decision}: {number} limit changed",
                "Decision {decision}: {number} limits changed",
                changed,
                decision=number,
            )
            waits = ngettext("{number} session waits", "{number} sessions wait", waiting)
            if waiting:
                return gettext("{decided}, {waits}.", decided=decided, waits=waits)
            return f"{decided}."
        case limits.ZoneJoined():
            return gettext("The charger belongs to a zone.")
        case _:
            return _of_limits(event) or str(_SENTENCES.get(tag(type(event)), ""))


def _of_limits(event: Event) -> str:  # noqa: C901, PLR0911, PLR0912 - a case for each event
    match event:
        case limits.LimitAsked(plug=0, limit_ma=limit):
            return gettext("The fallback of {limit} is to be sent.", limit=amperes(limit))
        case limits.LimitAsked(plug=plug, limit_ma=limit):
            return gettext("Plug {plug}: the limit {limit} is to be sent.", plug=plug, limit=amperes(limit))
        case limits.LimitSent(plug=plug):
            return gettext("{plug}: the limit was sent.", plug=_plug(plug))
        case limits.LimitConfirmed(plug=plug, limit_ma=limit):
            return gettext("{plug}: the charger confirmed {limit}.", plug=_plug(plug), limit=amperes(limit))
        case limits.LimitRefused(plug=plug, limit_ma=limit, status=status):
            return gettext(
                "{plug}: the charger refused {limit} ({status}).",
                plug=_plug(plug),
                limit=amperes(limit),
                status=status or "–",
            )
        case limits.LimitUnanswered(plug=plug, limit_ma=limit, explanation=why):
            said = gettext(
                "{plug}: the charger did not answer {limit}; the higher limit counts.",
                plug=_plug(plug),
                limit=amperes(limit),
            )
            return f"{said} {_why(why)}".strip()
        case limits.LimitNotSent(plug=plug, limit_ma=limit, explanation=why):
            said = gettext(
                "{plug}: {limit} never reached the charger.", plug=_plug(plug), limit=amperes(limit)
            )
            return f"{said} {_why(why)}".strip()
        case limits.LimitExpired(plug=plug):
            return gettext("{plug}: its session is over, and so is its limit.", plug=_plug(plug))
        case limits.LimitExceeded(plug=plug, limit_ma=limit, measured_ma=measured):
            return gettext(
                "{plug} draws {measured}, more than its {limit}.",
                plug=_plug(plug),
                measured=amperes(measured),
                limit=amperes(limit),
            )
        case limits.LimitKept(plug=plug):
            return gettext("{plug} keeps its limit again.", plug=_plug(plug))
        case limits.WithdrawalAsked(plug=plug):
            return gettext("{plug}: the limit is to be withdrawn.", plug=_plug(plug))
        case limits.WithdrawalFailed(outcome=outcome, explanation=why):
            return f"{_OUTCOMES.get(outcome, outcome)} {_why(why)}".strip()
        case _:
            return ""


def _why(explanation: Explanation | None) -> str:
    return in_words("", explanation, gettext)


def _plug(plug: int) -> str:
    return gettext("Plug {number}", number=plug) if plug else gettext("Fallback")


def _box(charge_point: str) -> str:
    return charge_point.partition("/")[2]
