"""Handles firmware, file and local list messages on a simulated charger."""

from datetime import UTC, datetime
from typing import Any

from ocpp.v16 import call_result

from eosvolt.adapters.simulator import files
from eosvolt.adapters.simulator.firmware import KIND as FIRMWARE
from eosvolt.adapters.simulator.firmware import FirmwareInstallation, flaw, install
from eosvolt.adapters.simulator.ocpp_routing import after, on
from eosvolt.adapters.simulator.persistent_state import PersistentState


class DeviceManagementHandlers:
    """The handlers for device management."""

    _state: PersistentState

    @on("UpdateFirmware")
    def update_asked(self, **_: object) -> object:
        """UpdateFirmware.req (OCPP 1.6 §5.19)."""
        return call_result.UpdateFirmware()

    @after("UpdateFirmware")
    def update_now(self, location: str, retrieve_date: str, **_: object) -> None:
        """Start the installation; it replaces a running one."""
        at = instant(retrieve_date)
        self._begin_installation(FirmwareInstallation(location, at, at))

    @on("SignedUpdateFirmware")
    def signed_update_asked(self, request_id: int, firmware: dict[str, Any], **_: object) -> object:  # noqa: ARG002 - the package names them
        """SignedUpdateFirmware.req (OCPP 1.6 security whitepaper §5.21)."""
        if flaw(firmware) == "InvalidFirmwareSigningCertificate":
            return call_result.SignedUpdateFirmware(status="InvalidCertificate")
        busy = self._state.jobs.busy(FIRMWARE)
        return call_result.SignedUpdateFirmware(status="AcceptedCanceled" if busy else "Accepted")

    @after("SignedUpdateFirmware")
    def signed_update_now(self, request_id: int, firmware: dict[str, Any], **_: object) -> None:
        """Start the installation, or report an invalid signature."""
        fault = flaw(firmware)
        if fault:
            self._state.alarm(fault, f"request {request_id}")
        if fault == "InvalidFirmwareSigningCertificate":
            return
        fetch_at = instant(firmware["retrieve_date_time"])
        install_at = instant(firmware.get("install_date_time") or firmware["retrieve_date_time"])
        what = FirmwareInstallation(firmware["location"], fetch_at, install_at, request_id)
        if fault:
            self._state.jobs.give_up(FIRMWARE)
            self._state.news(FIRMWARE, what.status_message("InvalidSignature"))
        else:
            self._begin_installation(what)

    @on("GetDiagnostics")
    def diagnostics_asked(self, **_: object) -> object:
        """GetDiagnostics.req (OCPP 1.6 §5.9)."""
        return call_result.GetDiagnostics(file_name=files.name(self._state, files.DIAGNOSTICS))

    @after("GetDiagnostics")
    def diagnostics_now(self, location: str, start_time: str | None = None, **_: object) -> None:
        """Start the upload of the diagnostics."""
        state, since = self._state, None if start_time is None else instant(start_time)
        called = files.name(state, files.DIAGNOSTICS)
        state.jobs.begin(files.DIAGNOSTICS, files.diagnose(state, location, called, since))

    @on("GetLog")
    def log_asked(self, log_type: str, **_: object) -> object:
        """GetLog.req (OCPP 1.6 security whitepaper §5.9)."""
        state = self._state
        return call_result.GetLog(
            status="AcceptedCanceled" if state.jobs.busy(files.LOG) else "Accepted",
            filename=files.name(state, log_type),
        )

    @after("GetLog")
    def log_now(self, log_type: str, request_id: int, log: dict[str, Any], **_: object) -> None:
        """Start the upload of the log; it replaces a running one."""
        state, oldest = self._state, log.get("oldest_timestamp")
        called = files.name(state, log_type)
        since = None if oldest is None else instant(oldest)
        state.jobs.begin(files.LOG, files.log(state, log["remote_location"], called, since, request_id))

    @on("GetLocalListVersion")
    def list_version_asked(self) -> object:
        """GetLocalListVersion.req (OCPP 1.6 §5.10)."""
        enabled = self._state.configuration.claims("LocalAuthListEnabled")
        return call_result.GetLocalListVersion(list_version=self._state.local_list.version if enabled else -1)

    @on("SendLocalList")
    def list_given(
        self,
        list_version: int,
        update_type: str,
        local_authorization_list: list[dict[str, Any]] | None = None,
    ) -> object:
        """SendLocalList.req (OCPP 1.6 §5.15)."""
        if not self._state.configuration.claims("LocalAuthListEnabled"):
            return call_result.SendLocalList(status="NotSupported")
        status = self._state.local_list.take(list_version, update_type, local_authorization_list or [])
        return call_result.SendLocalList(status=status)

    def _begin_installation(self, what: FirmwareInstallation) -> None:
        self._state.jobs.begin(FIRMWARE, install(self._state, what))


def instant(text: str) -> datetime:
    """Parse a timestamp of OCPP; without a zone it is UTC."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
