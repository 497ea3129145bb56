"""What a charger tells of its settings, lists and certificates."""

from datetime import datetime

import msgspec


class Setting(msgspec.Struct, frozen=True, omit_defaults=True):
    """A configuration key as the charger told it. A secret's ``value`` is never kept."""

    key: str
    value: str | None = None
    readonly: bool = False


class ListedToken(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry of the local authorization list; without a ``status`` it was taken out."""

    token: str
    status: str = ""
    group: str = ""
    expires_at: datetime | None = None


class ProtocolViolation(msgspec.Struct, frozen=True):
    """How many messages of one action were repaired by a rule, or were unreadable because of it."""

    action: str
    rule: str
    count: int


class InstalledCertificate(msgspec.Struct, frozen=True):
    """A certificate that the charger says it has, by the hashes that OCPP names it with."""

    type: str
    hash_algorithm: str
    issuer_name_hash: str
    issuer_key_hash: str
    serial_number: str
