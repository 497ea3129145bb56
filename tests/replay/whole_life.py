"""A history in which everything happens that can happen: the source of golden streams.

Run as a program, it writes the history as the next golden stream: ``python -m tests.replay.whole_life NAME``.
A stream that was released is never written again; events that are new since then go into a further stream.
"""

import asyncio
import sys
from datetime import date, timedelta
from pathlib import Path

from eosvolt.adapters.postgres.stored_events import EventMapper
from eosvolt.domain.charge_points.commands import ChangeChargePoint, RemoveChargePoint
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.reports import MeterReport, RankedReading
from eosvolt.domain.commands.commands import ExpireCommand, NoteFailure, NoteSent, NoteTimeout, RequestCommand
from eosvolt.domain.commands.decider import charger_commands
from eosvolt.domain.companies.commands import (
    InviteCompany,
    IssueApiKey,
    RegisterCompany,
    RenameCompany,
    RevokeApiKey,
)
from eosvolt.domain.companies.decider import companies
from eosvolt.domain.faults.commands import (
    AcknowledgeFault,
    AssignFault,
    FaultCommand,
    SnoozeFault,
    SolveFault,
    UnacknowledgeFault,
    WakeFault,
)
from eosvolt.domain.faults.decider import faults, subject
from eosvolt.domain.kernel import Command
from eosvolt.domain.locations.access import AccessRules, AccessWindow, Who
from eosvolt.domain.locations.commands import ChangeLocation, RemoveLocation
from eosvolt.domain.locations.decider import locations
from eosvolt.domain.locations.events import Cable, Details, DriverInfo, Fit, LocationType
from eosvolt.domain.locations.opening_hours import OpeningHours, OpenRange, SpecialDay
from eosvolt.domain.sessions.commands import BillHeldEnergy
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.support import SupportContact
from eosvolt.domain.tokens.events import TokenStatus
from eosvolt.domain.vocabulary import EVENTS
from tests.examples import (
    CHARGE_POINT,
    COMPANY,
    DETAILS,
    FLAT_TARIFF,
    LOCATION,
    TARIFF_BY_TIME_OF_DAY,
    TOKEN,
    TWO_PLUGS,
    after,
)
from tests.replay.upkeep_life import upkeep
from tests.scenario import WHY, Scenario

STREAMS = Path(__file__).parent / "streams"


async def whole_life() -> Scenario:
    """The history, minute by minute."""
    s = Scenario()
    await _company(s)
    await s.opened(TARIFF_BY_TIME_OF_DAY)
    await s.token("FLEET-1", group="FLEET")
    await s.token("FLEET-1", TokenStatus.BLOCKED, group="FLEET")
    await _ordinary_session(s)
    await _troubled_sessions(s)
    await _commands(s)
    await _learnt_late(s)
    await upkeep(s)
    await _odd_registers(s)
    await _closed(s)
    await _farewell(s)
    return s


async def _do(s: Scenario, command: Command) -> None:
    await s.application.execute(companies, str(COMPANY), command, WHY)


async def _company(s: Scenario) -> None:
    now = s.clock.now()
    digest = "ab" * 32
    await _do(
        s, InviteCompany(company=COMPANY, at=now, secret_digest=digest, expires_at=now + timedelta(days=7))
    )
    await _do(s, RegisterCompany(company=COMPANY, name="Volt", owner="a1", at=now, secret_digest=digest))
    await _do(s, RenameCompany(name="Volt Harbour", at=now))
    await _do(s, IssueApiKey(key_id="k1", label="Billing", digest="cd" * 32, at=now))
    await _do(s, RevokeApiKey(key_id="k1", at=now))


async def _ordinary_session(s: Scenario) -> None:
    """Over a price boundary, suspended, stopped for idling, blocking, interrupted, paid back in part."""
    await s.reports(0, "Preparing")
    number = (await s.starts(0, 1000)).transaction
    await s.reports(0, "Charging")
    await s.meters(
        30, 7000, transaction=number, power_w=12_000, current_a=17.4, voltage_v=230.0, soc_percent=40.5
    )
    await s.meters(70, 12_000, transaction=number)
    await s.meters(50, 9000, transaction=number, received=71)
    await s.reports(75, "SuspendedEVSE")
    await s.reports(80, "Charging")
    await s.reports(90, "SuspendedEV")
    await s.passes(106)
    await s.stops(106, number, 13_000, reason="Remote")
    await s.reports(106, "Finishing")
    await s.passes(137)
    await s.disconnects(138)
    await s.passes(150)
    await s.connects(150)
    await s.reports(128, "Available", received=151)
    await s.stops(107, number, 13_500, received=152)


async def _troubled_sessions(s: Scenario) -> None:
    """A reset register, a reboot, a missing stop, an early stop, an unassigned reading.

    Faults of plug and charger.
    """
    number = (await s.starts(200, 50_000)).transaction
    await s.meters(210, 52_000, transaction=number)
    await s.meters(220, 0, transaction=number)
    await s.boots(221)
    await s.meters(223, 100, transaction=number)
    await s.reports(230, "Available")
    await s.passes(241)
    await s.stops(230, number, 600, received=250)
    await s.stops(260, -1, 9000, received=261)
    await s.starts(255, 8000, received=262)
    await s.meters(263, 123_456, plug=0)
    await s.reports(264, "Unavailable", plug=0)
    await s.reports(265, "Faulted", plug=2, error="GroundFailure")
    await _looked_after(s)
    await s.reports(266, "Available", plug=2)
    await s.reports(267, "Faulted", plug=2, error="GroundFailure")
    solve = SolveFault(number=1, at=after(268), by="admin:a1", note="Fuse replaced")
    await s.application.execute(faults, subject(CHARGE_POINT, 2, "GroundFailure"), solve, WHY)
    await s.disconnects(270)
    await s.passes(280)
    await s.connects(281)


async def _looked_after(s: Scenario) -> None:
    """Acknowledged, assigned, snoozed; withdrawn, woken; and snoozed again until it comes back."""
    by = "admin:a1"
    wishes: list[FaultCommand] = [
        AcknowledgeFault(number=1, at=after(265.1), by=by, note="On my way"),
        AssignFault(number=1, at=after(265.2), by=by, owner="admin:a2"),
        SnoozeFault(number=1, at=after(265.3), by=by, until=after(400), note="Part ordered"),
        WakeFault(number=1, at=after(265.4), by=by),
        UnacknowledgeFault(number=1, at=after(265.5), by=by),
        SnoozeFault(number=1, at=after(265.6), by=by, until=after(500)),
    ]
    for wanted in wishes:
        await s.application.execute(faults, subject(CHARGE_POINT, 2, "GroundFailure"), wanted, WHY)


async def _commands(s: Scenario) -> None:
    payload = {"plug": 1, "token": TOKEN}
    await s.commands.request(COMPANY, CHARGE_POINT, "remoteStart", payload, "admin:a1")
    await s.delivers()
    await s.starts(282, 60_000)
    ends: dict[str, list[Command]] = {
        "failed": [NoteFailure(at=after(290), reason="The charger is not connected.")],
        "timed-out": [NoteSent(at=after(290), answer_by=after(291)), NoteTimeout(at=after(291))],
        "expired": [ExpireCommand(at=after(292))],
    }
    for name, outcomes in ends.items():
        ask = RequestCommand(
            command=name,
            company=COMPANY,
            charge_point=CHARGE_POINT,
            action="reset",
            payload={"kind": "soft"},
            by="admin:a1",
            at=after(289),
            expires_at=after(290.5),
        )
        for command in [ask, *outcomes]:
            await s.application.execute(charger_commands, name, command, WHY)
    await s.stops(300, s.sessions()[-1].number, 61_000, token=TOKEN)
    await s.reports(301, "Available")


async def _odd_registers(s: Scenario) -> None:
    """A mad sample, two registers for one instant, more than the plug delivers, billed with consent."""
    number = (await s.starts(361, 70_000)).transaction
    await s.meters(365, 2**32 - 1, transaction=number)
    two = RankedReading(at=after(370), register_wh=72_000, rank=-1, registers=((0, 0),))
    report = MeterReport(connector=1, received_at=after(370), readings=(two,), transaction=number)
    await s.charging.metered(CHARGE_POINT, report)
    await s.stops(380, number, 99_000)
    await s.reports(381, "Available")
    consent = BillHeldEnergy(at=after(390), note="The plug has 100 kW by now.")
    await s.application.execute(sessions, str(number), consent, WHY)


async def _learnt_late(s: Scenario) -> None:
    """A session delivered after a lost connection, an end that proves wrong, a boot that was asked for."""
    await s.disconnects(310)
    await s.connects(330)
    await s.reports(330, "Available")
    number = (await s.starts(312, 61_000, received=331)).transaction
    await s.stops(320, number, 63_000, received=331)
    await s.reports(331, "Available")
    number = (await s.starts(340, 63_000)).transaction
    await s.meters(342, 63_500, transaction=number)
    await s.boots(343)
    await s.passes(349)
    await s.meters(350, 64_000, transaction=number)
    trigger = {"requestedMessage": "BootNotification"}
    await s.commands.request(COMPANY, CHARGE_POINT, "triggerMessage", trigger, "admin:a1")
    await s.delivers()
    await s.boots(351)
    await s.stops(360, number, 65_000)
    await s.reports(361, "Available")


async def _closed(s: Scenario) -> None:
    """Opening hours, a schedule and hints for drivers; a card that is refused, and a start that is not."""
    week = ((OpenRange(8 * 60, 12 * 60),),) * 6 + ((),)
    rules = AccessRules(
        opening_hours=OpeningHours(week, (SpecialDay(date(2026, 12, 25)),)),
        groups=("FLEET",),
        schedule=(AccessWindow((0, 1), 8 * 60, 9 * 60, Who.LISTED),),
    )
    info = DriverInfo(
        support=SupportContact(phone="+49 40 1234567"),
        fit=Fit(max_height_cm=210, cable=Cable.ATTACHED, wheelchair=True, parking="Level 1"),
        image="ef" * 32,
    )
    changed = ChangeLocation(at=after(400), details=DETAILS, access=rules, info=info)
    await s.application.execute(locations, LOCATION, changed, WHY)
    s.clock.set(after(400))
    await s.charging.authorized(CHARGE_POINT, TOKEN)
    number = (await s.starts(400.5, 70_000)).transaction
    await s.stops(401, number, 70_100)
    await s.reports(401, "Available")


async def _farewell(s: Scenario) -> None:
    details = Details(name="Old harbour", type=LocationType.PRIVATE, authorized_tokens=(TOKEN,))
    await s.application.execute(locations, LOCATION, ChangeLocation(at=after(402), details=details), WHY)
    await s.reprices(FLAT_TARIFF)
    shut = ChangeChargePoint(location=LOCATION, connectors=TWO_PLUGS, at=after(403), disabled=True)
    await s.application.execute(charge_points, CHARGE_POINT, shut, WHY)
    await s.disconnects(404)
    await s.application.execute(charge_points, CHARGE_POINT, RemoveChargePoint(at=after(405)), WHY)
    gone = RemoveLocation(at=after(406), charge_points=0, open_sessions=0)
    await s.application.execute(locations, LOCATION, gone, WHY)


def lines(s: Scenario) -> list[str]:
    """The history as it is stored, one event a line."""
    mapper = EventMapper(EVENTS)
    return [
        mapper.stored(fact.stream, fact.version, fact.event, fact.recorded_at, fact.why).state.decode()
        for fact in s.store.facts
    ]


if __name__ == "__main__":
    target = STREAMS / f"{sys.argv[1]}.jsonl"
    if target.exists():
        sys.exit(f"{target.name} was released: events are for ever.")
    target.write_text("\n".join(lines(asyncio.run(whole_life()))) + "\n")
