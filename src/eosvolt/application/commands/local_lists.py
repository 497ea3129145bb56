"""Composes the messages that bring a charger's local authorization list up to date, one after the other."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from eosvolt.application.commands.listed_tokens import ListedTokens
from eosvolt.application.ports import TokenListing
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.maintenance.events import LocalListSent
from eosvolt.domain.maintenance.local_list import (
    LONGEST_TOKEN,
    LocalList,
    list_after,
    next_part,
    next_version,
)
from eosvolt.domain.maintenance.upkeep import Upkeep
from eosvolt.domain.maintenance.values import ListedToken
from eosvolt.domain.reactions.maintenance import listed
from eosvolt.domain.tokens.uid import folded

FULL, DIFFERENTIAL = "Full", "Differential"
# The statuses of a charger that could not apply a differential update.
NOT_APPLIED = frozenset({"VersionMismatch", "Failed"})
_STATUSES = {"accepted": "Accepted", "blocked": "Blocked", "expired": "Expired"}


class WantedList(NamedTuple):
    """The entries that the charger should have, and how many tokens had to be left out."""

    entries: tuple[ListedToken, ...]
    left_out: int


class LocalLists:
    """Composes lists from the tokens that may charge at a charger."""

    def __init__(self, tokens: ListedTokens) -> None:
        """``tokens`` are queried each time."""
        self._tokens = tokens

    async def composed(self, charge_point: str, upkeep: Upkeep, payload: dict[str, Any]) -> dict[str, Any]:
        """The next message for a request. Raises ``Rejected`` if the list does not fit into one message."""
        if payload.get("localAuthorizationList") is not None:
            return _by_hand(upkeep, payload)
        version = payload.get("listVersion")
        return await self._next(
            charge_point, upkeep, upkeep.local_list, full=payload.get("updateType") == FULL, version=version
        )

    async def after(
        self, charge_point: str, upkeep: Upkeep, payload: dict[str, Any], *, accepted: bool, status: str
    ) -> dict[str, Any] | None:
        """The next message after ``payload`` was answered; ``None`` if the list is complete.

        The rest of a long list, or a full update if the charger did not apply a differential one.
        """
        ours = payload.get("remaining") is not None
        now = _after(upkeep.local_list, payload)
        if accepted:
            return await self._next(charge_point, upkeep, now) if ours and payload["remaining"] else None
        if payload.get("updateType") != DIFFERENTIAL or status not in NOT_APPLIED:
            return None
        if ours:
            return await self._next(charge_point, upkeep, upkeep.local_list, full=True)
        most = upkeep.settings.number("SendLocalListMaxLength")
        if not now.known or (most is not None and len(now.entries) > most):
            return None
        return _message(FULL, next_version(now), tuple(now.entries.values()))

    async def _next(
        self,
        charge_point: str,
        upkeep: Upkeep,
        local_list: LocalList,
        *,
        full: bool = False,
        version: int | None = None,
    ) -> dict[str, Any]:
        wanted = _wanted(
            await self._tokens.at(charge_point), upkeep.settings.number("LocalAuthListMaxLength")
        )
        most = upkeep.settings.number("SendLocalListMaxLength")
        part = next_part(local_list, wanted.entries, full=full, most=most)
        kind = FULL if part.full else DIFFERENTIAL
        message = _message(kind, part.version if version is None else version, part.entries)
        return {**message, "remaining": part.remaining, "leftOut": wanted.left_out}


def _by_hand(upkeep: Upkeep, payload: dict[str, Any]) -> dict[str, Any]:
    """A list that was entered by hand, unchanged, with its version."""
    entries = payload["localAuthorizationList"]
    named = {folded(str(entry["idTag"])) for entry in entries}
    if len(named) < len(entries):
        raise Rejected("A token is on this list more than once.")
    most = upkeep.settings.number("SendLocalListMaxLength")
    if most is not None and len(entries) > most:
        raise Rejected(f"The charger takes at most {most} entries in one message.")
    kind = payload.get("updateType") or FULL
    if kind == FULL and any(not entry.get("idTagInfo") for entry in entries):
        raise Rejected("Every token of a full list needs its status.")
    version = payload.get("listVersion")
    return {
        "updateType": kind,
        "listVersion": next_version(upkeep.local_list) if version is None else version,
        "localAuthorizationList": entries,
    }


def _wanted(tokens: Sequence[TokenListing], room: int | None) -> WantedList:
    """If there is not room for all, tokens that may charge come first."""
    fitting = [
        ListedToken(
            token=folded(each.uid),
            status=_STATUSES[each.status],
            group=each.group if len(each.group) <= LONGEST_TOKEN else "",
            expires_at=None if each.expires_at is None else each.expires_at.replace(microsecond=0),
        )
        for each in tokens
        if len(each.uid) <= LONGEST_TOKEN
    ]
    fitting.sort(key=lambda entry: entry.status != _STATUSES["accepted"])
    kept = fitting if room is None else fitting[:room]
    return WantedList(tuple(kept), len(tokens) - len(kept))


def _after(local_list: LocalList, payload: dict[str, Any]) -> LocalList:
    sent = LocalListSent(
        at=datetime.min.replace(tzinfo=UTC),
        version=int(payload["listVersion"]),
        full=payload["updateType"] == FULL,
        entries=tuple(map(listed, payload.get("localAuthorizationList") or ())),
    )
    return list_after(local_list, sent)


def _message(kind: str, version: int, entries: Sequence[ListedToken]) -> dict[str, Any]:
    return {
        "updateType": kind,
        "listVersion": version,
        "localAuthorizationList": [_entry(entry) for entry in entries],
    }


def _entry(entry: ListedToken) -> dict[str, Any]:
    if not entry.status:
        return {"idTag": entry.token}
    info: dict[str, Any] = {"status": entry.status}
    if entry.group:
        info["parentIdTag"] = entry.group
    if entry.expires_at is not None:
        info["expiryDate"] = entry.expires_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return {"idTag": entry.token, "idTagInfo": info}
