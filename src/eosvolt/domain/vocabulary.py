"""Every event that the history can hold, by its tag."""

from typing import get_args

from eosvolt.domain.booking_feeds.events import BookingFeedEvent
from eosvolt.domain.bookings.events import BookerEvent, BookingEvent, CalendarEvent
from eosvolt.domain.charge_points.events import ChargePointEvent
from eosvolt.domain.commands.events import CommandEvent
from eosvolt.domain.companies.events import CompanyEvent
from eosvolt.domain.customer_groups.events import CustomerGroupEvent
from eosvolt.domain.customers.events import CustomerEvent
from eosvolt.domain.deliveries.events import DeliveryEvent
from eosvolt.domain.documents.events import DocumentEvent
from eosvolt.domain.exclusions.events import ExclusionEvent
from eosvolt.domain.faults.events import FaultEvent
from eosvolt.domain.home_chargers.events import HomeChargerEvent
from eosvolt.domain.home_statements.events import HomeStatementEvent
from eosvolt.domain.invoices.events import InvoiceEvent
from eosvolt.domain.kernel import Event
from eosvolt.domain.locations.events import LocationEvent
from eosvolt.domain.maintenance.events import MaintenanceEvent
from eosvolt.domain.notification_rules.events import NotificationRuleEvent
from eosvolt.domain.notifications.events import NotificationEvent
from eosvolt.domain.operators.events import OperatorEvent
from eosvolt.domain.payments.events import PaymentEvent
from eosvolt.domain.payouts.events import PayoutEvent
from eosvolt.domain.platform_fees.events import PlatformFeeEvent
from eosvolt.domain.price_profiles.events import PriceProfileEvent
from eosvolt.domain.refusals.events import RefusalEvent
from eosvolt.domain.sessions.events import SessionEvent
from eosvolt.domain.smart_charging.events import SmartChargingEvent
from eosvolt.domain.tokens.events import TokenEvent
from eosvolt.domain.zones.events import ZoneEvent


def tag(event: type[Event]) -> str:
    """The name under which events of this class are stored."""
    return str(event.__struct_config__.tag)


def tags(*events: type[Event]) -> frozenset[str]:
    """The names under which events of these classes are stored."""
    return frozenset(tag(event) for event in events)


EVENTS: dict[str, type[Event]] = {
    tag(event): event
    for family in (
        CompanyEvent,
        OperatorEvent,
        LocationEvent,
        TokenEvent,
        CustomerEvent,
        CustomerGroupEvent,
        ChargePointEvent,
        SessionEvent,
        DeliveryEvent,
        FaultEvent,
        ExclusionEvent,
        CommandEvent,
        MaintenanceEvent,
        NotificationRuleEvent,
        NotificationEvent,
        DocumentEvent,
        InvoiceEvent,
        RefusalEvent,
        PlatformFeeEvent,
        PayoutEvent,
        PaymentEvent,
        HomeStatementEvent,
        PriceProfileEvent,
        HomeChargerEvent,
        BookingEvent,
        CalendarEvent,
        BookerEvent,
        BookingFeedEvent,
        ZoneEvent,
        SmartChargingEvent,
    )
    for event in get_args(family) or (family,)
}
