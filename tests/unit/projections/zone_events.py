"""Events of a zone and of the limits of its charger."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from eosvolt.domain.kernel import Event, Fact, Provenance
from eosvolt.domain.smart_charging.events import LimitAsked, LimitConfirmed, LimitSent, ZoneJoined
from eosvolt.domain.zones.values import PlugWiring, ZoneSettings

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ZONE, BOX, WHY = "z1", "242/CP-1", Provenance(242, "system:load-balancing")
SETTINGS = ZoneSettings(name="Garage", capacity_w=100_000, time_zone="Europe/Berlin")
WIRING = (PlugWiring(plug=1), PlugWiring(plug=2, phases=1, max_ma=16_000))


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def facts(stream: str, events: Iterable[Event], since: float = 0, step: float = 1) -> list[Fact]:
    return [
        Fact(number, stream, number, event, at(since + number * step), WHY)
        for number, event in enumerate(events, 1)
    ]


def joined(*, following: bool = True, fallback_ma: int = 6_000) -> ZoneJoined:
    return ZoneJoined(
        company=242,
        charge_point=BOX,
        zone=ZONE,
        plugs=WIRING,
        fallback_ma=fallback_ma,
        at=NOON,
        following=following,
    )


def asked(command: str, limit_ma: int, plug: int = 1, session: str = "s1") -> LimitAsked:
    return LimitAsked(
        company=242,
        charge_point=BOX,
        zone=ZONE,
        plug=plug,
        limit_ma=limit_ma,
        command=command,
        sequence=1,
        at=NOON,
        session=session if plug else "",
    )


def sent(command: str, plug: int = 1) -> LimitSent:
    return LimitSent(company=242, charge_point=BOX, plug=plug, command=command, at=NOON)


def confirmed(command: str, limit_ma: int, plug: int = 1) -> LimitConfirmed:
    return LimitConfirmed(
        company=242, charge_point=BOX, plug=plug, limit_ma=limit_ma, command=command, at=NOON
    )


FALLBACK = (asked("f", 6_000, plug=0), sent("f", plug=0), confirmed("f", 6_000, plug=0))
