"""Every setting, in one frozen struct, read once at the start.

A setting is an environment variable ``EOSVOLT_NAME`` or the key ``name`` of a TOML file (``$EOSVOLT_CONFIG``,
else ``eosvolt.toml`` in the working directory); the environment wins. What is unknown or ill-typed is an
error that names it.
"""

import contextlib
import difflib
import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit, urlunsplit

import msgspec
from msgspec import Meta

PREFIX = "EOSVOLT_"
FILE = "EOSVOLT_CONFIG"
# Addressed to the test suite, which starts this program with its own environment.
_FOR_TESTS = "EOSVOLT_TEST_"
_SECRETS = frozenset({"secret_key", "demo_api_key", "metrics_token"})
# Addresses may hold passwords; beside each, what it means that it is not set.
_ADDRESSES = {
    "database_url": "(not set: the embedded PostgreSQL)",
    "smtp_url": "(not set: messages by e-mail wait)",
    "geocoder_url": "(not set: pins are set by hand)",
}

# The first bytes of a map: PMTiles, version 3. The byte at 99 says what its tiles are; those are pictures.
_PMTILES = b"PMTiles\x03"
_TILES_AT = 99
_PICTURES = {2: "PNG", 3: "JPEG", 4: "WebP", 5: "AVIF"}

LogLevel = Literal["debug", "info", "warning", "error"]


class ConfigError(Exception):
    """A setting cannot be used. The text names it and says what it should be."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings with their defaults. Durations are seconds; an empty text means "not set"."""

    database_url: Annotated[str, Meta(pattern=r"^$|^postgres(ql)?://")] = ""
    host: Annotated[str, Meta(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535)] = 8000
    data_dir: Path = Path(".eosvolt")
    public_url: Annotated[str, Meta(pattern=r"^$|^https?://[^/]+(/.*)?$")] = ""
    allowed_hosts: str = ""
    log: Annotated[str, Meta(pattern=r"^(debug|info|warning|error)?,?(json|console)?$")] = "info"
    secret_key: Annotated[str, Meta(pattern=r"^$|^.{32,}$")] = ""
    demo_api_key: str = ""
    metrics_token: Annotated[str, Meta(pattern=r"^$|^[!-~]{16,}$")] = ""
    tls_port: Annotated[int, Meta(ge=0, le=65535)] = 0
    tls_certificate: str = ""
    tls_key: str = ""
    tls_rsa_certificate: str = ""
    tls_rsa_key: str = ""
    tls_static_rsa: bool = False
    mtls_port: Annotated[int, Meta(ge=0, le=65535)] = 0
    mtls_ca: str = ""
    authority_certificate: str = ""
    authority_key: str = ""
    charger_certificate_days: Annotated[int, Meta(ge=1, le=3650)] = 90
    trusted_proxies: str = "127.0.0.1,::1"
    connections: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    connections_per_address: Annotated[int, Meta(ge=1, le=1_000_000)] = 256
    upload_limit_mb: Annotated[int, Meta(ge=1, le=2_000)] = 50
    upload_kept_days: Annotated[int, Meta(ge=1, le=3_650)] = 90
    frame_kept_days: Annotated[int, Meta(ge=1, le=3_650)] = 90
    frame_charger_mb_per_day: Annotated[int, Meta(ge=1, le=1_000_000)] = 50
    frame_company_mb_per_day: Annotated[int, Meta(ge=1, le=10_000_000)] = 2_000
    ocpp_messages_per_second: Annotated[int, Meta(ge=1, le=100_000)] = 1_000
    ocpp_call_timeout: Annotated[float, Meta(gt=0, le=600)] = 30.0
    bulk_commands_per_second: Annotated[int, Meta(ge=1, le=10_000)] = 20
    ocpp_heartbeat_interval: Annotated[int, Meta(ge=10, le=86_400)] = 300
    ocpp_conformance: Annotated[str, Meta(pattern=r"^(strict|tolerant)$")] = "tolerant"
    ocpp_short_addresses: bool = False
    smtp_url: Annotated[str, Meta(pattern=r"^$|^smtps?://[^/?#]+/?$")] = ""
    mail_from: Annotated[str, Meta(pattern=r"^[^@\s<>,]+@[^@\s<>,]+$")] = "eosvolt@localhost"
    webhooks_to_private_addresses: bool = False
    session_idle_hours: Annotated[int, Meta(ge=1, le=336)] = 24
    map_file: str = ""
    dispute_days: Annotated[int, Meta(ge=0, le=365)] = 0
    withdrawal_minimum: Annotated[str, Meta(pattern=r"^[0-9]{1,9}(\.[0-9]{1,3})?$")] = "0"
    payment_name: Annotated[str, Meta(max_length=70)] = ""
    payment_iban: Annotated[str, Meta(pattern=r"^$|^[A-Z]{2}[0-9]{2}[A-Z0-9 ]{11,36}$")] = ""
    payment_bic: Annotated[str, Meta(pattern=r"^$|^[A-Z0-9]{8}([A-Z0-9]{3})?$")] = ""
    payment_city: Annotated[str, Meta(max_length=35)] = ""
    payment_country: Annotated[str, Meta(pattern=r"^$|^[A-Z]{2}$")] = ""
    payment_provider: Annotated[str, Meta(pattern=r"^[a-z0-9_-]{0,50}$")] = ""
    payment_amounts: Annotated[
        str, Meta(pattern=r"^[A-Z]{3} [0-9]{1,9}(\.[0-9]{1,3})?(, ?[A-Z]{3} [0-9]{1,9}(\.[0-9]{1,3})?)*$")
    ] = (
        "EUR 60, CHF 60, GBP 50, USD 60, CZK 1500, DKK 450, NOK 700, SEK 700, PLN 250, HUF 24000, RON 300,"
        " JPY 10000, KWD 20"
    )
    geocoder_url: Annotated[str, Meta(pattern=r"^$|^https?://[^/?#\s]+[^#\s]*$")] = ""

    @property
    def base_url(self) -> str:
        """Where people and chargers find this system from outside, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def hosts(self) -> list[str]:
        """What browsers and programs may call this system, besides this machine's own names."""
        more = (name.strip() for name in self.allowed_hosts.split(","))
        return [name for name in (urlsplit(self.base_url).hostname or "", self.host, *more) if name]

    @property
    def log_level(self) -> LogLevel:
        """The least severe level that is logged."""
        level = self.log.split(",")[0]
        return msgspec.convert(level, LogLevel) if level not in {"", "json", "console"} else "info"

    @property
    def log_format(self) -> Literal["json", "console", "auto"]:
        """How a line of the log looks; ``auto`` is for people on a terminal and JSON elsewhere."""
        look = self.log.rpartition(",")[2]
        return "json" if look == "json" else "console" if look == "console" else "auto"

    def secret(self) -> str:
        """The key that signs what browsers carry: the setting, else one made once, kept with the data."""
        if self.secret_key:
            return self.secret_key
        file = self.data_dir / "secret_key"
        if not file.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            draft = self.data_dir / f"secret_key.{secrets.token_hex(8)}"
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
            # Of several processes that start at once, one makes the key and all read that one.
            with contextlib.suppress(FileExistsError):
                os.link(draft, file)
            draft.unlink()
        return file.read_text(encoding="ascii")

    def described(self) -> dict[str, str]:
        """All settings by their environment names, as an operator may see them: no secret is among them."""
        return {PREFIX + name.upper(): _shown(name, getattr(self, name)) for name in self.__struct_fields__}


def load(environment: Mapping[str, str] | None = None, directory: Path | None = None) -> Settings:
    """Read the settings from ``environment`` and the file it names or ``directory`` holds.

    Both default to those of this process. Raises ``ConfigError``.
    """
    given = os.environ if environment is None else environment
    from_file = _read_file(given.get(FILE, ""), directory or Path())
    from_environment = {
        name.removeprefix(PREFIX).lower(): (name, value)
        for name, value in given.items()
        if name.startswith(PREFIX) and name != FILE and not name.startswith(_FOR_TESTS) and value
    }
    found = from_file | from_environment
    for name, (source, _) in found.items():
        if name not in Settings.__struct_fields__:
            raise ConfigError(f"{source} is not a setting.{_meant(name)}")
    values = {name: value for name, (_, value) in found.items()}
    try:
        settings = msgspec.convert(values, Settings, strict=False, dec_hook=_decode)
    except msgspec.ValidationError as error:
        raise ConfigError(_sentence(str(error), found)) from None
    if settings.map_file:
        _check_map(found["map_file"][0], Path(settings.map_file))
    return settings


def _check_map(source: str, file: Path) -> None:
    try:
        with file.open("rb") as opened:
            header = opened.read(_TILES_AT + 1)
    except OSError as error:
        raise ConfigError(f"{source} cannot be read: {error.strerror}.") from None
    if not header.startswith(_PMTILES) or len(header) <= _TILES_AT:
        raise ConfigError(f"{source} must be a map in the PMTiles format, version 3.")
    if header[_TILES_AT] not in _PICTURES:
        kinds = ", ".join(_PICTURES.values())
        raise ConfigError(f"{source} must be a map of pictures ({kinds}); this one has other tiles.")


def _read_file(named: str, directory: Path) -> dict[str, tuple[str, Any]]:
    file = directory / (named or "eosvolt.toml")
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if named:
            raise ConfigError(f"{FILE} names {named}, and there is no such file.") from None
        return {}
    except (OSError, ValueError) as error:
        raise ConfigError(f"{file} cannot be read as TOML: {error}") from None
    return {
        name.lower().removeprefix(PREFIX.lower()): (f"{name} in {file}", value)
        for name, value in content.items()
    }


def _decode(wanted: type, value: object) -> object:
    if wanted is Path and isinstance(value, str):
        return Path(value).expanduser()
    raise TypeError(f"Expected `str`, got `{type(value).__name__}`")


def _meant(name: str) -> str:
    near = difflib.get_close_matches(name, Settings.__struct_fields__, n=1)
    return f" Was {PREFIX}{near[0].upper()} meant?" if near else " `eosvolt config show` lists them all."


def _sentence(problem: str, found: Mapping[str, tuple[str, Any]]) -> str:
    what, _, where = problem.partition(" - at `$.")
    name = where.rstrip("`")
    source, value = found[name]
    shown = "" if name in _SECRETS or name in _ADDRESSES else f", not {value!r}"
    wanted = _EXPLAINED.get(name, what.removeprefix("Expected ").replace("`", ""))
    return f"{source} must be {wanted}{shown}."


_EXPLAINED = {
    "database_url": "an address like postgresql://user:password@host/database",
    "public_url": "an address like https://charging.example",
    "geocoder_url": "the address of a search like https://geocoder.example/search",
    "log": "a level (debug, info, warning, error), a format (json, console), or both with a comma between",
    "secret_key": "at least 32 characters long",
    "metrics_token": "at least 16 characters without a blank",
    "port": "a whole number from 1 to 65535",
    "tls_port": "a whole number from 1 to 65535, or 0 for no such port",
    "mtls_port": "a whole number from 1 to 65535, or 0 for no such port",
    "charger_certificate_days": "a whole number of days from 1 to 3650",
    "connections": "a whole number up to 1000000, or 0 for as many as the descriptors allow",
    "connections_per_address": "a whole number from 1 to 1000000",
    "upload_limit_mb": "a whole number of MiB from 1 to 2000",
    "upload_kept_days": "a whole number of days from 1 to 3650",
    "frame_kept_days": "a whole number of days from 1 to 3650",
    "frame_charger_mb_per_day": "a whole number of MB from 1 to 1000000",
    "frame_company_mb_per_day": "a whole number of MB from 1 to 10000000",
    "ocpp_messages_per_second": "a whole number from 1 to 100000",
    "ocpp_call_timeout": "a number of seconds above 0 and at most 600",
    "bulk_commands_per_second": "a whole number from 1 to 10000",
    "ocpp_heartbeat_interval": "a whole number of seconds from 10 to 86400",
    "ocpp_conformance": "strict (invalid messages are refused) or tolerant (as each operator says)",
    "ocpp_short_addresses": "true or false",
    "smtp_url": "an address like smtp://mail.example:587 or smtps://user:password@mail.example",
    "mail_from": "an e-mail address like alerts@charging.example",
    "webhooks_to_private_addresses": "true or false",
    "session_idle_hours": "a whole number of hours from 1 to 336",
    "dispute_days": "a whole number of days from 0 to 365",
    "withdrawal_minimum": "an amount like 10 or 12.50",
    "payment_name": "at most 70 characters long",
    "payment_iban": "an IBAN like DE89370400440532013000",
    "payment_bic": "a BIC like COBADEFFXXX",
    "payment_city": "at most 35 characters long",
    "payment_country": "a code of two letters like DE",
    "payment_provider": "the name of a provider in small letters",
    "payment_amounts": "amounts with their currencies like EUR 60, GBP 50",
}


def _shown(name: str, value: object) -> str:
    if name in _SECRETS:
        return "(set)" if value else "(not set)"
    if name in _ADDRESSES:
        return _without_password(str(value)) if value else _ADDRESSES[name]
    return str(value)


def _without_password(address: str) -> str:
    parts = urlsplit(address)
    user, colon, _ = parts.netloc.rpartition("@")[0].partition(":")
    host = parts.netloc.rpartition("@")[2]
    shown = parts._replace(netloc=f"{user}:…@{host}" if colon else parts.netloc)
    return re.sub(r"(?i)((?:password|[a-z_-]*key|[a-z_-]*token)=)[^&]*", r"\1…", urlunsplit(shown))
