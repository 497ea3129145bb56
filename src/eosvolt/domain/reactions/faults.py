"""What reports and connections mean for faults: opened, counted and recovered without anybody asking."""

from datetime import datetime

from eosvolt.domain.charge_points.news import is_news
from eosvolt.domain.charge_points.reports import ConnectorStatus, StatusReport
from eosvolt.domain.charge_points.state import Known, PlugState
from eosvolt.domain.faults.commands import RecoverFault, ReportFault
from eosvolt.domain.faults.decider import faults, subject
from eosvolt.domain.faults.events import FaultKind
from eosvolt.domain.kernel import Order

NO_CONTACT = "NoContact"
STOP_NOT_OBEYED = "StopNotObeyed"
POWER_CODES = frozenset(
    {"PowerMeterFailure", "PowerSwitchFailure", "UnderVoltage", "OverVoltage", "PowerLoss"}
)


def after_report(known: Known, report: StatusReport) -> list[Order]:
    """The fault that a plug reports, and the recovery of the one it reported before."""
    if not is_news(report, known):
        return []
    last = known.plugs.get(report.connector)
    before, now = "" if last is None else fault_code(last), fault_code(report)
    charge_point = f"{known.company}/{known.charge_box_id}"
    orders = []
    if now:
        orders.append(
            Order(
                faults,
                subject(charge_point, report.connector, now),
                ReportFault(
                    company=known.company,
                    location=known.location,
                    charge_point=known.charge_box_id,
                    connector=report.connector,
                    kind=FaultKind.POWER if now in POWER_CODES else FaultKind.HARDWARE,
                    code=now,
                    at=report.at,
                    vendor_code=report.vendor_error,
                    text=report.info,
                ),
            )
        )
    if before and before != now:
        orders.append(
            Order(faults, subject(charge_point, report.connector, before), RecoverFault(at=report.at))
        )
    return orders


def fault_code(report: StatusReport | PlugState) -> str:
    """The code under which a report is a fault; empty where all is well."""
    if report.error_code and report.error_code != "NoError":
        return report.error_code
    return ConnectorStatus.FAULTED.value if report.status is ConnectorStatus.FAULTED else ""


def no_contact(known: Known, at: datetime) -> Order:
    """The charger stayed away."""
    return Order(
        faults,
        subject(f"{known.company}/{known.charge_box_id}", 0, NO_CONTACT),
        ReportFault(
            company=known.company,
            location=known.location,
            charge_point=known.charge_box_id,
            connector=0,
            kind=FaultKind.COMMUNICATION,
            code=NO_CONTACT,
            at=at,
            text="The charger has been disconnected for more than 5 minutes.",
        ),
    )


def contact_again(known: Known, at: datetime) -> Order:
    """The charger is back."""
    return Order(
        faults, subject(f"{known.company}/{known.charge_box_id}", 0, NO_CONTACT), RecoverFault(at=at)
    )


def stop_not_obeyed(known: Known, connector: int, at: datetime, why: str) -> Order:
    """The charger did not stop an idle session although we asked it to."""
    return Order(
        faults,
        subject(f"{known.company}/{known.charge_box_id}", connector, STOP_NOT_OBEYED),
        ReportFault(
            company=known.company,
            location=known.location,
            charge_point=known.charge_box_id,
            connector=connector,
            kind=FaultKind.COMMUNICATION,
            code=STOP_NOT_OBEYED,
            at=at,
            text=why,
        ),
    )
