"""A zone of the example's charger that is turned on, limits a plug, and lets another one wait."""

from eosvolt.domain.smart_charging.commands import (
    AskFallback,
    NoteLimitAnswer,
    NoteLimitSent,
)
from eosvolt.domain.smart_charging.decider import smart_charging
from eosvolt.domain.zones.commands import (
    CreateZone,
    DecideZone,
    EnableZone,
    MeterZone,
    PutZoneCharger,
)
from eosvolt.domain.zones.decider import zones
from eosvolt.domain.zones.values import (
    LimitReason,
    MeterReading,
    PlugDecision,
    PlugWiring,
    ZoneCharger,
    ZoneRoom,
    ZoneSettings,
)
from tests.examples import CHARGE_POINT, COMPANY
from tests.scenario import WHY, Scenario

ZONE = "z1"
# The command of the first limit of the first decision.
LIMIT = f"{ZONE}-1-1"
SETTINGS = ZoneSettings(name="Garage", capacity_w=69_000, time_zone="Europe/Berlin", fallback_ma=6_000)
PLUGS = (PlugWiring(plug=1), PlugWiring(plug=2, phases=1, max_ma=16_000))
ROOM = ZoneRoom(
    zone=ZONE,
    capacity_ma=(100_000, 100_000, 100_000),
    rest_ma=(0, 0, 0),
    usable_ma=(100_000, 100_000, 100_000),
    assumed_ma=(12_000, 12_000, 12_000),
)


async def make_a_zone(scenario: Scenario) -> None:
    """Make the zone and turn it on; its charger confirms the fallback."""
    now = scenario.clock.now()
    create = CreateZone(zone=ZONE, company=COMPANY, settings=SETTINGS, at=now)
    put = PutZoneCharger(charger=ZoneCharger(charge_point=CHARGE_POINT, plugs=PLUGS), at=now)
    for made in (create, put, EnableZone(at=now, fits_ma=16_000)):
        await scenario.application.execute(zones, ZONE, made, WHY)
    for command in (
        AskFallback(command="f1", at=now),
        NoteLimitSent(command="f1", at=now),
        NoteLimitAnswer(command="f1", accepted=True, at=now),
    ):
        await scenario.application.execute(smart_charging, CHARGE_POINT, command, WHY)


async def limit_a_session(scenario: Scenario, session: str, transaction: int) -> None:
    """Decide to give the session on plug 1 16 A, which the charger confirms, and let plug 2 wait."""
    now = scenario.clock.now()
    first = PlugDecision(
        zone=ZONE,
        charge_point=CHARGE_POINT,
        plug=1,
        session=session,
        transaction=transaction,
        reason=LimitReason.SHARE,
        target_ma=16_000,
        limit_ma=16_000,
        changed=True,
    )
    second = PlugDecision(
        zone=ZONE,
        charge_point=CHARGE_POINT,
        plug=2,
        session="other",
        reason=LimitReason.NO_ROOM,
        target_ma=0,
        waiting=True,
    )
    decide = DecideZone(at=now, after=0, rooms=(ROOM,), plugs=(first, second))
    await scenario.application.execute(zones, ZONE, decide, WHY)
    for command in (
        NoteLimitSent(command=LIMIT, at=now),
        NoteLimitAnswer(command=LIMIT, accepted=True, at=now),
    ):
        await scenario.application.execute(smart_charging, CHARGE_POINT, command, WHY)
    reading = MeterReading(at=now, power_w=9_000)
    await scenario.application.execute(zones, ZONE, MeterZone(reading=reading, received_at=now), WHY)
