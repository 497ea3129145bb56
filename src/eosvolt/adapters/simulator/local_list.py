"""The local authorization list of a simulated charger (OCPP 1.6 §3.5.2)."""

from typing import Any

ACCEPTED, FAILED, MISMATCH = "Accepted", "Failed", "VersionMismatch"
LIST_ROOM, LIST_AT_ONCE = 1_000, 100


class ChargerLocalList:
    """Entries by card number in upper case, and the list's version; 0 is an empty list."""

    def __init__(self, room: int = LIST_ROOM, most_at_once: int = LIST_AT_ONCE) -> None:
        """At most ``room`` entries, and ``most_at_once`` entries in one message."""
        self.version = 0
        self._room, self._most_at_once = room, most_at_once
        self._entries: dict[str, str] = {}

    def take(self, version: int, update: str, entries: list[dict[str, Any]]) -> str:
        """Update the list. Returns the UpdateStatus of OCPP 1.6 §7.47. A failed update changes nothing.

        A differential update must be newer than the list.
        """
        if update == "Differential" and version <= self.version:
            return MISMATCH
        if len(entries) > self._most_at_once:
            return FAILED
        after = {} if update == "Full" else dict(self._entries)
        for entry in entries:
            card, info = str(entry["id_tag"]).upper(), entry.get("id_tag_info")
            if info is not None:
                after[card] = str(info["status"])
            elif update == "Full":
                return FAILED
            else:
                after.pop(card, None)
        if len(after) > self._room:
            return FAILED
        self._entries = after
        self.version = version if after else 0
        return ACCEPTED

    def verdict(self, card: str) -> str | None:
        """The status of a card in the list; ``None`` where it is not listed."""
        return self._entries.get(card.upper())
