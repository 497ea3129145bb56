"""Which events of device management are faults."""

from datetime import datetime
from typing import Any

import pytest

from eosvolt.adapters.http.web.shell.fault_labels import fault_text
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.reports import FirmwareReport, SecurityReport, UploadReport
from eosvolt.domain.charge_points.state import Registered
from eosvolt.domain.commands.events import CommandAnswered, CommandRequested
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.reactions.faults_commands import after_outcome
from eosvolt.domain.reactions.faults_upkeep import (
    SECURITY_FAULTS,
    after_clock,
    after_firmware,
    after_protocol_violations,
    after_security_event,
    after_upload,
)
from tests.examples import CHARGE_POINT, COMPANY, after
from tests.scenario import WHY, Scenario


class Upkeep:
    """A charger of which such events come."""

    def __init__(self, s: Scenario, known: Registered) -> None:
        self.scenario = s
        self.known = known

    async def follows(self, envelopes: list[CommandEnvelope]) -> None:
        for decider, key, command in envelopes:
            await self.scenario.application.execute(decider, key, command, WHY)

    def seen(self) -> list[tuple[str, str, str, int]]:
        return [(row.code, row.kind, row.state, row.occurrences) for row in self.scenario.faults()]


@pytest.fixture
async def upkeep() -> Upkeep:
    s = await Scenario().opened()
    known: Any = await s.application.state(charge_points, CHARGE_POINT)
    return Upkeep(s, known)


def firmware(status: str, at: datetime) -> FirmwareReport:
    return FirmwareReport(status=status, received_at=at)


async def test_firmware_that_cannot_be_installed_is_a_fault_until_it_is(upkeep: Upkeep) -> None:
    for minute, status in enumerate(("Downloading", "DownloadFailed", "Downloading", "InvalidSignature")):
        await upkeep.follows(after_firmware(upkeep.known, firmware(status, after(minute))))
    assert upkeep.seen() == [("FirmwareFailed", "hardware", "open", 2)]
    assert upkeep.scenario.faults()[0].vendor_code == "InvalidSignature"
    await upkeep.follows(after_firmware(upkeep.known, firmware("Installed", after(9))))
    assert upkeep.seen() == [("FirmwareFailed", "hardware", "recovered", 2)]


async def test_a_failed_upload_is_a_warning_until_one_works(upkeep: Upkeep) -> None:
    await upkeep.follows(
        after_upload(upkeep.known, UploadReport(status="UploadFailed", received_at=after(1)))
    )
    assert [(row.code, row.severity) for row in upkeep.scenario.faults()] == [("UploadFailed", "warning")]
    await upkeep.follows(after_upload(upkeep.known, UploadReport(status="Uploaded", received_at=after(2))))
    assert upkeep.seen() == [("UploadFailed", "communication", "recovered", 1)]


@pytest.mark.parametrize("event", SECURITY_FAULTS)
async def test_a_security_event_that_matters_stays_until_it_is_solved(upkeep: Upkeep, event: str) -> None:
    report = SecurityReport(type=event, at=after(1), received_at=after(2), info="Door 2")
    await upkeep.follows(after_security_event(upkeep.known, report))
    await upkeep.follows(after_security_event(upkeep.known, report))
    (row,) = upkeep.scenario.faults()
    assert (row.code, row.state, row.occurrences) == (event, "open", 1)
    assert "Door 2" in fault_text(row)


@pytest.mark.parametrize("event", ["StartupOfTheDevice", "FirmwareUpdated", "SettingSystemTime"])
async def test_a_security_event_of_ordinary_work_is_no_fault(upkeep: Upkeep, event: str) -> None:
    report = SecurityReport(type=event, at=after(1), received_at=after(2))
    assert after_security_event(upkeep.known, report) == []


async def test_a_clock_that_is_wrong_is_a_fault_until_it_is_right(upkeep: Upkeep) -> None:
    for minute, ahead in enumerate((20, -90, -45)):
        await upkeep.follows(after_clock(upkeep.known, after(minute), ahead))
    assert upkeep.seen() == [("ClockOff", "communication", "open", 1)]
    assert fault_text(upkeep.scenario.faults()[0]) == "The charger's clock is 90 s slow."
    await upkeep.follows(after_clock(upkeep.known, after(9), 1))
    assert upkeep.seen() == [("ClockOff", "communication", "recovered", 1)]


async def test_many_messages_that_cannot_be_understood_are_a_fault_until_they_stop(upkeep: Upkeep) -> None:
    await upkeep.follows(after_protocol_violations(upkeep.known, after(1), 5))
    assert upkeep.seen() == []
    await upkeep.follows(after_protocol_violations(upkeep.known, after(2), 12))
    await upkeep.scenario.passes(61)
    assert upkeep.seen() == [("MalformedMessages", "communication", "open", 1)]
    await upkeep.scenario.passes(63)
    assert upkeep.seen() == [("MalformedMessages", "communication", "recovered", 1)]


def unlock(status: str, at: datetime) -> tuple[CommandRequested, CommandAnswered]:
    asked = CommandRequested(
        command="c1",
        company=COMPANY,
        charge_point=CHARGE_POINT,
        action="unlock",
        payload={"plug": 1},
        by="admin:a1",
        at=at,
        expires_at=at,
    )
    return asked, CommandAnswered(
        command="c1",
        company=COMPANY,
        charge_point=CHARGE_POINT,
        at=at,
        accepted=status == "Unlocked",
        response={"status": status},
    )


async def test_a_plug_that_cannot_be_unlocked_is_a_fault_until_it_can(upkeep: Upkeep) -> None:
    await upkeep.follows(after_outcome(upkeep.known, *unlock("UnlockFailed", after(1))))
    assert upkeep.seen() == [("UnlockFailed", "hardware", "open", 1)]
    await upkeep.follows(after_outcome(upkeep.known, *unlock("NotSupported", after(2))))
    await upkeep.follows(after_outcome(upkeep.known, *unlock("Unlocked", after(3))))
    assert upkeep.seen() == [("UnlockFailed", "hardware", "recovered", 1)]
