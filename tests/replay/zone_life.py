"""A history with load balancing zones: the source of the golden stream ``0022-zones``."""

from datetime import time

from eosvolt.domain.commands.commands import ExpireCommand, NoteAnswer, NoteSent, NoteTimeout
from eosvolt.domain.commands.decider import charger_commands
from eosvolt.domain.kernel import Command
from eosvolt.domain.smart_charging.commands import (
    AskWithdrawal,
    DoubtLimits,
    ExpireLimit,
    NoteMeasured,
    SmartChargingCommand,
)
from eosvolt.domain.smart_charging.decider import smart_charging
from eosvolt.domain.zones.commands import (
    AttachSubZone,
    ChangeZone,
    CreateZone,
    DecideZone,
    DetachSubZone,
    DisableZone,
    EnableZone,
    MeterZone,
    PutZoneCharger,
    RemoveZone,
    RemoveZoneCharger,
    ZoneCommand,
)
from eosvolt.domain.zones.decider import zones
from eosvolt.domain.zones.values import (
    CapacityWindow,
    ChargingPriority,
    Distribution,
    LimitReason,
    MeterReading,
    PlugDecision,
    PlugWiring,
    SiteMeter,
    ZoneCharger,
    ZoneRoom,
    ZoneSettings,
)
from tests.examples import CHARGE_POINT, COMPANY, after
from tests.scenario import WHY, Scenario

ZONE, PART = "zone-1", "zone-2"
SETTINGS = ZoneSettings(
    name="Garage",
    meter_number="DE 001",
    time_zone="Europe/Berlin",
    capacity_w=44_000,
    capacity_ma=(63_000, 63_000, 50_000),
    buffer_percent=10,
    minimum_session_w=4_140,
    distribution=Distribution.DYNAMIC,
    site_meter=SiteMeter.EXTERNAL,
    meter_includes_chargers=True,
    unmanaged_w=2_000,
    worst_case_w=10_000,
    schedule=(CapacityWindow(since=time(17), until=time(20), capacity_w=22_000),),
    fallback_ma=6_000,
    first_tokens=("04A1B2C3D4E5F6",),
)
SUB = ZoneSettings(name="Deck 1", time_zone="Europe/Berlin", capacity_w=22_000, parent=ZONE)
WIRING = (
    PlugWiring(plug=1, phases=3, rotation=(2, 3, 1), max_ma=32_000),
    PlugWiring(plug=2, phases=1, max_ma=16_000),
)
ROOM = ZoneRoom(
    zone=ZONE,
    capacity_ma=(56_700, 56_700, 45_000),
    rest_ma=(14_493, 14_493, 14_493),
    usable_ma=(42_207, 42_207, 30_507),
    assumed_ma=(48_000, 48_000, 48_000),
    meter_silent=True,
)


def decision(
    number: int, limit_ma: int, before_ma: int | None = None, *fallbacks: str, session: str = "170001"
) -> DecideZone:
    """One limit for plug 1, a session that waits at plug 2."""
    plug = PlugDecision(
        zone=ZONE,
        charge_point=CHARGE_POINT,
        plug=1,
        session=session,
        transaction=int(session),
        reason=LimitReason.SHARE,
        target_ma=limit_ma,
        limit_ma=limit_ma,
        before_ma=before_ma,
        demand_ma=32_000,
        assumed_ma=6_000,
        measured_ma=5_800,
        changed=True,
    )
    waits = PlugDecision(
        zone=ZONE,
        charge_point=CHARGE_POINT,
        plug=2,
        session="170002",
        reason=LimitReason.NO_ROOM,
        target_ma=0,
        waiting=True,
    )
    reserved = PlugDecision(
        zone=ZONE,
        charge_point=f"{COMPANY}/CP-2",
        plug=1,
        session="",
        reason=LimitReason.UNCONTROLLABLE,
        target_ma=32_000,
        assumed_ma=32_000,
    )
    return DecideZone(
        at=after(number * 2),
        after=number - 1,
        rooms=(ROOM,),
        plugs=(plug, waits),
        reserved=(reserved,),
        fallbacks=fallbacks,
    )


async def zone_life() -> Scenario:
    """A zone with a part: limits are taken, refused, not answered, not sent, exceeded, and withdrawn."""
    s = await Scenario().opened()
    charger = ZoneCharger(charge_point=CHARGE_POINT, plugs=WIRING)
    first = ZoneCharger(charge_point=CHARGE_POINT, plugs=WIRING, priority=ChargingPriority.FIRST)

    async def zone(name: str, *commands: ZoneCommand) -> None:
        for command in commands:
            await s.application.execute(zones, name, command, WHY)

    async def limits(*commands: SmartChargingCommand) -> None:
        for command in commands:
            await s.application.execute(smart_charging, CHARGE_POINT, command, WHY)

    async def carried(command: str, *outcomes: Command) -> None:
        for outcome in outcomes:
            await s.application.execute(charger_commands, command, outcome, WHY)

    def sent(minutes: float) -> NoteSent:
        return NoteSent(at=after(minutes), answer_by=after(minutes + 0.4))

    def answer(minutes: float, status: str) -> NoteAnswer:
        return NoteAnswer(at=after(minutes), accepted=status == "Accepted", response={"status": status})

    await zone(ZONE, CreateZone(zone=ZONE, company=COMPANY, settings=SETTINGS, at=after(0)))
    await zone(PART, CreateZone(zone=PART, company=COMPANY, settings=SUB, at=after(0)))
    await zone(
        ZONE,
        AttachSubZone(child=PART, at=after(0)),
        PutZoneCharger(charger=charger, at=after(0)),
        PutZoneCharger(charger=first, at=after(0)),
        EnableZone(at=after(1), fits_ma=10_000),
        MeterZone(
            reading=MeterReading(at=after(1), power_w=10_000, current_ma=(14_000, 14_500, 15_000)),
            received_at=after(1),
        ),
        decision(1, 16_000, None, CHARGE_POINT),
    )
    await carried(f"{ZONE}-1-1", sent(2), answer(2.1, "Accepted"))
    await carried(f"{ZONE}-1-2", sent(2.1), answer(2.2, "Accepted"))
    await zone(ZONE, decision(2, 20_000, 16_000))
    await carried(f"{ZONE}-2-1", sent(4), answer(4.1, "Rejected"))
    await zone(ZONE, decision(3, 18_000, 16_000))
    await carried(f"{ZONE}-3-1", sent(6), NoteTimeout(at=after(6.6)))
    await zone(ZONE, decision(4, 10_000, 16_000))
    await carried(f"{ZONE}-4-1", ExpireCommand(at=after(8.6)))
    await limits(
        NoteMeasured(plug=1, measured_ma=30_000, exceeded=True, at=after(9)),
        NoteMeasured(plug=1, measured_ma=10_000, exceeded=False, at=after(10)),
        DoubtLimits(at=after(11)),
        ExpireLimit(plug=1, session="170001", at=after(12)),
    )
    await zone(ZONE, ChangeZone(settings=SETTINGS, at=after(12)), DisableZone(at=after(13)))
    await limits(AskWithdrawal(plug=0, command="w1", at=after(13)))
    await carried("w1", sent(13), answer(13.1, "Rejected"))
    await limits(AskWithdrawal(plug=0, command="w2", at=after(14)))
    await carried("w2", sent(14), answer(14.1, "Accepted"))
    other = ZoneSettings(name="Deck", time_zone="Europe/Berlin", capacity_w=22_000)
    await zone(ZONE, DetachSubZone(child=PART, at=after(15)))
    await zone(PART, ChangeZone(settings=other, at=after(15)), RemoveZone(at=after(16)))
    await zone(ZONE, RemoveZoneCharger(charge_point=CHARGE_POINT, at=after(16)))
    return s
