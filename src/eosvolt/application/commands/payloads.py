"""Completes the payloads of commands, and makes the following command of a long local list."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple, assert_never

from eosvolt.application.commands.listed_tokens import ListedTokens
from eosvolt.application.commands.local_lists import LocalLists
from eosvolt.application.executor import Application
from eosvolt.application.ports import TokenRegister
from eosvolt.domain.commands.catalogue import KINDS
from eosvolt.domain.commands.command_kind import Completion
from eosvolt.domain.commands.commands import NoteAnswer, RequestCommand
from eosvolt.domain.commands.decider import charger_commands
from eosvolt.domain.commands.events import CommandRequested
from eosvolt.domain.kernel import CommandEnvelope, Rejected
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import UploadOpened
from eosvolt.domain.maintenance.profiles import in_tenths
from eosvolt.domain.maintenance.uploads import DIAGNOSTICS
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.state import Charging

# Chargers may collect for long and retry for longer.
UPLOAD_WITHIN = timedelta(hours=24)
UPLOADS = "/uploads/"
NO_SECRETS = "A password or key never goes into the history. A charger's own password is set on its page."
_LOGS = {"DiagnosticsLog": "diagnosticsLog", "SecurityLog": "securityLog"}
_WHOLE_AGAIN, _PART = "-full", "-part-"


class Prepared(NamedTuple):
    """The payload for the history and for the charger, and further commands of the same commit."""

    payload: dict[str, Any]
    envelopes: tuple[CommandEnvelope, ...] = ()


class CommandPayloads:
    """Completes payloads with values that the system chooses."""

    def __init__(
        self, application: Application, tokens: TokenRegister, new_id: Callable[[], str], base_url: str
    ) -> None:
        """The ids of ``new_id`` must be unguessable: they protect the upload addresses under ``base_url``."""
        self._application = application
        self._lists = LocalLists(ListedTokens(application, tokens))
        self._new_id = new_id
        self._base_url = base_url

    async def prepared(  # noqa: C901, PLR0911 - a case for each completion
        self, charge_point: str, command: str, action: str, payload: dict[str, Any], at: datetime
    ) -> Prepared:
        """The payload of ``command``, requested ``at``. It only reads.

        Raises ``Rejected`` if this charger cannot receive the command.
        """
        kind = KINDS[action]
        if kind.secrets(payload):
            raise Rejected(NO_SECRETS)
        match kind.completion:
            case Completion.AS_ASKED:
                return Prepared(payload)
            case Completion.DIAGNOSTICS:
                return self._diagnostics(charge_point, command, payload, at)
            case Completion.LOG:
                return self._log(charge_point, command, payload, at)
            case Completion.TRANSACTION:
                return Prepared(await self._stop(charge_point, payload))
            case Completion.RETRIEVE_DATE:
                return Prepared({**payload, "retrieveDate": payload.get("retrieveDate") or _written(at)})
            case Completion.REQUEST_NUMBER:
                return Prepared({**payload, "requestId": payload.get("requestId") or self._new_number()})
            case Completion.PROFILE_LIMITS:
                return Prepared(_with_limits_in_tenths(payload))
            case Completion.RESERVATION:
                return Prepared(self._reservation(payload, at))
            case Completion.LOCAL_LIST:
                upkeep = await self._application.state(maintenance, charge_point)
                return Prepared(await self._lists.composed(charge_point, upkeep, payload))
            case _:
                assert_never(kind.completion)

    async def continued(self, request: CommandRequested, answer: NoteAnswer) -> list[CommandEnvelope]:
        """The command that continues a local list that is incomplete after ``answer``. It only reads.

        The tokens of a list come from the read models, not from streams.
        """
        if request.action not in KINDS or KINDS[request.action].completion is not Completion.LOCAL_LIST:
            return []
        upkeep = await self._application.state(maintenance, request.charge_point)
        status, accepted = str(answer.response.get("status", "")), answer.accepted
        next_part = await self._lists.after(
            request.charge_point, upkeep, request.payload, accepted=accepted, status=status
        )
        command = _next_command(request.command, again=not accepted)
        return (
            [] if next_part is None or not command else [_following(request, command, next_part, answer.at)]
        )

    async def _stop(self, charge_point: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Adds the transaction id of a named session."""
        if "sessionId" not in payload:
            return payload
        session = await self._application.state(sessions, str(payload["sessionId"]))
        if not isinstance(session, Charging):
            raise Rejected("This session is not charging any more.")
        place = session.start.place
        if f"{place.company}/{place.charge_point}" != charge_point:
            raise Rejected("This session is not of this charger.")
        return {"sessionId": str(payload["sessionId"]), "transaction": session.start.transaction}

    def _diagnostics(
        self, charge_point: str, command: str, payload: dict[str, Any], at: datetime
    ) -> Prepared:
        """Adds an upload address unless one is given."""
        if payload.get("location"):
            return Prepared(payload)
        upload, number = self._new_id(), self._new_number()
        opened = _opened(at, upload, DIAGNOSTICS, number, command)
        return Prepared({**payload, "location": self._place(upload)}, (_noted(charge_point, opened),))

    def _log(self, charge_point: str, command: str, payload: dict[str, Any], at: datetime) -> Prepared:
        """Adds the request id, and an upload address unless one is given."""
        asked, log = str(payload.get("logType") or "DiagnosticsLog"), dict(payload.get("log") or {})
        upload, number = self._new_id(), payload.get("requestId") or self._new_number()
        payload = {**payload, "logType": asked, "requestId": number}
        if log.get("remoteLocation"):
            return Prepared(payload)
        payload["log"] = {**log, "remoteLocation": self._place(upload)}
        return Prepared(payload, (_noted(charge_point, _opened(at, upload, _LOGS[asked], number, command)),))

    def _place(self, upload: str) -> str:
        return f"{self._base_url}{UPLOADS}{upload}"

    def _reservation(self, payload: dict[str, Any], at: datetime) -> dict[str, Any]:
        if datetime.fromisoformat(str(payload["expiryDate"])) <= at:
            raise Rejected("A reservation has to end in the future.")
        number = payload.get("reservationId")
        return {**payload, "reservationId": self._new_number() if number is None else number}

    def _new_number(self) -> int:
        """A random positive number, unused by this charger with high probability."""
        digest = sha256(self._new_id().encode()).digest()
        return int.from_bytes(digest[:4]) % (2**31 - 1) + 1


def _with_limits_in_tenths(payload: dict[str, Any]) -> dict[str, Any]:
    profile = payload.get("chargingProfile")
    return payload if profile is None else {**payload, "chargingProfile": in_tenths(profile)}


def _opened(at: datetime, upload: str, kind: str, number: int, command: str) -> UploadOpened:
    return UploadOpened(
        at=at, upload=upload, kind=kind, request=number, command=command, expires_at=at + UPLOAD_WITHIN
    )


def _noted(charge_point: str, event: UploadOpened) -> CommandEnvelope:
    return CommandEnvelope(maintenance, charge_point, RecordDeviceEvent(event=event))


def _next_command(command: str, *, again: bool) -> str:
    """The id of the command that continues ``command``; empty if that was a full update."""
    if again:
        return "" if _WHOLE_AGAIN in command else f"{command}{_WHOLE_AGAIN}"
    first, _, part = command.rpartition(_PART)
    if not first or not part.isdecimal():
        first, part = command, "1"
    return f"{first}{_PART}{int(part) + 1}"


def _following(
    request: CommandRequested, command: str, payload: dict[str, Any], at: datetime
) -> CommandEnvelope:
    """The command that continues ``request``, with the same time to live."""
    ask = RequestCommand(
        command=command,
        company=request.company,
        charge_point=request.charge_point,
        action=request.action,
        payload=payload,
        by=request.by,
        at=at,
        expires_at=at + (request.expires_at - request.at),
        waits=request.waits,
        batch=request.batch,
    )
    return CommandEnvelope(charger_commands, command, ask)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
