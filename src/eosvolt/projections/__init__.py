"""The read models: one file for each question a screen asks."""

from typing import Any

from eosvolt.projections.admins import admins
from eosvolt.projections.blocking_fees import blocking_fees
from eosvolt.projections.booking_feeds import booking_feeds
from eosvolt.projections.booking_fees import booking_fees
from eosvolt.projections.bookings import bookings
from eosvolt.projections.charge_points import charge_points
from eosvolt.projections.charger_commands import charger_commands
from eosvolt.projections.charger_files import charger_files
from eosvolt.projections.charger_limits import charger_limits
from eosvolt.projections.charger_settings import charger_settings
from eosvolt.projections.charger_upkeep import charger_upkeep
from eosvolt.projections.charging_attempts import charging_attempts
from eosvolt.projections.companies import api_keys, companies
from eosvolt.projections.connector_status import connector_status
from eosvolt.projections.customer_groups import customer_groups
from eosvolt.projections.customers import customers
from eosvolt.projections.deadlines import deadlines
from eosvolt.projections.device_resources import device_resources
from eosvolt.projections.exclusions import exclusions
from eosvolt.projections.faults import faults
from eosvolt.projections.home_chargers import home_chargers
from eosvolt.projections.home_statements import home_statements
from eosvolt.projections.invoices import invoices
from eosvolt.projections.ledger import ledger
from eosvolt.projections.locations import locations
from eosvolt.projections.notification_rules import notification_rules
from eosvolt.projections.notifications import notifications
from eosvolt.projections.payments import payments
from eosvolt.projections.payouts import payouts
from eosvolt.projections.platform_companies import platform_companies
from eosvolt.projections.plug_time import plug_time
from eosvolt.projections.price_profiles import price_profiles
from eosvolt.projections.read_model import ReadModel
from eosvolt.projections.refused_starts import refused_starts
from eosvolt.projections.revenue import summary
from eosvolt.projections.session_history import session_history
from eosvolt.projections.status_changes import status_changes
from eosvolt.projections.tokens import tokens
from eosvolt.projections.uptime import uptime
from eosvolt.projections.zone_power import zone_power
from eosvolt.projections.zones import zones

READ_MODELS: tuple[ReadModel[Any], ...] = (
    companies,
    platform_companies,
    api_keys,
    admins,
    locations,
    charge_points,
    connector_status,
    status_changes,
    tokens,
    customers,
    customer_groups,
    refused_starts,
    session_history,
    ledger,
    payouts,
    payments,
    home_statements,
    invoices,
    summary,
    blocking_fees,
    booking_fees,
    charging_attempts,
    faults,
    notification_rules,
    notifications,
    charger_commands,
    charger_settings,
    charger_files,
    charger_upkeep,
    device_resources,
    uptime,
    plug_time,
    exclusions,
    price_profiles,
    home_chargers,
    bookings,
    booking_feeds,
    zones,
    charger_limits,
    zone_power,
    deadlines,
)
