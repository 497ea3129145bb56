"""The rules of a location: its details, its tariff, and the currency that its first session settles."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

import msgspec

from eosvolt.domain.earlier import Earlier, held_at
from eosvolt.domain.kernel import Decider, Rejected
from eosvolt.domain.locations import access, booking_rules
from eosvolt.domain.locations.access import OPEN_ACCESS, AccessRules
from eosvolt.domain.locations.admission import AdmissionRules, admission, refusal
from eosvolt.domain.locations.booking_rules import NO_BOOKING, BookingRules
from eosvolt.domain.locations.commands import (
    AddLocation,
    ChangeBookingRules,
    ChangeLocation,
    ChangeTariff,
    LocationCommand,
    RemoveLocation,
    SettleCurrency,
)
from eosvolt.domain.locations.events import (
    NO_INFO,
    BookingRulesChanged,
    CurrencySettled,
    Details,
    DriverInfo,
    LocationAdded,
    LocationChanged,
    LocationEvent,
    LocationRemoved,
    LocationType,
    TariffChanged,
)
from eosvolt.domain.tariffs.tariff import Tariff, problems
from eosvolt.domain.tokens.bearer import TokenBearer
from eosvolt.domain.tokens.refusal import StartRefusal


class NoLocation(msgspec.Struct, frozen=True):
    """No such location."""


class Location(msgspec.Struct, frozen=True):
    """A location of a company. ``settled``: a session was priced in its currency, which is then fixed.

    ``earlier`` are the tariffs before the present one, oldest first, each with the instant until which it was
    in force; ``earlier_admission`` likewise whom it admitted, ``earlier_booking`` the rules for bookings.
    """

    location: str
    company: int
    details: Details
    tariff: Tariff
    settled: bool = False
    removed: bool = False
    earlier: Earlier[Tariff] = ()
    access: AccessRules = OPEN_ACCESS
    info: DriverInfo = NO_INFO
    earlier_admission: Earlier[AdmissionRules] = ()
    booking: BookingRules = NO_BOOKING
    earlier_booking: Earlier[BookingRules] = ()

    @property
    def was_bookable(self) -> bool:
        """Whether somebody can have booked here, now or before."""
        return self.booking.enabled or any(rules.enabled for _, rules in self.earlier_booking)

    def booking_at(self, at: datetime) -> BookingRules:
        """The rules for bookings in force at an instant by our clock."""
        return held_at(self.earlier_booking, self.booking, at)

    def tariff_at(self, at: datetime) -> Tariff:
        """The tariff in force at an instant by our clock; before the location existed, its first one."""
        return held_at(self.earlier, self.tariff, at)

    @property
    def admission(self) -> AdmissionRules:
        """Whom it admits now."""
        return admission(self.details, self.access)

    def refusal(
        self, bearer: TokenBearer, at: datetime, listed_at: datetime | None = None
    ) -> StartRefusal | None:
        """Why a token may not begin to charge here on demand at an instant; ``None`` where it may.

        Opening hours, schedule and time zone are those of ``at``; type and list are the present ones, or
        those of ``listed_at``.
        """
        then = held_at(self.earlier_admission, self.admission, at)
        listing = (
            self.admission
            if listed_at is None
            else held_at(self.earlier_admission, self.admission, listed_at)
        )
        return refusal(then, listing, bearer, at, self.tariff_at(at).time_zone)


LocationState = NoLocation | Location


def decide(command: LocationCommand, location: LocationState) -> Sequence[LocationEvent]:
    """What happens."""
    match command, location:
        case AddLocation(), NoLocation():
            _check(command.details, command.access, command.tariff)
            return [
                LocationAdded(
                    location=command.location,
                    company=command.company,
                    at=command.at,
                    details=command.details,
                    tariff=command.tariff,
                    access=command.access,
                    info=command.info,
                )
            ]
        case _, NoLocation() | Location(removed=True):
            return []
        case ChangeLocation(), Location() as known:
            return _changed(command, known)
        case ChangeTariff(tariff=tariff), Location() as known if tariff != known.tariff:
            return [_repriced(known, tariff, command.at)]
        case SettleCurrency(at=at), Location(settled=False) as known:
            return [
                CurrencySettled(
                    location=known.location, company=known.company, at=at, currency=known.tariff.currency
                )
            ]
        case ChangeBookingRules(rules=rules), Location() as known if rules != known.booking:
            return [_rules_changed(known, rules, command.at)]
        case RemoveLocation(at=at), Location() as known:
            if command.open_sessions:
                raise Rejected("This location has open sessions: wait for their end, or stop them.")
            if command.charge_points:
                raise Rejected("This location still has chargers: move or remove them first.")
            if command.bookings:
                raise Rejected("This location still has bookings: cancel them first, or wait for their end.")
            return [LocationRemoved(location=known.location, company=known.company, at=at)]
        case _:
            return []


def _changed(command: ChangeLocation, known: Location) -> Sequence[LocationEvent]:
    changed = LocationChanged(
        location=known.location,
        company=known.company,
        at=command.at,
        details=command.details,
        access=known.access if command.access is None else command.access,
        info=known.info if command.info is None else command.info,
    )
    if (changed.details, changed.access, changed.info) == (known.details, known.access, known.info):
        return []
    _check(changed.details, changed.access, known.tariff)
    return [changed]


def _check(details: Details, rules: AccessRules, tariff: Tariff) -> None:
    if not details.name.strip():
        raise Rejected("A location needs a name.")
    private = details.type is LocationType.PRIVATE
    wrong = [*problems(tariff), *access.problems(rules, private=private)]
    if wrong:
        raise Rejected(wrong[0][1])


def _repriced(known: Location, tariff: Tariff, at: datetime) -> TariffChanged:
    _check(known.details, known.access, tariff)
    if known.settled and tariff.currency != known.tariff.currency:
        raise Rejected("The currency cannot change any more: there are sessions in it.")
    if tariff.currency != known.tariff.currency and booking_rules.priced(known.booking):
        raise Rejected(f"The rules for bookings have prices in {known.tariff.currency}: remove them first.")
    return TariffChanged(location=known.location, company=known.company, at=at, tariff=tariff)


def _rules_changed(known: Location, rules: BookingRules, at: datetime) -> BookingRulesChanged:
    wrong = booking_rules.problems(rules, known.tariff)
    if wrong:
        raise Rejected(wrong[0][1])
    return BookingRulesChanged(location=known.location, company=known.company, at=at, rules=rules)


def evolve(location: LocationState, event: LocationEvent) -> LocationState:
    """The location after ``event``."""
    if isinstance(event, LocationAdded):
        return Location(
            location=event.location,
            company=event.company,
            details=event.details,
            tariff=event.tariff,
            access=event.access,
            info=event.info,
        )
    if isinstance(location, NoLocation):
        return location
    match event:
        case LocationChanged(at=at, details=details, access=rules, info=info):
            earlier = location.earlier_admission
            if location.admission != admission(details, rules):
                earlier = (*earlier, (at, location.admission))
            return msgspec.structs.replace(
                location, details=details, access=rules, info=info, earlier_admission=earlier
            )
        case TariffChanged(at=at, tariff=tariff):
            tariffs = (*location.earlier, (at, location.tariff))
            return msgspec.structs.replace(location, tariff=tariff, earlier=tariffs)
        case CurrencySettled():
            return msgspec.structs.replace(location, settled=True)
        case BookingRulesChanged(at=at, rules=rules):
            earlier_rules = (*location.earlier_booking, (at, location.booking))
            return msgspec.structs.replace(location, booking=rules, earlier_booking=earlier_rules)
        case LocationRemoved():
            return msgspec.structs.replace(location, removed=True)
        case _:
            assert_never(event)


locations: Decider[LocationCommand, LocationState, LocationEvent] = Decider(
    "location", NoLocation(), decide, evolve
)
