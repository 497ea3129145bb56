"""The local authorization list of a simulated charger: cards that are good while nobody can be asked."""

from typing import Any

ACCEPTED, FAILED, MISMATCH = "Accepted", "Failed", "VersionMismatch"
LIST_ROOM, LIST_AT_ONCE = 1_000, 100


class LocalList:
    """Entries by card, in upper case, and the version that the system gave them; 0 is an empty list."""

    def __init__(self, room: int = LIST_ROOM, most_at_once: int = LIST_AT_ONCE) -> None:
        """At most ``room`` entries, of which one message brings ``most_at_once``."""
        self.version = 0
        self._room, self._most_at_once = room, most_at_once
        self._entries: dict[str, str] = {}

    def take(self, version: int, update: str, entries: list[dict[str, Any]]) -> str:
        """Bring the list up to date; the answer is OCPP's ``UpdateStatus``. A failed update changes nothing.

        A differential update must be newer than the list that is here.
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
        """What the list says of a card; ``None`` where it says nothing."""
        return self._entries.get(card.upper())
