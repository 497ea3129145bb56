"""The installation of firmware on a simulated charger.

Nothing is downloaded, because the simulator connects to this machine only. The file's name contains the
version.
"""

import base64
import binascii
import re
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from cryptography import x509
from ocpp.v16 import call

from eosvolt.adapters.simulator.persistent_state import PersistentState

KIND = "firmware"
FETCHING, INSTALLING, LOOKING_AGAIN = timedelta(seconds=20), timedelta(seconds=15), timedelta(seconds=5)
_VERSION = re.compile(r"\d+(?:\.\d+)+")


class FirmwareInstallation(NamedTuple):
    """The firmware's location, when to fetch and install it, and the request id of signed firmware."""

    location: str
    fetch_at: datetime
    install_at: datetime
    request: int | None = None

    def status_message(self, status: str) -> Any:  # noqa: ANN401 - a message of the package
        """The status message of the installation."""
        if self.request is None:
            return call.FirmwareStatusNotification(status=status)
        return call.SignedFirmwareStatusNotification(status=status, request_id=self.request)


def flaw(firmware: dict[str, Any]) -> str:
    """The security event of an invalid signature or certificate; empty where the firmware is valid."""
    try:
        x509.load_pem_x509_certificate(str(firmware["signing_certificate"]).encode())
    except ValueError:
        return "InvalidFirmwareSigningCertificate"
    try:
        base64.b64decode(str(firmware["signature"]), validate=True)
    except binascii.Error:
        return "InvalidFirmwareSignature"
    return ""


async def install(state: PersistentState, what: FirmwareInstallation) -> None:
    """Fetch and install the firmware in time, not while a car charges, and restart with it."""

    def say(status: str) -> None:
        state.news(KIND, what.status_message(status))

    clock, station, signed = state.clock, state.station, what.request is not None
    if signed and what.fetch_at > clock.now():
        say("DownloadScheduled")
    await state.sleep_until(what.fetch_at)
    say("Downloading")
    await state.sleep_until(clock.now() + FETCHING)
    say("Downloaded")
    if signed:
        say("SignatureVerified")
        if what.install_at > clock.now() or _charges(state):
            say("InstallScheduled")
    await state.sleep_until(what.install_at)
    while _charges(state):
        await state.sleep_until(clock.now() + LOOKING_AGAIN)
    say("Installing")
    await state.sleep_until(clock.now() + INSTALLING)
    await state.outbox.empty.wait()
    state.encoder.firmware = _version(what.location) or state.encoder.firmware
    state.deliver(station.reset(clock.now(), hard=False))
    while station.away_until is not None:
        # The station notices its return a moment late; until then other tasks run.
        await state.sleep_until(max(station.away_until, clock.now() + LOOKING_AGAIN))
    say("Installed")


def _charges(state: PersistentState) -> bool:
    return any(plug.delivery is not None for plug in state.station.plugs.values())


def _version(location: str) -> str:
    found = _VERSION.search(urlsplit(location).path.rpartition("/")[2])
    return found.group() if found else ""
