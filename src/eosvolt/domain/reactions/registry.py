"""What follows from what happens: one line for each subscriber of an event.

The executor looks here after every command and carries out what follows in the same commit. Subscribers of
one event are asked in the order of their lines.
"""

from collections.abc import Mapping, Sequence

from eosvolt.domain.bookings.events import (
    BookingBegan,
    BookingCancelled,
    BookingEnded,
    BookingExtended,
    BookingMade,
    BookingMoved,
    BookingRescheduled,
    HoldReleased,
    NoShowNoted,
    SlotBegan,
    SlotHeld,
)
from eosvolt.domain.charge_points.events import (
    ChargePointBooted,
    ChargePointConnected,
    ChargePointDisconnected,
    ChargePointRemoved,
    ChargePointSilent,
    ConnectorReported,
    PasswordChanged,
    StationReported,
    StopOrphaned,
    TransactionOpened,
)
from eosvolt.domain.commands.events import (
    CommandAnswered,
    CommandExpired,
    CommandFailed,
    CommandHadNoEffect,
    CommandSent,
    CommandTimedOut,
)
from eosvolt.domain.home_chargers.events import (
    HomeChargerAdded,
    HomeChargerRemoved,
    HomeChargerReplaced,
    HomeCodeRedeemed,
    HomeProfileChanged,
    HomeTokenAllowed,
    HomeTokenWithdrawn,
)
from eosvolt.domain.kernel import Event
from eosvolt.domain.locations.events import LocationAdded
from eosvolt.domain.maintenance.events import (
    CertificateIssued,
    CertificateRenewalAsked,
    CertificateRequested,
    ClockFound,
    FirmwareProgressed,
    PasswordRotated,
    ProtocolViolationsCounted,
    SecurityEventReported,
    UploadProgressed,
)
from eosvolt.domain.payments.events import (
    PaymentAuthorised,
    PaymentCancelOrdered,
    PaymentDeclined,
    PaymentRequested,
)
from eosvolt.domain.price_profiles.events import PriceProfileChanged
from eosvolt.domain.reactions import (
    booked_terms,
    bookings,
    certificates,
    charger_faults,
    command_results,
    home_chargers,
    load_balancing,
    locations,
    payments,
    security,
    session_connection,
    session_start,
    zones,
)
from eosvolt.domain.reactions.charger_faults import needs_charger
from eosvolt.domain.reactions.command_results import needs_asked_charger, needs_of_answer
from eosvolt.domain.reactions.reaction import Reaction
from eosvolt.domain.reactions.session_end import after_charging, after_reconciling, after_withdrawing
from eosvolt.domain.reactions.session_start import needs_reservations
from eosvolt.domain.sessions.events import (
    ChargingEnded,
    ConnectorFreed,
    EndReconciled,
    EndWithdrawn,
    ReceiptIssued,
    RefundIssued,
    SessionStarted,
)
from eosvolt.domain.smart_charging.events import LimitAsked, LimitExceeded, LimitKept, WithdrawalAsked
from eosvolt.domain.zones.events import (
    ZoneChanged,
    ZoneChargerAdded,
    ZoneChargerChanged,
    ZoneChargerRemoved,
    ZoneDecided,
    ZoneDisabled,
    ZoneEnabled,
    ZoneRemoved,
)

Registry = Mapping[type[Event], Sequence[Reaction]]

REACTIONS: Registry = {
    TransactionOpened: [
        Reaction(session_start.use_reservation, needs_reservations, last=True),
        Reaction(session_start.use_token, last=True),
    ],
    SlotHeld: [Reaction(bookings.take)],
    BookingMade: [Reaction(bookings.take)],
    BookingExtended: [Reaction(bookings.take), Reaction(booked_terms.move_later, last=True)],
    BookingRescheduled: [Reaction(bookings.take_another)],
    BookingMoved: [Reaction(bookings.take_another)],
    BookingBegan: [Reaction(bookings.begin_again)],
    SlotBegan: [
        Reaction(bookings.stop_session, bookings.needs_stopped),
        Reaction(bookings.cancel_reservations, bookings.needs_reservations),
    ],
    BookingEnded: [
        Reaction(bookings.end, bookings.needs_calendar),
        Reaction(booked_terms.move_earlier, last=True),
        Reaction(bookings.stop_session, bookings.needs_stopped),
    ],
    HoldReleased: [Reaction(bookings.give_back)],
    BookingCancelled: [Reaction(bookings.give_back)],
    NoShowNoted: [Reaction(bookings.give_back)],
    LocationAdded: [Reaction(locations.default_support, locations.needs_company)],
    HomeChargerAdded: [Reaction(home_chargers.make_home, home_chargers.needs_profile)],
    HomeProfileChanged: [
        Reaction(home_chargers.change_profile, home_chargers.needs_home_and_profile),
    ],
    HomeChargerReplaced: [Reaction(home_chargers.replace_charger, home_chargers.needs_home)],
    HomeChargerRemoved: [Reaction(home_chargers.remove_home)],
    HomeCodeRedeemed: [Reaction(home_chargers.change_list, home_chargers.needs_home)],
    HomeTokenAllowed: [Reaction(home_chargers.change_list, home_chargers.needs_home)],
    HomeTokenWithdrawn: [Reaction(home_chargers.change_list, home_chargers.needs_home)],
    PriceProfileChanged: [Reaction(home_chargers.change_tariffs, home_chargers.needs_homes)],
    StopOrphaned: [Reaction(session_start.keep_orphan, session_start.needs_location_of_stop)],
    SessionStarted: [
        Reaction(session_start.confirm_remote_start),
        Reaction(session_start.settle_currency),
        Reaction(payments.use_payment, payments.needs_paying_token),
    ],
    ChargingEnded: [Reaction(after_charging)],
    EndReconciled: [Reaction(after_reconciling)],
    EndWithdrawn: [Reaction(after_withdrawing)],
    ConnectorFreed: [Reaction(payments.settle_payment)],
    ReceiptIssued: [Reaction(payments.settle_payment)],
    RefundIssued: [Reaction(payments.settle_payment)],
    PaymentRequested: [Reaction(payments.cover_token, payments.needs_token)],
    PaymentAuthorised: [Reaction(payments.let_token_start, payments.needs_token)],
    PaymentCancelOrdered: [Reaction(payments.let_token_expire, payments.needs_token)],
    PaymentDeclined: [Reaction(payments.let_token_expire, payments.needs_token)],
    CommandSent: [Reaction(command_results.sent), Reaction(load_balancing.limit_sent)],
    CommandAnswered: [
        Reaction(command_results.answered, needs_of_answer),
        Reaction(load_balancing.limit_answered),
        Reaction(payments.give_up),
    ],
    CommandFailed: [
        Reaction(command_results.ended, needs_asked_charger),
        Reaction(load_balancing.limit_undelivered),
        Reaction(payments.give_up),
    ],
    CommandTimedOut: [
        Reaction(command_results.ended, needs_asked_charger),
        Reaction(load_balancing.limit_undelivered),
        Reaction(payments.give_up),
    ],
    CommandExpired: [
        Reaction(command_results.ended, needs_asked_charger),
        Reaction(load_balancing.limit_undelivered),
        Reaction(payments.give_up),
    ],
    CommandHadNoEffect: [
        Reaction(command_results.had_no_effect, needs_asked_charger),
        Reaction(payments.give_up),
    ],
    PasswordChanged: [Reaction(security.password_set)],
    PasswordRotated: [Reaction(security.password_confirmed)],
    ChargePointRemoved: [
        Reaction(security.removed),
        Reaction(load_balancing.leave_zone, load_balancing.needs_limits),
    ],
    ZoneChargerAdded: [Reaction(zones.join, zones.needs_zones_above)],
    ZoneChargerChanged: [Reaction(zones.join, zones.needs_zones_above)],
    ZoneChargerRemoved: [Reaction(zones.leave)],
    ZoneRemoved: [Reaction(zones.leave_all)],
    ZoneEnabled: [Reaction(zones.switch, zones.needs_zones_above)],
    ZoneDisabled: [Reaction(zones.switch, zones.needs_zones_above)],
    ZoneChanged: [Reaction(zones.change_fallback, zones.needs_zones_below)],
    ZoneDecided: [Reaction(zones.ask_limits)],
    LimitAsked: [Reaction(load_balancing.send_limit, load_balancing.needs_upkeep)],
    WithdrawalAsked: [Reaction(load_balancing.withdraw_limit)],
    LimitExceeded: [Reaction(load_balancing.limit_exceeded, load_balancing.needs_limited_charger, last=True)],
    LimitKept: [Reaction(load_balancing.limit_kept, load_balancing.needs_limited_charger, last=True)],
    ChargePointConnected: [
        Reaction(session_connection.connected),
        Reaction(charger_faults.connected, last=True),
    ],
    ChargePointDisconnected: [Reaction(session_connection.disconnected)],
    ChargePointSilent: [Reaction(charger_faults.silent, last=True)],
    ChargePointBooted: [
        Reaction(session_connection.booted),
        Reaction(charger_faults.booted, last=True),
    ],
    ConnectorReported: [Reaction(charger_faults.reported, last=True)],
    StationReported: [Reaction(charger_faults.reported, last=True)],
    CertificateRequested: [Reaction(certificates.requested, needs_charger, last=True)],
    CertificateIssued: [Reaction(certificates.issued, needs_charger, last=True)],
    CertificateRenewalAsked: [Reaction(certificates.renewal_asked, needs_charger)],
    FirmwareProgressed: [Reaction(charger_faults.firmware_progressed, needs_charger, last=True)],
    UploadProgressed: [Reaction(charger_faults.upload_progressed, needs_charger, last=True)],
    SecurityEventReported: [Reaction(charger_faults.security_event_reported, needs_charger, last=True)],
    ClockFound: [Reaction(charger_faults.clock_found, needs_charger, last=True)],
    ProtocolViolationsCounted: [
        Reaction(charger_faults.protocol_violations_counted, needs_charger, last=True)
    ],
}
