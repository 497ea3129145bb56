"""``/chargers/{charger}/…``: a charger's reservations, charging profiles and certificates."""

from datetime import datetime
from typing import Any

import msgspec

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.maintenance import known_charger
from eosvolt.adapters.http.framework.api_types import Items, View
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.presentation.explanations import why
from eosvolt.application.operations.chargers import VIEW
from eosvolt.projections.device_resources import DeviceResourcesRow


class ReservationView(View, frozen=True, kw_only=True):
    """A plug (0: any) held for a token; ``ended``: cancelled, used, replaced or expired."""

    id: int
    plug: int
    token: str
    made_at: datetime
    expires_at: datetime
    by: str
    group_token: str = ""
    ended: str = ""
    ended_at: datetime | None = None


class ProfileView(View, frozen=True, kw_only=True):
    """A charging profile that the charger accepted for a plug (0: all), as in OCPP."""

    plug: int
    set_at: datetime
    profile: dict[str, Any]


class ScheduleView(View, frozen=True, kw_only=True):
    """The composite schedule that the charger reported on request, as in OCPP."""

    plug: int
    asked_at: datetime
    schedule: dict[str, Any]
    start: datetime | None = None


class ProfilesView(View, frozen=True, kw_only=True):
    """The charging profiles of a charger, and its composite schedules."""

    profiles: list[ProfileView]
    schedules: list[ScheduleView]


class OwnCertificateView(View, frozen=True, kw_only=True):
    """A certificate that we signed for the charger; ``delivered`` is absent while it is unknown."""

    fingerprint: str
    serial: str
    issued_at: datetime
    not_after: datetime
    delivered: bool | None = None
    revoked_at: datetime | None = None


class RootView(View, frozen=True, kw_only=True):
    """A root certificate that we installed in the charger."""

    fingerprint: str
    type: str
    installed_at: datetime
    subject: str = ""


class TrustedView(View, frozen=True, kw_only=True):
    """A root certificate that the charger reported, by its hashes as in OCPP."""

    type: str
    hash_algorithm: str
    issuer_name_hash: str
    issuer_key_hash: str
    serial_number: str


class CertificatesView(View, frozen=True, kw_only=True):
    """The charger's own certificates, and its roots. ``refused``: why its last request was refused."""

    certificates: list[OwnCertificateView]
    requested_at: datetime | None = None
    refused: str = ""
    roots: list[RootView]
    trusted: list[TrustedView]
    trusted_told_at: datetime | None = None


@endpoint("GET", "/chargers/{charger}/reservations", needs=VIEW)
async def reservations(call: ApiCall, charger: str, query: PageQuery) -> Answer[Items[ReservationView]]:
    """The charger's reservations, the newest first; those without `ended` are active."""
    row = await _resources(call, charger)
    views = [
        ReservationView(
            id=each.reservation,
            plug=each.connector,
            token=each.token,
            made_at=each.made_at,
            expires_at=each.expires_at,
            by=each.by,
            group_token=each.group,
            ended=each.ended,
            ended_at=each.ended_at,
        )
        for each in row.reservations
    ]
    return paged(call, views, lambda each: f"{each.id} {each.made_at}", query)


@endpoint("GET", "/chargers/{charger}/profiles", needs=VIEW)
async def profiles(call: ApiCall, charger: str) -> ProfilesView:
    """The charging profiles that a charger accepted, and the composite schedules that it reported."""
    row = await _resources(call, charger)
    return ProfilesView(
        profiles=[
            ProfileView(plug=each.connector, set_at=each.set_at, profile=each.profile)
            for each in row.profiles
        ],
        schedules=[
            ScheduleView(
                plug=each.connector, asked_at=each.asked_at, schedule=each.schedule, start=each.start
            )
            for each in row.schedules
        ],
    )


@endpoint("GET", "/chargers/{charger}/certificates", needs=VIEW)
async def certificates(call: ApiCall, charger: str) -> CertificatesView:
    """The charger's own certificates, the newest first, and its roots."""
    row = await _resources(call, charger)
    view = msgspec.convert(row, CertificatesView, from_attributes=True)
    return msgspec.structs.replace(view, refused=why(row))


async def _resources(call: ApiCall, charger: str) -> DeviceResourcesRow:
    await known_charger(call, charger)
    row = await call.queries.device_resources(call.company, charger)
    return row or DeviceResourcesRow(charge_point=charger, company=call.company)


ENDPOINTS = (reservations, profiles, certificates)
