"""The configuration keys of a simulated charger (OCPP 1.6 §9)."""

from dataclasses import dataclass, field

from eosvolt.adapters.simulator.certificates import MOST_ROOTS
from eosvolt.adapters.simulator.limits import HIGHEST_LEVEL, MOST_PERIODS, MOST_PROFILES
from eosvolt.adapters.simulator.local_list import LIST_AT_ONCE, LIST_ROOM


@dataclass(slots=True)
class Key:
    """One key.

    ``number``: the value is a whole number; ``needs_restart``: a change takes effect at the next boot.
    """

    value: str
    readonly: bool = False
    number: bool = False
    needs_restart: bool = False
    secret: bool = False


def _keys() -> dict[str, Key]:
    return {
        "AdditionalRootCertificateCheck": Key("false", readonly=True),
        "AuthorizationKey": Key("", secret=True),
        "AuthorizeRemoteTxRequests": Key("false"),
        "CertificateStoreMaxLength": Key(str(MOST_ROOTS), readonly=True),
        "ChargeProfileMaxStackLevel": Key(str(HIGHEST_LEVEL), readonly=True),
        "ChargingScheduleAllowedChargingRateUnit": Key("Current,Power", readonly=True),
        "ChargingScheduleMaxPeriods": Key(str(MOST_PERIODS), readonly=True),
        "ClockAlignedDataInterval": Key("0", number=True),
        "ConnectionTimeOut": Key("120", number=True),
        "ConnectorPhaseRotation": Key("NotApplicable"),
        "GetConfigurationMaxKeys": Key("50", readonly=True),
        "HeartbeatInterval": Key("300", number=True),
        "LocalAuthListEnabled": Key("true"),
        "LocalAuthListMaxLength": Key(str(LIST_ROOM), readonly=True),
        "LocalAuthorizeOffline": Key("true"),
        "LocalPreAuthorize": Key("false"),
        "MaxChargingProfilesInstalled": Key(str(MOST_PROFILES), readonly=True),
        "MeterValuesSampledData": Key(
            "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage,SoC"
        ),
        "MeterValueSampleInterval": Key("60", number=True),
        "NumberOfConnectors": Key("2", readonly=True),
        "ReserveConnectorZeroSupported": Key("false", readonly=True),
        "ResetRetries": Key("1", number=True),
        "SendLocalListMaxLength": Key(str(LIST_AT_ONCE), readonly=True),
        "StopTransactionOnEVSideDisconnect": Key("true", readonly=True),
        "StopTransactionOnInvalidId": Key("true"),
        "SupportedFeatureProfiles": Key(
            "Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger",
            readonly=True,
        ),
        "TransactionMessageAttempts": Key("5", number=True),
        "TransactionMessageRetryInterval": Key("10", number=True),
        "UnlockConnectorOnEVSideDisconnect": Key("true", needs_restart=True),
        "WebSocketPingInterval": Key("54", number=True),
    }


@dataclass(slots=True)
class Configuration:
    """All keys of one charger. Names are compared without regard to case."""

    keys: dict[str, Key] = field(default_factory=_keys)

    def number(self, name: str) -> int:
        """The value of a key that is a whole number."""
        return int(self.keys[name].value)

    def claims(self, name: str) -> bool:
        """The value of a boolean key."""
        return self.keys[name].value.casefold() == "true"

    def read(self, names: list[str]) -> tuple[list[dict[str, str | bool]], list[str]]:
        """The requested keys (all where none is given) as OCPP lists them, and the unknown names.

        Secret keys are left out.
        """
        known = [self._name(name) for name in names] if names else list(self.keys)
        found: list[dict[str, str | bool]] = []
        for name in known:
            if name is not None:
                key = self.keys[name]
                shown: dict[str, str | bool] = {"key": name, "readonly": key.readonly}
                found.append(shown if key.secret else {**shown, "value": key.value})
        return found, [name for name, own in zip(names, known, strict=False) if own is None]

    def change(self, name: str, value: str) -> str:
        """Change a key. Returns the ConfigurationStatus of OCPP 1.6 §7.22."""
        own = self._name(name)
        if own is None:
            return "NotSupported"
        key = self.keys[own]
        if key.readonly or (key.number and not (value.isascii() and value.isdigit())):
            return "Rejected"
        key.value = value
        return "RebootRequired" if key.needs_restart else "Accepted"

    def _name(self, name: str) -> str | None:
        return next((own for own in self.keys if own.casefold() == name.casefold()), None)
