"""What is known of a charger's upkeep, and how its events move it on."""

import msgspec

from eosvolt.domain.maintenance.certificates import Certificates, certificates_after
from eosvolt.domain.maintenance.events import (
    AvailabilityChanged,
    CertificatesReported,
    CompositeScheduleReported,
    ConfigurationReported,
    MaintenanceEvent,
    ReservationEnded,
    ReservationMade,
    SecurityEventReported,
    SettingChanged,
)
from eosvolt.domain.maintenance.local_list import LocalList, list_after
from eosvolt.domain.maintenance.uploads import Upload, uploads_after
from eosvolt.domain.maintenance.values import Setting

SECURITY_EVENTS_REMEMBERED = 32


class ChargerSettings(msgspec.Struct, frozen=True):
    """Configuration keys as the charger told them or took them, by their key in lower case."""

    keys: dict[str, Setting] = {}

    def number(self, key: str) -> int | None:
        """A setting that is a positive whole number; ``None`` where it is not known or something else."""
        setting = self.keys.get(key.casefold())
        text = (setting.value or "").strip().strip('"') if setting else ""
        return int(text) if text.isascii() and text.isdecimal() and 0 < int(text) < 2**31 else None


class Upkeep(msgspec.Struct, frozen=True):
    """What is known of a charger's upkeep.

    ``last`` is the last event about each thing. ``availability`` is what an operator set for each plug (0: of
    all), ``reservations`` are those under way, ``security`` the last events of that kind.
    """

    last: dict[str, MaintenanceEvent] = {}
    settings: ChargerSettings = ChargerSettings()
    availability: dict[int, AvailabilityChanged] = {}
    uploads: tuple[Upload, ...] = ()
    local_list: LocalList = LocalList()
    reservations: dict[int, ReservationMade] = {}
    security: tuple[SecurityEventReported, ...] = ()
    certificates: Certificates = Certificates()


def evolve(upkeep: Upkeep, event: MaintenanceEvent) -> Upkeep:
    """The upkeep after ``event``."""
    return Upkeep(
        last={**upkeep.last, about(event): event},
        settings=_settings(upkeep.settings, event),
        availability=_availability(upkeep.availability, event),
        uploads=uploads_after(upkeep.uploads, event),
        local_list=list_after(upkeep.local_list, event),
        reservations=_reservations(upkeep.reservations, event),
        security=(*upkeep.security, event)[-SECURITY_EVENTS_REMEMBERED:]
        if isinstance(event, SecurityEventReported)
        else upkeep.security,
        certificates=certificates_after(upkeep.certificates, event),
    )


def about(event: MaintenanceEvent) -> str:
    """What the event is about; it is compared with the last event about the same thing."""
    kind = type(event).__name__
    match event:
        case SettingChanged(key=key):
            return f"{kind} {key.casefold()}"
        case CompositeScheduleReported(connector=connector):
            return f"{kind} {connector}"
        case CertificatesReported(type=use):
            return f"{kind} {use}"
        case _:
            return kind


def _settings(settings: ChargerSettings, event: MaintenanceEvent) -> ChargerSettings:
    match event:
        case ConfigurationReported():
            reported = {setting.key.casefold(): setting for setting in event.settings}
            unknown = frozenset(key.casefold() for key in event.unknown)
            kept = {} if event.whole else {k: v for k, v in settings.keys.items() if k not in unknown}
            return ChargerSettings({**kept, **reported})
        case SettingChanged(key=key, value=value):
            return ChargerSettings({**settings.keys, key.casefold(): Setting(key, value)})
        case _:
            return settings


def _availability(
    availability: dict[int, AvailabilityChanged], event: MaintenanceEvent
) -> dict[int, AvailabilityChanged]:
    if not isinstance(event, AvailabilityChanged):
        return availability
    # The availability of the whole charger is that of each of its plugs.
    return {0: event} if event.connector == 0 else {**availability, event.connector: event}


def _reservations(
    reservations: dict[int, ReservationMade], event: MaintenanceEvent
) -> dict[int, ReservationMade]:
    match event:
        case ReservationMade(reservation=reservation):
            return {**reservations, reservation: event}
        case ReservationEnded(reservation=ended):
            return {number: made for number, made in reservations.items() if number != ended}
        case _:
            return reservations
