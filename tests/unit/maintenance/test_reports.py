"""What chargers tell of their upkeep: on record once, with the faults that follow."""

from eosvolt.application.maintenance import Maintenance
from eosvolt.domain.charge_points.events import TransactionClosed
from eosvolt.domain.charge_points.reports import FirmwareReport, SecurityReport, UploadReport, VendorReport
from eosvolt.domain.maintenance.events import (
    FirmwareProgressed,
    ProtocolViolationsCounted,
    UploadProgressed,
    VendorMessageReceived,
)
from eosvolt.projections.charger_upkeep import UpkeepRow, charger_upkeep
from eosvolt.projections.device_resources import device_resources
from tests.examples import CHARGE_POINT, COMPANY, after
from tests.scenario import Scenario


async def scene() -> tuple[Scenario, Maintenance]:
    s = await Scenario().opened()
    return s, Maintenance(s.application, s.clock)


def row(s: Scenario) -> UpkeepRow:
    found = s.models.row(charger_upkeep, CHARGE_POINT)
    assert found is not None
    return found


async def test_a_failed_installation_is_a_fault_once_however_often_it_is_reported() -> None:
    s, maintenance = await scene()
    for minute in (1, 2, 3):
        report = FirmwareReport(status="InstallationFailed", received_at=after(minute))
        await maintenance.firmware(CHARGE_POINT, report)
    (fault,) = s.faults()
    assert (fault.code, fault.occurrences) == ("FirmwareFailed", 1)
    assert len(s.events(FirmwareProgressed)) == 1


async def test_an_upload_that_was_not_requested_is_on_record() -> None:
    s, maintenance = await scene()
    for minute in (1, 2):
        await maintenance.uploading(CHARGE_POINT, UploadReport(status="Uploading", received_at=after(minute)))
    (recorded,) = s.events(UploadProgressed)
    assert recorded.event == UploadProgressed(at=after(1), status="Uploading")


async def test_a_security_event_that_a_queue_delivers_twice_is_one() -> None:
    s, maintenance = await scene()
    for minute in (1, 30):
        report = SecurityReport(type="TamperDetectionActivated", at=after(0), received_at=after(minute))
        await maintenance.security_event(CHARGE_POINT, report)
    assert (row(s).security_count, len(s.faults())) == (1, 1)


async def test_a_vendor_s_message_is_cut_where_it_is_long() -> None:
    s, maintenance = await scene()
    report = VendorReport(vendor="ACME", message="Dump", data="x" * 100_000, received_at=after(1))
    await maintenance.vendor_message(CHARGE_POINT, report)
    (recorded,) = s.events(VendorMessageReceived)
    assert isinstance(recorded.event, VendorMessageReceived)
    assert len(recorded.event.data) == 2_000
    assert row(s).vendor[0].message == "Dump"


async def test_odd_messages_add_up_by_rule() -> None:
    s, maintenance = await scene()
    repaired = {("StatusNotification", "coerced"): 2, ("Authorize", "stripped"): 0}
    await maintenance.protocol_violations(CHARGE_POINT, after(0), repaired, {})
    s.clock.set(after(5))
    await maintenance.protocol_violations(
        CHARGE_POINT, after(1), repaired, {("StopTransaction", "unparsed"): 1}
    )
    found = row(s)
    assert (found.repaired, found.unreadable) == (4, 1)
    counts = {(each.kind, each.action, each.rule): each.count for each in found.oddities}
    assert counts == {
        ("repaired", "StatusNotification", "coerced"): 4,
        ("unreadable", "StopTransaction", "unparsed"): 1,
    }


async def test_an_account_without_odd_messages_is_none() -> None:
    s, maintenance = await scene()
    await maintenance.protocol_violations(CHARGE_POINT, after(0), {("Authorize", "stripped"): 0}, {})
    assert s.events(ProtocolViolationsCounted) == []


async def test_a_clock_that_is_off_is_shown_and_a_fault_until_it_is_right() -> None:
    s, maintenance = await scene()
    await maintenance.clock(CHARGE_POINT, 7_200)
    assert row(s).clock_ahead_s == 7_200
    assert [fault.state for fault in s.faults()] == ["open"]
    s.clock.set(after(10))
    await maintenance.clock(CHARGE_POINT, 1)
    assert row(s).clock_ahead_s == 1
    assert [fault.state for fault in s.faults()] == ["recovered"]


async def test_a_profile_for_one_transaction_goes_when_it_does() -> None:
    s, _ = await scene()
    transaction = (await s.starts(0)).transaction
    await profiled(s, 1, "TxProfile", transactionId=transaction)
    await profiled(s, 2, "TxDefaultProfile")
    await s.stops(10, transaction, 2_000)
    assert s.events(TransactionClosed)
    found = s.models.row(device_resources, CHARGE_POINT)
    assert found is not None
    assert [each.profile["chargingProfileId"] for each in found.profiles] == [2]


async def test_a_profile_for_a_transaction_that_the_charger_numbered_itself_goes_when_it_does() -> None:
    s, _ = await scene()
    await s.meters(0, 1000, transaction=4711, power_w=7000)
    await profiled(s, 1, "TxProfile", transactionId=4711)
    await s.stops(10, 4711, 2_000)
    found = s.models.row(device_resources, CHARGE_POINT)
    assert found is not None
    assert found.profiles == ()


async def profiled(s: Scenario, number: int, purpose: str, **more: int) -> None:
    schedule = {"chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 9.24}]}
    profile = {
        "chargingProfileId": number,
        "stackLevel": 0,
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": "Relative",
        "chargingSchedule": schedule,
        **more,
    }
    wanted = {"plug": 1, "chargingProfile": profile}
    await s.commands.request(COMPANY, CHARGE_POINT, "setChargingProfile", wanted, "admin:test")
    await s.delivers()
