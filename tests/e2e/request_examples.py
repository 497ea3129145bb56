"""What requests need beside their address, and what is not there in a company with one of each thing."""

from typing import Any

# What a request has to hold to be understood before it can be refused for whose it is.
BODIES: dict[str, dict[str, Any]] = {
    "/chargers/{charger}/commands": {"type": "clearCache"},
    "/unknown-chargers/{charger}/adopt": {"locationId": "not-mine"},
    "/home-chargers/{home}/tokens/{token}": {"kind": "family"},
    "/home-chargers/{home}": {"priceProfileId": "not-mine"},
    "/home-chargers/{home}/replace": {"chargeBoxId": "not-mine", "plugs": [{"number": 1}]},
    "/finance/reimbursements/{statement}/pay": {"reference": "not mine"},
    "/zones/{zone}/meter": {"at": "2026-11-21T09:00:00Z", "powerW": 1},
    "/zones/{zone}/chargers": {"chargeBoxId": "not-mine"},
    "/faults/{fault}/assign": {"owner": "admin:not-mine"},
    "/faults/{fault}/snooze": {"until": "2100-01-01T00:00:00Z", "note": "not mine"},
    "/faults/{fault}/solve": {"note": "not mine"},
    "/sessions/{session}/end": {"reason": "not mine"},
    "/sessions/{session}/held-energy": {"note": "not mine"},
    "/sessions/{session}/refunds": {"reason": "not mine"},
    "/bookings/{booking}/refunds": {"reason": "not mine"},
    "/bookings/{booking}/reschedule": {"start": "2100-01-01T00:00:00Z"},
    "/bookings/{booking}/extend": {"slots": 2},
    "/locations/{location}/booking": {"enabled": False},
}
# What a list needs to be asked for.
QUERIES: dict[str, dict[str, str]] = {
    "/dashboard/summary": {"period": "day", "date": "2026-11-21"},
    "/dashboard/performance": {"metric": "uptime", "range": "month"},
    "/reports/uptime": {"definition": "nevi", "from": "2026-11-01", "to": "2026-11-30"},
    "/finance/transactions/export": {"from": "2026-11-01", "to": "2026-11-30"},
    "/finance/vat": {"year": "2026"},
    "/locations/{location}/slots": {"date": "2026-11-21"},
    "/finance/vat/export": {"year": "2026"},
    "/sessions/export": {"from": "2026-11-01", "to": "2026-11-30", "format": "csv"},
}
# Nothing of a company is there, so that there is no list: the company has no logo, and owes nothing; no fee
# of a booking was charged.
NOT_THERE_YET = {
    "/settings/logo": 404,
    "/finance/reimbursements/payments": 409,
    "/bookings/{booking}/receipt": 404,
    "/bookings/{booking}/refunds/{refund}/credit-note": 404,
}
