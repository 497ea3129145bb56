"""The messages that are accepted from a charger whose registration is pending (OCPP 1.6 §4.2).

BootNotification, Heartbeat and the messages of transactions are accepted. Other messages are refused unless
they were requested with a TriggerMessage.
"""

from datetime import datetime, timedelta
from typing import Any

from eosvolt.adapters.ocpp import v16

BOOT = "BootNotification"
TRIGGERS = frozenset({"TriggerMessage", "ExtendedTriggerMessage"})
TRIGGERED_WITHIN = timedelta(minutes=1)
# The action of the message that is sent, where it differs from ``requestedMessage``.
_CALLED = {
    ("TriggerMessage", "SignChargePointCertificate"): "SignCertificate",
    ("ExtendedTriggerMessage", "SignChargePointCertificate"): "SignCertificate",
    ("ExtendedTriggerMessage", "FirmwareStatusNotification"): "SignedFirmwareStatusNotification",
}


class PendingRegistration:
    """Tracks whether a connection's charger is pending, and which messages were requested."""

    def __init__(self, *, pending: bool) -> None:
        """``pending``: its operator has to accept it before it may operate."""
        self.pending = pending
        self._triggered: dict[str, datetime] = {}

    def sent(self, action: str, payload: dict[str, Any], at: datetime) -> None:
        """A CALL of ours was sent. The message that it requests is accepted for a minute."""
        if action in TRIGGERS:
            wanted = str(payload["requestedMessage"])
            self._triggered[_CALLED.get((action, wanted), wanted)] = at

    def refuses(self, action: str, at: datetime) -> bool:
        """Whether a message that was received ``at`` is refused."""
        if not self.pending or action in (BOOT, v16.AT_ONCE) or v16.fallback_response(action) is not None:
            return False
        asked_at = self._triggered.get(action)
        return asked_at is None or at - asked_at > TRIGGERED_WITHIN

    def answered(self, action: str, payload: dict[str, Any]) -> None:
        """An answer was sent. The answer to a boot decides whether the charger is pending."""
        if action == BOOT:
            self.pending = payload["status"] != "Accepted"

    def is_provisional(self, action: str) -> bool:
        """Whether a repeated CALL may get another answer, so that this one is not remembered."""
        return self.pending and action == BOOT
