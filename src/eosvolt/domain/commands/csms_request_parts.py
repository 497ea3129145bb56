"""Parts of commands to chargers: bounded numbers, charging profiles, list entries, upload targets."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Plug = Annotated[int, Meta(ge=1, le=1000)]
PlugOrAll = Annotated[int, Meta(ge=0, le=1000, description="0 is the whole charger.")]
Key = Annotated[str, Meta(min_length=1, max_length=50)]
IdToken = Annotated[str, Meta(min_length=1, max_length=20)]
Address = Annotated[str, Meta(min_length=1, max_length=512, pattern=r"^(https?|ftps?|sftp)://[^\s]+$")]
Instant = Annotated[datetime, Meta(tz=True)]
Count = Annotated[int, Meta(ge=0, le=1000)]
Seconds = Annotated[int, Meta(ge=0, le=604_800)]
Number = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Amount = Annotated[float, Meta(ge=0, le=10_000_000)]
Pem = Annotated[str, Meta(min_length=1, max_length=10_000)]
HexHash = Annotated[str, Meta(min_length=1, max_length=128)]
RootUse = Literal["CentralSystemRootCertificate", "ManufacturerRootCertificate"]
Purpose = Literal["ChargePointMaxProfile", "TxDefaultProfile", "TxProfile"]
RateUnit = Literal["A", "W"]


class Detail(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, omit_defaults=True
):
    """A part of a command."""


class SchedulePeriod(Detail, frozen=True, kw_only=True):
    """From ``start_period`` seconds on no more than ``limit``, which is sent in tenths, rounded down."""

    start_period: Seconds
    limit: Amount
    number_phases: Annotated[int, Meta(ge=1, le=3)] | None = None


class Schedule(Detail, frozen=True, kw_only=True):
    """Limits over time, in amperes for each phase or in watts for all of them."""

    charging_rate_unit: RateUnit
    charging_schedule_period: Annotated[tuple[SchedulePeriod, ...], Meta(min_length=1, max_length=500)]
    duration: Seconds | None = None
    start_schedule: Instant | None = None
    min_charging_rate: Amount | None = None


class ChargingProfile(Detail, frozen=True, kw_only=True):
    """A charging profile as OCPP 1.6 writes it."""

    charging_profile_id: Number
    stack_level: Number
    charging_profile_purpose: Purpose
    charging_profile_kind: Literal["Absolute", "Recurring", "Relative"]
    charging_schedule: Schedule
    transaction_id: int | None = None
    recurrency_kind: Literal["Daily", "Weekly"] | None = None
    valid_from: Instant | None = None
    valid_to: Instant | None = None


class ListEntry(Detail, frozen=True, kw_only=True):
    """An entry of the local authorization list; without ``id_tag_info`` it is taken out."""

    id_tag: IdToken
    id_tag_info: dict[str, Any] | None = None


class LogPlace(Detail, frozen=True, kw_only=True):
    """Where the log goes (our own upload target, where it is left out) and from when to when."""

    remote_location: Address | None = None
    oldest_timestamp: Instant | None = None
    latest_timestamp: Instant | None = None


class Firmware(Detail, frozen=True, kw_only=True):
    """Signed firmware: where it is, when to fetch and install it, and what proves that it is the maker's."""

    location: Address
    retrieve_date_time: Instant
    signing_certificate: Annotated[str, Meta(min_length=1, max_length=5500)]
    signature: Annotated[str, Meta(min_length=1, max_length=800)]
    install_date_time: Instant | None = None


class CertificateHash(Detail, frozen=True, kw_only=True):
    """A certificate by its hashes."""

    hash_algorithm: Literal["SHA256", "SHA384", "SHA512"]
    issuer_name_hash: HexHash
    issuer_key_hash: HexHash
    serial_number: Annotated[str, Meta(min_length=1, max_length=40)]
