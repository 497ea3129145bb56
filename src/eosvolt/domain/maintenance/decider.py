"""Which events of device management are recorded, and which repeat what is known.

Any of them may come twice, late, or from a charger that repeats itself for weeks.
"""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from eosvolt.domain.kernel import Decider, Rejected
from eosvolt.domain.maintenance.commands import MaintenanceCommand
from eosvolt.domain.maintenance.events import (
    AvailabilityChanged,
    CertificateDelivered,
    CertificatesReported,
    CertificatesRevoked,
    ClockFound,
    CompositeScheduleReported,
    ConfigurationReported,
    FileReceived,
    FirmwareProgressed,
    LocalListVersionReported,
    MaintenanceEvent,
    ReservationEnded,
    ReservationMade,
    SecurityEventReported,
    SettingChanged,
    UploadOpened,
    UploadProgressed,
)
from eosvolt.domain.maintenance.upkeep import Upkeep, about, evolve
from eosvolt.domain.maintenance.uploads import (
    CANCELED,
    CLOSING,
    DONE,
    IDLE,
    given_up_for,
    upload_meant,
    upload_named,
)

change = msgspec.structs.replace

__all__ = ["Upkeep", "decide", "evolve", "maintenance"]

# An answer that says the same as the one before, so soon after it, is the same answer.
SAME_ANSWER_WITHIN = timedelta(minutes=1)
# A charger that tells a state again and again is still in it; much later it got there a second time.
SAME_STATUS_WITHIN = timedelta(hours=1)
CLOCK_STEADY_WITHIN_S = 30


def decide(command: MaintenanceCommand, upkeep: Upkeep) -> Sequence[MaintenanceEvent]:
    """What happens. Raises ``Rejected`` for a file that nobody waits for."""
    event = command.event
    if upkeep.last.get(about(event)) == event:
        return []
    match event:
        case UploadOpened(upload=upload):
            return [event] if upload_named(upkeep.uploads, upload) is None else []
        case UploadProgressed():
            return _upload_progressed(event, upkeep)
        case FileReceived():
            return _file_received(event, upkeep)
        case ReservationMade(reservation=number):
            held = upkeep.reservations.get(number)
            if held is None:
                return [event]
            if change(event, at=held.at) == held:
                return []
            return [ReservationEnded(at=event.at, reservation=number, reason="replaced"), event]
        case ReservationEnded(reservation=number):
            return [event] if number in upkeep.reservations else []
        case _:
            return [event] if _is_new(event, upkeep) else []


def _is_new(event: MaintenanceEvent, upkeep: Upkeep) -> bool:
    """Whether it says something that the last event about the same thing did not."""
    last = upkeep.last.get(about(event))
    match event, last:
        case FirmwareProgressed(status=status, at=at), FirmwareProgressed():
            same = (status, event.request, event.signed) == (last.status, last.request, last.signed)
            return not same or (status != IDLE and at >= last.at + SAME_STATUS_WITHIN)
        case AvailabilityChanged(connector=connector, operative=operative), _:
            # The charger's availability is that of a plug without a later one of its own.
            service = upkeep.availability.get(connector) or upkeep.availability.get(0)
            if connector == 0 and len(upkeep.availability) > 1:
                return True
            if service is None:
                return not operative
            return (operative, event.scheduled, event.reason) != (
                service.operative,
                service.scheduled,
                service.reason,
            )
        case SettingChanged(at=at), SettingChanged():
            return at > last.at
        case ConfigurationReported() | CompositeScheduleReported() | CertificatesReported(), _:
            return last is None or not _same_answer(event, last)
        case LocalListVersionReported(version=version), _:
            return version != upkeep.local_list.version
        case ClockFound(clock_offset_s=clock_offset_s), ClockFound():
            return abs(clock_offset_s - last.clock_offset_s) > CLOCK_STEADY_WITHIN_S
        case SecurityEventReported(), _:
            # Queues may deliver them twice, long after the fact.
            return all(change(event, received_at=each.received_at) != each for each in upkeep.security)
        case CertificatesRevoked(), _:
            return bool(upkeep.certificates.issued)
        case CertificateDelivered(fingerprint=fingerprint, accepted=accepted), _:
            return upkeep.certificates.delivered.get(fingerprint) is not accepted
        case _:
            return True


def _same_answer(event: MaintenanceEvent, last: MaintenanceEvent) -> bool:
    return change(event, at=last.at) == last and event.at < last.at + SAME_ANSWER_WITHIN


def _upload_progressed(event: UploadProgressed, upkeep: Upkeep) -> Sequence[MaintenanceEvent]:
    """A report with the upload that it is about. A charger may also upload what nobody here asked for."""
    last = upkeep.last.get(about(event))
    if event.status == IDLE:
        return [] if isinstance(last, UploadProgressed) and last.status == IDLE else [event]
    upload = upload_named(upkeep.uploads, event.upload) if event.upload else None
    upload = upload or upload_meant(upkeep.uploads, event.request)
    if upload is None:
        same = isinstance(last, UploadProgressed) and (last.status, last.upload) == (event.status, "")
        return [] if same and last is not None and event.at < last.at + SAME_STATUS_WITHIN else [event]
    if upload.status in {event.status, DONE}:
        return []
    progressed = change(event, upload=upload.opened.upload)
    if event.status in CLOSING or upload.status in CLOSING:
        return [progressed] if not upload.closed else []
    canceled = [
        UploadProgressed(at=event.at, status=CANCELED, upload=each.opened.upload)
        for each in given_up_for(upkeep.uploads, upload)
    ]
    return [progressed, *canceled]


def _file_received(event: FileReceived, upkeep: Upkeep) -> Sequence[MaintenanceEvent]:
    upload = upload_named(upkeep.uploads, event.upload)
    if upload is None or upload.closed:
        raise Rejected("Nobody waits for this file any more.")
    if upload.received is None:
        return [event]
    if upload.received.sha256 != event.sha256:
        raise Rejected("There is another file here already.")
    return []


maintenance: Decider[MaintenanceCommand, Upkeep, MaintenanceEvent] = Decider(
    "maintenance", Upkeep(), decide, evolve
)
