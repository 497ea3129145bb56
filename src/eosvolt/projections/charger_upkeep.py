"""How a charger is kept: firmware, service, local list, clock, security events and odd messages."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from eosvolt.domain.kernel import Fact
from eosvolt.domain.maintenance.events import (
    AvailabilityChanged,
    ClockFound,
    FirmwareProgressed,
    LocalListSent,
    LocalListVersionReported,
    MaintenanceEvent,
    PasswordRotated,
    ProtocolViolationsCounted,
    SecurityEventReported,
    VendorMessageReceived,
)
from eosvolt.domain.maintenance.local_list import LocalList, list_after
from eosvolt.domain.maintenance.values import ListedToken, ProtocolViolation
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row

FIRMWARE_KEPT, SECURITY_KEPT, VENDOR_KEPT, RULES_KEPT = 50, 200, 50, 200
REPAIRED, UNREADABLE = "repaired", "unreadable"


class FirmwareStep(msgspec.Struct, frozen=True, omit_defaults=True):
    """The status of a firmware installation."""

    at: datetime
    status: str
    request: int | None = None
    signed: bool = False


class Service(msgspec.Struct, frozen=True, omit_defaults=True):
    """The availability that an operator set for a plug (0: the charger), and since when."""

    connector: int
    operative: bool
    since: datetime
    by: str
    scheduled: bool = False
    reason: str = ""


class ViolationCount(msgspec.Struct, frozen=True, omit_defaults=True):
    """How many messages of one action were ``repaired`` by a rule, or were ``unreadable``."""

    kind: str
    action: str
    rule: str
    count: int
    first_at: datetime
    last_at: datetime


class SecurityEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A security event. ``at`` is the charger's time."""

    at: datetime
    received_at: datetime
    type: str
    info: str = ""


class VendorEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A DataTransfer of a vendor; ``data`` may be cut."""

    at: datetime
    vendor: str
    message: str = ""
    data: str = ""


class UpkeepRow(Row, frozen=True, kw_only=True):
    """A charger's upkeep; lists have the newest first.

    ``list_version`` is ``None`` where nobody knows it; ``list_known``: ``list_entries`` are certain.
    ``clock_ahead_s`` is how far the charger's clock is ahead of ours, since ``clock_found_at``.
    """

    charge_point: str
    company: int
    firmware: tuple[FirmwareStep, ...] = ()
    service: tuple[Service, ...] = ()
    list_version: int | None = None
    list_known: bool = False
    list_changed_at: datetime | None = None
    list_entries: tuple[ListedToken, ...] = ()
    clock_ahead_s: int = 0
    clock_found_at: datetime | None = None
    security_count: int = 0
    security: tuple[SecurityEntry, ...] = ()
    vendor: tuple[VendorEntry, ...] = ()
    repaired: int = 0
    unreadable: int = 0
    oddities: tuple[ViolationCount, ...] = ()
    password_rotated_at: datetime | None = None
    password_outcome: str = ""


def keys(fact: Fact) -> Iterable[str]:
    """The charger."""
    return (fact.key,)


def apply(row: UpkeepRow | None, fact: Fact, key: str) -> UpkeepRow | None:
    """The upkeep after the fact."""
    known = row or UpkeepRow(charge_point=key, company=fact.why.company)
    change = msgspec.structs.replace
    match fact.event:
        case FirmwareProgressed(at=at, status=status, request=request, signed=signed):
            step = FirmwareStep(at, status, request, signed)
            return change(known, firmware=(step, *known.firmware)[:FIRMWARE_KEPT])
        case AvailabilityChanged() as availability:
            return change(known, service=_service(known.service, availability, fact.why.by))
        case LocalListSent() | LocalListVersionReported() as listed:
            return _listed(known, listed)
        case ClockFound(at=at, clock_offset_s=clock_offset_s):
            return change(known, clock_ahead_s=clock_offset_s, clock_found_at=at)
        case SecurityEventReported(at=at, received_at=received_at, type=kind, info=info):
            entry = SecurityEntry(at, received_at, kind, info)
            entries = (entry, *known.security)[:SECURITY_KEPT]
            return change(known, security_count=known.security_count + 1, security=entries)
        case VendorMessageReceived(at=at, vendor=vendor, message=message, data=data):
            vendor_message = VendorEntry(at, vendor, message, data)
            return change(known, vendor=(vendor_message, *known.vendor)[:VENDOR_KEPT])
        case ProtocolViolationsCounted() as counted:
            return _counted(known, counted)
        case PasswordRotated(at=at, outcome=outcome):
            return change(known, password_rotated_at=at, password_outcome=outcome)
        case _:
            return row


def _service(service: tuple[Service, ...], availability: AvailabilityChanged, by: str) -> tuple[Service, ...]:
    now = Service(
        availability.connector,
        availability.operative,
        availability.at,
        by,
        availability.scheduled,
        availability.reason,
    )
    if availability.connector == 0:
        return (now,)
    others = [each for each in service if each.connector != availability.connector]
    return tuple(sorted((*others, now), key=lambda each: each.connector))


def _listed(row: UpkeepRow, event: MaintenanceEvent) -> UpkeepRow:
    entries = {entry.token: entry for entry in row.list_entries}
    after = list_after(LocalList(row.list_version, entries, row.list_known), event)
    at = event.at if isinstance(event, LocalListSent) else row.list_changed_at
    return msgspec.structs.replace(
        row,
        list_version=after.version,
        list_known=after.known,
        list_changed_at=at,
        list_entries=tuple(after.entries[token] for token in sorted(after.entries)),
    )


def _counted(row: UpkeepRow, counted: ProtocolViolationsCounted) -> UpkeepRow:
    rules = {(each.kind, each.action, each.rule): each for each in row.oddities}
    for kind, violations in ((REPAIRED, counted.repaired), (UNREADABLE, counted.unreadable)):
        for violation in violations:
            name = (kind, violation.action, violation.rule)
            rules[name] = _more(rules.get(name), kind, violation, counted)
    newest = sorted(
        rules.values(), key=lambda each: (each.last_at, each.kind, each.action, each.rule), reverse=True
    )
    return msgspec.structs.replace(
        row,
        repaired=row.repaired + sum(each.count for each in counted.repaired),
        unreadable=row.unreadable + sum(each.count for each in counted.unreadable),
        oddities=tuple(newest[:RULES_KEPT]),
    )


def _more(
    before: ViolationCount | None, kind: str, violation: ProtocolViolation, counted: ProtocolViolationsCounted
) -> ViolationCount:
    if before is None:
        return ViolationCount(
            kind, violation.action, violation.rule, violation.count, counted.since, counted.at
        )
    count = before.count + violation.count
    return msgspec.structs.replace(before, count=count, last_at=max(before.last_at, counted.at))


charger_upkeep = ReadModel(
    name="charger_upkeep",
    version=1,
    row=UpkeepRow,
    reads=tags(
        FirmwareProgressed,
        AvailabilityChanged,
        LocalListSent,
        LocalListVersionReported,
        ClockFound,
        SecurityEventReported,
        VendorMessageReceived,
        ProtocolViolationsCounted,
        PasswordRotated,
    ),
    keys=keys,
    apply=apply,
    indexes=("company",),
)
