"""What a charger may say while it waits to be released.

It may boot, be alive, and tell of transactions: money is never refused. Whatever else it says is refused
unless we have just asked it to.
"""

from datetime import datetime, timedelta
from typing import Any

from eosvolt.adapters.ocpp import v16

BOOT = "BootNotification"
TRIGGERS = frozenset({"TriggerMessage", "ExtendedTriggerMessage"})
TRIGGERED_WITHIN = timedelta(minutes=1)
# The message that comes, where it is not called like what was asked for.
_CALLED = {
    ("TriggerMessage", "SignChargePointCertificate"): "SignCertificate",
    ("ExtendedTriggerMessage", "SignChargePointCertificate"): "SignCertificate",
    ("ExtendedTriggerMessage", "FirmwareStatusNotification"): "SignedFirmwareStatusNotification",
}


class Hold:
    """Knows whether one connection's charger waits, and what it was asked to say."""

    def __init__(self, *, waits: bool) -> None:
        """``waits``: it has to be released before it may work."""
        self.waits = waits
        self._triggered: dict[str, datetime] = {}

    def told(self, action: str, payload: dict[str, Any], at: datetime) -> None:
        """It is sent a CALL of ours; what that makes it say it may say for a while."""
        if action in TRIGGERS:
            wanted = str(payload["requestedMessage"])
            self._triggered[_CALLED.get((action, wanted), wanted)] = at

    def refuses(self, action: str, at: datetime) -> bool:
        """Whether what came ``at`` is not to be taken."""
        if not self.waits or action in (BOOT, v16.AT_ONCE) or v16.pardoned(action) is not None:
            return False
        asked_at = self._triggered.get(action)
        return asked_at is None or at - asked_at > TRIGGERED_WITHIN

    def answered(self, action: str, payload: dict[str, Any]) -> None:
        """It got this answer."""
        if action == BOOT:
            self.waits = payload["status"] != "Accepted"

    def passing(self, action: str) -> bool:
        """Whether the answer to ``action`` may be another one by the time that it is asked for again."""
        return self.waits and action == BOOT
