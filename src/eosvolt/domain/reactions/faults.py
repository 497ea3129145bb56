"""What reports and connections mean for faults: opened, counted and recovered without anybody asking."""

from datetime import datetime, timedelta

from eosvolt.domain.calendar import MICROSECOND
from eosvolt.domain.charge_points.recollection import PlugState
from eosvolt.domain.charge_points.reports import ConnectorStatus, StatusReport
from eosvolt.domain.charge_points.state import Registered
from eosvolt.domain.charge_points.status_ordering import changes_status
from eosvolt.domain.explanations import Explanation, Why, because
from eosvolt.domain.faults.commands import RecoverFault, ReportFault, SuppressFault
from eosvolt.domain.faults.decider import faults, subject
from eosvolt.domain.faults.events import FaultKind, Severity
from eosvolt.domain.kernel import CommandEnvelope

NO_CONTACT = "NoContact"
FLAPPING = "ConnectionFlapping"
STOP_NOT_OBEYED = "StopNotObeyed"
POWER_CODES = frozenset(
    {"PowerMeterFailure", "PowerSwitchFailure", "UnderVoltage", "OverVoltage", "PowerLoss"}
)
COMMUNICATION_CODES = frozenset({"WeakSignal", "LocalListConflict"})
# So many connections within so long are a bad line, or two chargers with one identity.
FLAPS = 6
FLAPS_WITHIN = timedelta(minutes=10)
FLAPPING_OVER_AFTER = timedelta(minutes=30)
_UNUSABLE = frozenset({ConnectorStatus.FAULTED, ConnectorStatus.UNAVAILABLE})


def found(
    known: Registered,
    connector: int,
    kind: FaultKind,
    code: str,
    at: datetime,
    explanation: Explanation | None,
    *,
    text: str = "",
    severity: Severity = Severity.ERROR,
    received_at: datetime | None = None,
    present_at: datetime | None = None,
    vendor_code: str = "",
    auto_recover_at: datetime | None = None,
) -> CommandEnvelope:
    """Something is wrong with a charger (connector 0) or one of its plugs; ``text`` is the charger's own."""
    transaction = known.open_on(connector)
    return CommandEnvelope(
        faults,
        subject(key_of(known), connector, code),
        ReportFault(
            company=known.company,
            location=known.location,
            charge_point=known.charge_box_id,
            connector=connector,
            kind=kind,
            code=code,
            at=at,
            received_at=received_at,
            present_at=present_at,
            vendor_code=vendor_code,
            text=text,
            explanation=explanation,
            severity=severity,
            session="" if transaction is None else transaction.opened.session,
            auto_recover_at=auto_recover_at,
            charger_down=severity is Severity.ERROR
            and connector > 0
            and not _others_usable(known, connector),
        ),
    )


def _others_usable(known: Registered, connector: int) -> bool:
    """Whether another plug of the charger may charge; one that never reported is taken to be able to."""
    states = (known.plugs.get(number) for number in known.numbers() if number != connector)
    return any(state is None or state.status not in _UNUSABLE for state in states)


def over(
    known: Registered, connector: int, code: str, at: datetime, present_at: datetime | None = None
) -> CommandEnvelope:
    """Recover a fault; ``present_at`` as in ``ReportFault``."""
    recover = RecoverFault(at=at, present_at=present_at)
    return CommandEnvelope(faults, subject(key_of(known), connector, code), recover)


def suppressed(charge_point: str, code: str, at: datetime, until: datetime, why: Why) -> CommandEnvelope:
    """Suppress a fault of the charger as a whole from ``at`` until ``until``: we cause it ourselves."""
    return CommandEnvelope(
        faults, subject(charge_point, 0, code), SuppressFault(at=at, until=until, explanation=because(why))
    )


def key_of(known: Registered) -> str:
    """The charger's key."""
    return f"{known.company}/{known.charge_box_id}"


def after_report(known: Registered, report: StatusReport) -> list[CommandEnvelope]:
    """The fault that a plug reports, and the recovery of the one it reported before.

    A plug that goes on to another state with the same error has not failed once more.
    """
    if not changes_status(report, known):
        return []
    last = known.plugs.get(report.connector)
    before, now = "" if last is None else fault_code(last), fault_code(report)
    at = _taken_at(report, last)
    envelopes = []
    if now and (last is None or before != now or _details(report) != _details(last)):
        envelopes.append(
            found(
                known,
                report.connector,
                kind_of(now),
                now,
                at,
                None,
                text=report.info,
                severity=_severity(report),
                received_at=report.received_at,
                present_at=report.received_at,
                vendor_code=report.vendor_error,
            )
        )
    if before and before != now:
        envelopes.append(over(known, report.connector, before, at, report.received_at))
    return envelopes


def fault_code(report: StatusReport | PlugState) -> str:
    """The code under which a report is a fault; empty where all is well."""
    if report.error_code and report.error_code != "NoError":
        return report.error_code
    return ConnectorStatus.FAULTED.value if report.status is ConnectorStatus.FAULTED else ""


def kind_of(code: str) -> FaultKind:
    """Where to look for the cause of an error that a charger reports."""
    if code in POWER_CODES:
        return FaultKind.POWER
    return FaultKind.COMMUNICATION if code in COMMUNICATION_CODES else FaultKind.HARDWARE


def _severity(report: StatusReport | PlugState) -> Severity:
    return Severity.ERROR if report.status is ConnectorStatus.FAULTED else Severity.WARNING


def _details(report: StatusReport | PlugState) -> tuple[Severity, str, str]:
    return (_severity(report), report.vendor_error, report.info)


def _taken_at(report: StatusReport, last: PlugState | None) -> datetime:
    """When the report came true: its own time, unless its clock stands still or went back."""
    if last is None or report.at > last.at:
        return report.at
    return max(report.received_at, last.at + MICROSECOND)


def after_connecting(known: Registered, at: datetime) -> list[CommandEnvelope]:
    """It is there, maybe again, maybe too often. ``known`` is the charger before this connection."""
    envelopes = [over(known, 0, NO_CONTACT, at)] if known.silent else []
    recent = [since for since in known.connects if since > at - FLAPS_WITHIN]
    if len(recent) + 1 >= FLAPS:
        why = Why.CONNECTS_TWICE_AT_ONCE if known.online else Why.CONNECTS_TOO_OFTEN
        envelopes.append(
            found(
                known,
                0,
                FaultKind.COMMUNICATION,
                FLAPPING,
                at,
                because(why, connections=FLAPS, minutes=FLAPS_WITHIN.seconds // 60),
                severity=Severity.WARNING,
                auto_recover_at=at + FLAPPING_OVER_AFTER,
            )
        )
    return envelopes


def no_contact(known: Registered, at: datetime) -> CommandEnvelope:
    """The charger stayed away."""
    return found(known, 0, FaultKind.COMMUNICATION, NO_CONTACT, at, because(Why.NO_CONTACT))


def stop_not_obeyed(
    known: Registered, connector: int, at: datetime, why: Explanation | None, *, text: str = ""
) -> CommandEnvelope:
    """The charger did not stop an idle session although we asked it to."""
    return found(known, connector, FaultKind.COMMUNICATION, STOP_NOT_OBEYED, at, why, text=text)
