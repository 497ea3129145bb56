"""The local authorization list: what a charger has of it, and what it has to be sent."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from eosvolt.domain.maintenance.events import LocalListSent, LocalListVersionReported, MaintenanceEvent
from eosvolt.domain.maintenance.values import ListedToken

LARGEST_VERSION = 2**31 - 1
# As OCPP 1.6 writes an id.
LONGEST_TOKEN = 20


class LocalList(msgspec.Struct, frozen=True):
    """What the charger has. ``known``: the entries are certain, because it has what it was sent last."""

    version: int | None = None
    entries: dict[str, ListedToken] = {}
    known: bool = False


class Part(NamedTuple):
    """One message: what to send, and how many changes have to follow in others."""

    full: bool
    version: int
    entries: tuple[ListedToken, ...]
    remaining: int


def next_version(local_list: LocalList) -> int:
    """The version of the list after the next change."""
    version = max(local_list.version or 0, 0)
    return version + 1 if version < LARGEST_VERSION else 1


def changes(local_list: LocalList, wanted: Iterable[ListedToken]) -> tuple[ListedToken, ...]:
    """What makes the list that the charger has the one that is wanted; entries without a status go."""
    entries = {entry.token: entry for entry in wanted}
    new = [entry for token, entry in entries.items() if local_list.entries.get(token) != entry]
    gone = [ListedToken(token) for token in local_list.entries if token not in entries]
    return (*gone, *new)


def next_part(local_list: LocalList, wanted: Sequence[ListedToken], *, full: bool, most: int | None) -> Part:
    """The next message on the way to the list that is wanted; ``most`` entries fit into one."""
    full = full or not local_list.known
    due = tuple(wanted) if full else changes(local_list, wanted)
    here = due if most is None else due[:most]
    return Part(full, next_version(local_list), here, len(due) - len(here))


def list_after(local_list: LocalList, event: MaintenanceEvent) -> LocalList:
    """The charger's list after ``event``; most events leave it as it is."""
    match event:
        case LocalListSent(full=True, version=version, entries=entries):
            return LocalList(version, {entry.token: entry for entry in entries if entry.status}, known=True)
        case LocalListSent(version=version, entries=entries):
            sent = {entry.token: entry for entry in entries}
            kept = {token: entry for token, entry in local_list.entries.items() if token not in sent}
            kept.update({token: entry for token, entry in sent.items() if entry.status})
            return LocalList(version, kept, known=local_list.known)
        case LocalListVersionReported(version=version) if version == local_list.version:
            return local_list
        case LocalListVersionReported(version=version):
            # Somebody else changed it, or the charger lost it. An empty one is certain again.
            return LocalList(version, known=version == 0)
        case _:
            return local_list
