"""What a simulated charger answers about its firmware, its files and its local list."""

from datetime import UTC, datetime
from typing import Any

from ocpp.v16 import call_result

from eosvolt.adapters.simulator import files
from eosvolt.adapters.simulator.firmware import KIND as FIRMWARE
from eosvolt.adapters.simulator.firmware import Installation, flaw, install
from eosvolt.adapters.simulator.listening import after, on
from eosvolt.adapters.simulator.memory import Memory


class UpkeepVoice:
    """The part of a conversation that is about upkeep."""

    _memory: Memory

    @on("UpdateFirmware")
    def update_asked(self, **_: object) -> object:
        """Somebody has newer firmware."""
        return call_result.UpdateFirmware()

    @after("UpdateFirmware")
    def update_now(self, location: str, retrieve_date: str, **_: object) -> None:
        """Begin to install it, instead of what was under way."""
        at = instant(retrieve_date)
        self._begin_installation(Installation(location, at, at))

    @on("SignedUpdateFirmware")
    def signed_update_asked(self, request_id: int, firmware: dict[str, Any], **_: object) -> object:  # noqa: ARG002 - the package names them
        """Somebody has newer firmware, and proof that it is the maker's."""
        if flaw(firmware) == "InvalidFirmwareSigningCertificate":
            return call_result.SignedUpdateFirmware(status="InvalidCertificate")
        busy = self._memory.errands.busy(FIRMWARE)
        return call_result.SignedUpdateFirmware(status="AcceptedCanceled" if busy else "Accepted")

    @after("SignedUpdateFirmware")
    def signed_update_now(self, request_id: int, firmware: dict[str, Any], **_: object) -> None:
        """Begin to install it, or say what is wrong with it."""
        trouble = flaw(firmware)
        if trouble:
            self._memory.alarm(trouble, f"request {request_id}")
        if trouble == "InvalidFirmwareSigningCertificate":
            return
        fetch_at = instant(firmware["retrieve_date_time"])
        install_at = instant(firmware.get("install_date_time") or firmware["retrieve_date_time"])
        what = Installation(firmware["location"], fetch_at, install_at, request_id)
        if trouble:
            self._memory.errands.give_up(FIRMWARE)
            self._memory.news(FIRMWARE, what.said("InvalidSignature"))
        else:
            self._begin_installation(what)

    @on("GetDiagnostics")
    def diagnostics_asked(self, **_: object) -> object:
        """Somebody wants to know how the charger is."""
        return call_result.GetDiagnostics(file_name=files.name(self._memory, files.DIAGNOSTICS))

    @after("GetDiagnostics")
    def diagnostics_now(self, location: str, start_time: str | None = None, **_: object) -> None:
        """Hand the file over."""
        memory, since = self._memory, None if start_time is None else instant(start_time)
        called = files.name(memory, files.DIAGNOSTICS)
        memory.errands.begin(files.DIAGNOSTICS, files.diagnose(memory, location, called, since))

    @on("GetLog")
    def log_asked(self, log_type: str, **_: object) -> object:
        """Somebody wants a log."""
        memory = self._memory
        return call_result.GetLog(
            status="AcceptedCanceled" if memory.errands.busy(files.LOG) else "Accepted",
            filename=files.name(memory, log_type),
        )

    @after("GetLog")
    def log_now(self, log_type: str, request_id: int, log: dict[str, Any], **_: object) -> None:
        """Hand it over, instead of one that was under way."""
        memory, oldest = self._memory, log.get("oldest_timestamp")
        called = files.name(memory, log_type)
        since = None if oldest is None else instant(oldest)
        memory.errands.begin(files.LOG, files.log(memory, log["remote_location"], called, since, request_id))

    @on("GetLocalListVersion")
    def list_version_asked(self) -> object:
        """Somebody wants to know which cards are listed here."""
        enabled = self._memory.configuration.claims("LocalAuthListEnabled")
        return call_result.GetLocalListVersion(
            list_version=self._memory.local_list.version if enabled else -1
        )

    @on("SendLocalList")
    def list_given(
        self,
        list_version: int,
        update_type: str,
        local_authorization_list: list[dict[str, Any]] | None = None,
    ) -> object:
        """Somebody brings the list up to date."""
        if not self._memory.configuration.claims("LocalAuthListEnabled"):
            return call_result.SendLocalList(status="NotSupported")
        status = self._memory.local_list.take(list_version, update_type, local_authorization_list or [])
        return call_result.SendLocalList(status=status)

    def _begin_installation(self, what: Installation) -> None:
        self._memory.errands.begin(FIRMWARE, install(self._memory, what))


def instant(text: str) -> datetime:
    """An instant as OCPP writes it; without a zone it is UTC."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
