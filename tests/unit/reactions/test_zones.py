"""What follows for chargers from zones, their decisions, and the limits that are asked for."""

from typing import Any

from msgspec.structs import replace

from eosvolt.domain.charge_points.commands import RemoveChargePoint
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import ChargePointAdded, ChargePointRemoved, ConnectorSpec
from eosvolt.domain.commands.commands import (
    ExpireCommand,
    NoteAnswer,
    NoteFailure,
    NoteSent,
    NoteTimeout,
    RequestCommand,
)
from eosvolt.domain.commands.decider import charger_commands
from eosvolt.domain.commands.events import (
    CommandAnswered,
    CommandExpired,
    CommandFailed,
    CommandRequested,
    CommandRequeued,
    CommandSent,
    CommandTimedOut,
)
from eosvolt.domain.explanations import Why, because
from eosvolt.domain.faults.commands import RecoverFault, ReportFault
from eosvolt.domain.kernel import Command, CommandEnvelope, Event
from eosvolt.domain.smart_charging import commands as c
from eosvolt.domain.smart_charging import events as e
from eosvolt.domain.smart_charging.decider import smart_charging
from eosvolt.domain.zones.commands import (
    ChangeZone,
    DecideZone,
    DisableZone,
    EnableZone,
    PutZoneCharger,
    RemoveZone,
    RemoveZoneCharger,
)
from eosvolt.domain.zones.decider import zones
from eosvolt.domain.zones.events import (
    SubZoneAttached,
    ZoneChanged,
    ZoneChargerAdded,
    ZoneChargerChanged,
    ZoneChargerRemoved,
    ZoneCreated,
    ZoneDecided,
    ZoneDisabled,
    ZoneEnabled,
    ZoneRemoved,
)
from eosvolt.domain.zones.limits import LOAD_BALANCING
from eosvolt.domain.zones.values import LimitReason, PlugDecision, PlugWiring, ZoneCharger, ZoneSettings
from tests.examples import COMPANY, LOCATION, MORNING, after
from tests.unit.reactions.follows import follows

KEY, BOX = "242/CP-1", "CP-1"
PLUGS = (PlugWiring(plug=1), PlugWiring(plug=2))
CHARGER = ZoneCharger(charge_point=KEY, plugs=PLUGS)
SETTINGS = ZoneSettings(name="Garage", capacity_w=22_000, time_zone="Europe/Berlin", fallback_ma=6_000)
CREATED = ZoneCreated(zone="z1", company=COMPANY, settings=SETTINGS, at=MORNING)
PART = ZoneCreated(
    zone="z2", company=COMPANY, settings=replace(SETTINGS, parent="z1", fallback_ma=0), at=MORNING
)
ADDED = ZoneChargerAdded(zone="z1", charger=CHARGER, at=MORNING)
ON = ZoneEnabled(zone="z1", at=MORNING)
WHOSE: dict[str, Any] = {"company": COMPANY, "charge_point": KEY}
JOINED = e.ZoneJoined(**WHOSE, zone="z1", plugs=PLUGS, fallback_ma=6_000, at=MORNING, following=True)
REQUESTED = CommandRequested(
    command="c1",
    company=COMPANY,
    charge_point=KEY,
    action="setChargingProfile",
    payload={},
    by=LOAD_BALANCING,
    at=MORNING,
    expires_at=after(1),
)
OF_IT: dict[str, Any] = {"command": "c1", "company": COMPANY, "charge_point": KEY}
SENT = CommandSent(**OF_IT, at=MORNING, answer_by=after(1))
REGISTERED = charge_points.fold(
    [
        ChargePointAdded(
            company=COMPANY,
            charge_box_id=BOX,
            location=LOCATION,
            connectors=(ConnectorSpec(1),),
            at=MORNING,
        )
    ]
)


def limits(command: Command) -> list[CommandEnvelope]:
    return [CommandEnvelope(smart_charging, KEY, command)]


def of_zone(event: type[Event], given: list[Event], command: Command, **others: Any) -> list[CommandEnvelope]:
    known = {zones.stream(name): state for name, state in others.items()}
    return follows(event, zones, "z1", given, command, others=known)


def of_command(event: type[Event], given: list[Event], command: Command) -> list[CommandEnvelope]:
    return follows(event, charger_commands, "c1", given, command)


def test_a_charger_joins_with_the_fallback_of_the_root() -> None:
    join = c.JoinZone(**WHOSE, zone="z1", plugs=PLUGS, fallback_ma=6_000, at=after(1))
    put = PutZoneCharger(charger=CHARGER, at=after(1))
    assert of_zone(ZoneChargerAdded, [CREATED], put) == limits(join)
    root = {zones.stream("z1"): zones.fold([CREATED])}
    found = follows(ZoneChargerAdded, zones, "z2", [PART], put, others=root)
    assert found == limits(replace(join, zone="z2"))


def test_a_charger_is_wired_otherwise_or_leaves() -> None:
    other = replace(CHARGER, plugs=(PlugWiring(plug=1, phases=1),))
    joins = c.JoinZone(**WHOSE, zone="z1", plugs=other.plugs, fallback_ma=6_000, at=after(1), following=True)
    put = PutZoneCharger(charger=other, at=after(1))
    assert of_zone(ZoneChargerChanged, [CREATED, ADDED, ON], put) == limits(joins)
    leaves = c.LeaveZone(zone="z1", at=after(1))
    gone = RemoveZoneCharger(charge_point=KEY, at=after(1))
    assert of_zone(ZoneChargerRemoved, [CREATED, ADDED], gone) == limits(leaves)
    assert of_zone(ZoneRemoved, [CREATED, ADDED], RemoveZone(at=after(1))) == limits(leaves)


def test_chargers_follow_a_zone_that_is_on() -> None:
    change = c.ChangeSmartCharging(zone="z1", fallback_ma=6_000, following=True, at=after(1))
    on = EnableZone(at=after(1), fits_ma=6_000)
    assert of_zone(ZoneEnabled, [CREATED, ADDED], on) == limits(change)
    off = DisableZone(at=after(1))
    assert of_zone(ZoneDisabled, [CREATED, ADDED, ON], off) == limits(replace(change, following=False))


def test_another_fallback_goes_to_all_chargers_of_the_tree() -> None:
    attached = SubZoneAttached(zone="z1", child="z2", at=MORNING)
    inner = ZoneChargerAdded(zone="z2", charger=replace(CHARGER, charge_point="242/CP-2"), at=MORNING)
    part = zones.fold([PART, inner])
    change = ChangeZone(settings=replace(SETTINGS, fallback_ma=8_000), at=after(1))
    found = of_zone(ZoneChanged, [CREATED, ADDED, attached, ON], change, z2=part)
    told = c.ChangeSmartCharging(zone="z1", fallback_ma=8_000, following=True, at=after(1))
    assert found == [
        CommandEnvelope(smart_charging, KEY, told),
        CommandEnvelope(smart_charging, "242/CP-2", replace(told, zone="z2")),
    ]
    assert of_zone(ZoneChanged, [CREATED, ADDED], change) == []


def test_a_decision_asks_for_its_limits() -> None:
    plug = PlugDecision(
        zone="z1",
        charge_point=KEY,
        plug=1,
        session="s1",
        transaction=7,
        reason=LimitReason.SHARE,
        target_ma=11_600,
        limit_ma=11_600,
        changed=True,
    )
    waits = replace(plug, plug=2, changed=False, waiting=True)
    decide = DecideZone(at=after(1), after=0, rooms=(), plugs=(plug, waits), fallbacks=(KEY,))
    ask = c.AskLimit(
        zone="z1", plug=1, session="s1", transaction=7, limit_ma=11_600, command="z1-1-2", at=after(1)
    )
    assert of_zone(ZoneDecided, [CREATED, ADDED, ON], decide) == [
        *limits(c.AskFallback(command="z1-1-1", at=after(1))),
        *limits(ask),
    ]


def test_a_limit_goes_out_as_a_profile_of_its_transaction() -> None:
    ask = c.AskLimit(
        zone="z1", plug=1, session="s1", transaction=7, limit_ma=11_600, command="c1", at=after(1)
    )
    [envelope] = follows(e.LimitAsked, smart_charging, KEY, [JOINED], ask)
    request = envelope.command
    assert isinstance(request, RequestCommand)
    assert (request.action, request.by) == ("setChargingProfile", LOAD_BALANCING)
    assert request.payload == {
        "plug": 1,
        "chargingProfile": {
            "chargingProfileId": 2_100_000_001,
            "stackLevel": 0,
            "chargingProfilePurpose": "TxProfile",
            "chargingProfileKind": "Relative",
            "transactionId": 7,
            "chargingSchedule": {
                "chargingRateUnit": "A",
                "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 11.6}],
            },
        },
    }


def test_a_withdrawal_names_the_profile() -> None:
    off = e.SmartChargingChanged(**WHOSE, zone="z1", plugs=PLUGS, fallback_ma=6_000, at=MORNING)
    asked = e.LimitAsked(
        **WHOSE, zone="z1", plug=0, limit_ma=6_000, command="f", sequence=1, at=MORNING, lowers=True
    )
    taken = e.LimitConfirmed(**WHOSE, plug=0, limit_ma=6_000, command="f", at=MORNING)
    withdraw = c.AskWithdrawal(plug=0, command="w", at=after(1))
    given = [JOINED, asked, taken, off]
    [envelope] = follows(e.WithdrawalAsked, smart_charging, KEY, given, withdraw)
    assert isinstance(envelope.command, RequestCommand)
    assert envelope.command.action == "clearChargingProfile"
    assert envelope.command.payload == {"id": 2_100_000_000}


def test_outcomes_of_commands_come_back_to_the_limit() -> None:
    sending = NoteSent(at=after(0.1), answer_by=after(1))
    sent = c.NoteLimitSent(command="c1", at=after(0.1))
    assert limits(sent)[0] in of_command(CommandSent, [REQUESTED], sending)
    taken = NoteAnswer(at=after(0.2), accepted=True, response={"status": "Accepted"})
    yes = c.NoteLimitAnswer(command="c1", accepted=True, at=after(0.2), status="Accepted")
    assert limits(yes)[0] in of_command(CommandAnswered, [REQUESTED, SENT], taken)
    lost = c.NoteLimitUndelivered(command="c1", sent=True, at=after(2))
    assert limits(lost)[0] in of_command(CommandTimedOut, [REQUESTED, SENT], NoteTimeout(at=after(2)))
    unsent = replace(lost, sent=False)
    assert limits(unsent)[0] in of_command(CommandExpired, [REQUESTED], ExpireCommand(at=after(2)))
    why = because(Why.PROFILE_SUPERSEDED)
    failed = replace(unsent, explanation=why, at=after(0.2))
    failure = NoteFailure(at=after(0.2), explanation=why)
    assert limits(failed)[0] in of_command(CommandFailed, [REQUESTED], failure)


def test_a_refusal_of_what_was_sent_twice_says_nothing_of_the_first_time() -> None:
    again = [REQUESTED, SENT, CommandRequeued(**OF_IT, at=after(0.1), expires_at=after(1))]
    twice = [*again, CommandSent(**OF_IT, at=after(0.2), answer_by=after(1), attempt=2)]
    refused = NoteAnswer(at=after(0.3), accepted=False, response={"status": "Rejected"})
    maybe = c.NoteLimitUndelivered(command="c1", sent=True, at=after(0.3))
    assert limits(maybe)[0] in of_command(CommandAnswered, twice, refused)


def test_commands_of_others_are_no_limits() -> None:
    other = replace(REQUESTED, by="admin:ana")
    found = of_command(CommandSent, [other], NoteSent(at=after(0.1), answer_by=after(1)))
    assert not [each for each in found if each.decider is smart_charging]


def test_an_exceeded_limit_is_a_fault_until_it_is_kept() -> None:
    asked = e.LimitAsked(
        **WHOSE, zone="z1", plug=1, limit_ma=8_000, command="a", sequence=1, at=MORNING, session="s1"
    )
    taken = e.LimitConfirmed(**WHOSE, plug=1, limit_ma=8_000, command="a", at=MORNING)
    exceed = c.NoteMeasured(plug=1, measured_ma=16_000, exceeded=True, at=after(1))
    others = {charge_points.stream(KEY): REGISTERED}
    [envelope] = follows(e.LimitExceeded, smart_charging, KEY, [JOINED, asked, taken], exceed, others=others)
    assert isinstance(envelope.command, ReportFault)
    assert envelope.command.explanation == because(Why.LIMIT_EXCEEDED, limit_a="8", measured_a="16")
    exceeded = e.LimitExceeded(**WHOSE, plug=1, limit_ma=8_000, measured_ma=16_000, at=after(1))
    keep = c.NoteMeasured(plug=1, measured_ma=0, exceeded=False, at=after(2))
    given = [JOINED, asked, taken, exceeded]
    [recovery] = follows(e.LimitKept, smart_charging, KEY, given, keep, others=others)
    assert isinstance(recovery.command, RecoverFault)


def test_a_charger_that_is_removed_leaves_its_zone() -> None:
    added = ChargePointAdded(
        company=COMPANY, charge_box_id=BOX, location=LOCATION, connectors=(ConnectorSpec(1),), at=MORNING
    )
    others = {smart_charging.stream(KEY): smart_charging.fold([JOINED])}
    found = follows(
        ChargePointRemoved, charge_points, KEY, [added], RemoveChargePoint(at=after(1)), others=others
    )
    gone = RemoveZoneCharger(charge_point=KEY, at=after(1))
    assert CommandEnvelope(zones, "z1", gone) in found
