"""What can happen to a charger besides charging, for the golden history."""

from datetime import timedelta

from eosvolt.application.maintenance import Maintenance
from eosvolt.domain.charge_points.commands import (
    AcceptRegistration,
    ChangeChargePoint,
    ChangeConnectionPolicy,
)
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import Conformance
from eosvolt.domain.charge_points.reports import FirmwareReport, SecurityReport, UploadReport, VendorReport
from eosvolt.domain.commands.commands import NoteSent, NoteTimeout, RequestCommand
from eosvolt.domain.commands.decider import charger_commands
from eosvolt.domain.companies.commands import ChangeAdoption, ChangeCertificateOrganization
from eosvolt.domain.companies.decider import companies
from eosvolt.domain.explanations import Why, because
from eosvolt.domain.faults.events import FaultKind
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import (
    AvailabilityChanged,
    CertificateDelivered,
    CertificateIssued,
    CertificateRenewalAsked,
    CertificateRequested,
    CertificatesReported,
    CertificatesRevoked,
    ChargingProfilesCleared,
    ChargingProfileSet,
    CompositeScheduleReported,
    ConfigurationReported,
    FileReceived,
    LocalListSent,
    LocalListVersionReported,
    MaintenanceEvent,
    PasswordRotated,
    ReservationEnded,
    ReservationMade,
    RootCertificateDeleted,
    RootCertificateInstalled,
    SettingChanged,
    UploadOpened,
)
from eosvolt.domain.maintenance.values import InstalledCertificate, ListedToken, Setting
from eosvolt.domain.notification_rules.commands import (
    AddNotificationRule,
    ChangeNotificationRule,
    RemoveNotificationRule,
)
from eosvolt.domain.notification_rules.decider import notification_rules
from eosvolt.domain.notification_rules.events import Channel, Terms
from eosvolt.domain.notifications.commands import (
    DropNotification,
    NoteDelivery,
    NoteFailedAttempt,
    NotificationCommand,
    RequestNotification,
    ResendNotification,
    SummariseNotification,
)
from eosvolt.domain.notifications.decider import notifications
from eosvolt.domain.notifications.events import Occasion
from tests.examples import CHARGE_POINT, COMPANY, LOCATION, TOKEN, TWO_PLUGS, after
from tests.scenario import WHY, Scenario

SCHEDULE = {"chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16.0}]}
PROFILE = {
    "chargingProfileId": 7,
    "stackLevel": 0,
    "chargingProfilePurpose": "TxDefaultProfile",
    "chargingProfileKind": "Relative",
    "chargingSchedule": SCHEDULE,
}


async def upkeep(s: Scenario) -> None:
    """An hour from minute 310 on, in which nobody charges for long."""
    await _treated(s)
    await _settings_and_lists(s)
    await _firmware_and_files(s)
    await _certificates(s)
    await _violations(s)
    await _commands_without_end(s)
    await _notifications(s)


async def _note(s: Scenario, event: MaintenanceEvent) -> None:
    await s.application.execute(maintenance, CHARGE_POINT, RecordDeviceEvent(event=event), WHY)


async def _treated(s: Scenario) -> None:
    adopt = ChangeAdoption(location=LOCATION, at=after(310))
    await s.application.execute(companies, str(COMPANY), adopt, WHY)
    organization = ChangeCertificateOrganization(organization="Volt Harbour Ltd", at=after(310))
    await s.application.execute(companies, str(COMPANY), organization, WHY)
    strictly = ChangeConnectionPolicy(at=after(310), conformance=Conformance.STRICT, assume_protocol=True)
    await s.application.execute(charge_points, CHARGE_POINT, strictly, WHY)
    await _note(s, PasswordRotated(at=after(311), outcome="accepted"))
    locked = ChangeChargePoint(LOCATION, TWO_PLUGS, after(311), has_password=True, password_set=True)
    await s.application.execute(charge_points, CHARGE_POINT, locked, WHY)
    hold = ChangeConnectionPolicy(
        at=after(311), conformance=Conformance.STRICT, assume_protocol=True, held=True
    )
    await s.application.execute(charge_points, CHARGE_POINT, hold, WHY)
    await s.boots(311.2)
    await s.application.execute(charge_points, CHARGE_POINT, AcceptRegistration(at=after(311.4)), WHY)
    await s.boots(311.6)


async def _settings_and_lists(s: Scenario) -> None:
    settings = (Setting(key="HeartbeatInterval", value="300"), Setting(key="AuthorizationKey"))
    await _note(s, ConfigurationReported(at=after(312), settings=settings, unknown=("Colour",)))
    await _note(s, SettingChanged(at=after(313), key="HeartbeatInterval", value="600", reboot_required=True))
    await _note(s, AvailabilityChanged(at=after(314), connector=2, operative=False, reason="New cable"))
    await _note(s, LocalListVersionReported(at=after(315), version=0))
    entries = (ListedToken(token=TOKEN, status="Accepted"), ListedToken(token="FLEET-1"))
    await _note(s, LocalListSent(at=after(316), version=1, full=True, entries=entries))
    held = ReservationMade(
        at=after(317), reservation=5, connector=1, token=TOKEN, expires_at=after(330), group="FLEET"
    )
    await _note(s, held)
    await _note(s, ReservationEnded(at=after(318), reservation=5, reason="cancelled"))
    await _note(s, ChargingProfileSet(at=after(319), connector=1, profile=PROFILE))
    reported = CompositeScheduleReported(at=after(320), connector=1, schedule=SCHEDULE, start=after(320))
    await _note(s, reported)
    await _note(s, ChargingProfilesCleared(at=after(321), connector=1, purpose="TxDefaultProfile"))


async def _firmware_and_files(s: Scenario) -> None:
    maintenance = Maintenance(s.application, s.clock)
    await maintenance.firmware(
        CHARGE_POINT, FirmwareReport(status="Downloading", received_at=after(322), request=3, signed=True)
    )
    await maintenance.firmware(
        CHARGE_POINT,
        FirmwareReport(status="InvalidSignature", received_at=after(323), request=3, signed=True),
    )
    opened = UploadOpened(
        at=after(324), upload="u1", kind="diagnostics", request=4, command="c1", expires_at=after(400)
    )
    await _note(s, opened)
    await maintenance.uploading(CHARGE_POINT, UploadReport(status="Uploading", received_at=after(325)))
    await _note(s, FileReceived(at=after(326), upload="u1", name="log.zip", size=9, sha256="ef" * 32))


async def _certificates(s: Scenario) -> None:
    request, fingerprint = "ab" * 32, "cd" * 32
    await _note(s, CertificateRequested(at=after(327), request=request, subject="CN=CP-1"))
    issued = CertificateIssued(
        at=after(327),
        request=request,
        serial="0a",
        fingerprint=fingerprint,
        not_after=after(327) + timedelta(days=90),
        renew_at=after(327) + timedelta(days=60),
    )
    await _note(s, issued)
    await _note(s, CertificateDelivered(at=after(328), fingerprint=fingerprint, accepted=True))
    again = CertificateRenewalAsked(
        at=after(327) + timedelta(days=60), fingerprint=fingerprint, again_at=after(328) + timedelta(days=61)
    )
    await _note(s, again)
    root = "CentralSystemRootCertificate"
    await _note(
        s, RootCertificateInstalled(at=after(329), type=root, fingerprint="12" * 32, subject="CN=Root")
    )
    hashes = InstalledCertificate(
        type=root, hash_algorithm="SHA256", issuer_name_hash="a1", issuer_key_hash="b2", serial_number="1"
    )
    await _note(s, CertificatesReported(at=after(330), type=root, certificates=(hashes,)))
    await _note(s, RootCertificateDeleted(at=after(331), serial_number="1"))
    await _note(s, CertificatesRevoked(at=after(331), reason="operator"))


async def _violations(s: Scenario) -> None:
    maintenance = Maintenance(s.application, s.clock)
    await maintenance.security_event(
        CHARGE_POINT,
        SecurityReport(type="TamperDetectionActivated", at=after(332), received_at=after(332), info="lid"),
    )
    await maintenance.vendor_message(
        CHARGE_POINT, VendorReport(vendor="ACME", received_at=after(333), message="Fan", data="on")
    )
    s.clock.set(after(334))
    await maintenance.protocol_violations(
        CHARGE_POINT, after(333), {("MeterValues", "null"): 3}, {("StatusNotification", "ProtocolError"): 1}
    )
    await maintenance.clock(CHARGE_POINT, -7200)
    s.ahead, s.known_clock_offset_s = timedelta(hours=-2), -7200
    number = (await s.starts(336, 70_000)).transaction
    await s.meters(340, 70_500, transaction=number)
    await s.stops(341, number, 71_000)
    await s.reports(342, "Available")
    s.ahead, s.known_clock_offset_s = timedelta(0), 0


async def _commands_without_end(s: Scenario) -> None:
    payload = {"plug": 2, "token": TOKEN}
    await s.commands.request(COMPANY, CHARGE_POINT, "remoteStart", payload, "admin:a1")
    await s.delivers()
    await s.passes(350)
    ask = RequestCommand(
        command="again",
        company=COMPANY,
        charge_point=CHARGE_POINT,
        action="getConfiguration",
        payload={},
        by="admin:a1",
        at=after(351),
        expires_at=after(360),
        waits=True,
        batch="b1",
    )
    for command in (ask, NoteSent(at=after(351), answer_by=after(352)), NoteTimeout(at=after(352))):
        await s.application.execute(charger_commands, "again", command, WHY)
    await s.commands.request(COMPANY, CHARGE_POINT, "reset", {"kind": "soft"}, "admin:a1")
    await s.delivers()


async def _notifications(s: Scenario) -> None:
    terms = Terms(name="At night", kinds=(FaultKind.POWER,), after_minutes=5, on_recovery=True)
    rule = AddNotificationRule(rule="r1", company=COMPANY, channel=Channel.EMAIL, terms=terms, at=after(353))
    await s.application.execute(notification_rules, "r1", rule, WHY)
    other = ChangeNotificationRule(terms=Terms(name="Always"), at=after(354))
    await s.application.execute(notification_rules, "r1", other, WHY)
    late = NoteFailedAttempt(at=after(356), attempt=1, reason="The server did not answer.")
    never = NoteFailedAttempt(at=after(356), attempt=1, reason="Nobody is there.", final=True)
    lives: dict[str, list[NotificationCommand]] = {
        "n1": [
            late,
            NoteDelivery(at=after(357), attempt=2),
            ResendNotification(at=after(358), by="admin:a1"),
        ],
        "n2": [never],
        "n3": [DropNotification(at=after(356), explanation=because(Why.RULE_REMOVED))],
        "n4": [SummariseNotification(at=after(356), summary="n1")],
    }
    for key, life in lives.items():
        ask = RequestNotification(
            rule="r1",
            company=COMPANY,
            channel=Channel.EMAIL,
            occasion=Occasion.TEST,
            at=after(355),
            due_at=after(355),
        )
        for command in [ask, *life]:
            await s.application.execute(notifications, key, command, WHY)
    await s.application.execute(notification_rules, "r1", RemoveNotificationRule(at=after(359)), WHY)
