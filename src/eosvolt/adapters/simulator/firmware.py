"""The installation of firmware on a simulated charger.

Nothing is really fetched, because a simulator connects to this machine only. The file's name says its
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

from eosvolt.adapters.simulator.memory import Memory

KIND = "firmware"
FETCHING, INSTALLING, LOOKING_AGAIN = timedelta(seconds=20), timedelta(seconds=15), timedelta(seconds=5)
_VERSION = re.compile(r"\d+(?:\.\d+)+")


class Installation(NamedTuple):
    """What to install from where, and not before when. ``request`` numbers signed firmware."""

    location: str
    fetch_at: datetime
    install_at: datetime
    request: int | None = None

    def said(self, status: str) -> Any:  # noqa: ANN401 - a message of the package
        """How it gets on, as a message."""
        if self.request is None:
            return call.FirmwareStatusNotification(status=status)
        return call.SignedFirmwareStatusNotification(status=status, request_id=self.request)


def flaw(firmware: dict[str, Any]) -> str:
    """What is wrong with how firmware is signed, as the event that tells of it; empty where nothing is."""
    try:
        x509.load_pem_x509_certificate(str(firmware["signing_certificate"]).encode())
    except ValueError:
        return "InvalidFirmwareSigningCertificate"
    try:
        base64.b64decode(str(firmware["signature"]), validate=True)
    except binascii.Error:
        return "InvalidFirmwareSignature"
    return ""


async def install(memory: Memory, what: Installation) -> None:
    """Fetch and install it, neither before its time nor while a car charges, and start with it."""

    def say(status: str) -> None:
        memory.news(KIND, what.said(status))

    clock, station, signed = memory.clock, memory.station, what.request is not None
    if signed and what.fetch_at > clock.now():
        say("DownloadScheduled")
    await memory.sleep_until(what.fetch_at)
    say("Downloading")
    await memory.sleep_until(clock.now() + FETCHING)
    say("Downloaded")
    if signed:
        say("SignatureVerified")
        if what.install_at > clock.now() or _charges(memory):
            say("InstallScheduled")
    await memory.sleep_until(what.install_at)
    while _charges(memory):
        await memory.sleep_until(clock.now() + LOOKING_AGAIN)
    say("Installing")
    await memory.sleep_until(clock.now() + INSTALLING)
    await memory.outbox.empty.wait()
    memory.wire.firmware = _version(what.location) or memory.wire.firmware
    memory.tell(station.reset(clock.now(), hard=False))
    while station.away_until is not None:
        # The station notices a moment after its time that it is back; until then others must get their turn.
        await memory.sleep_until(max(station.away_until, clock.now() + LOOKING_AGAIN))
    say("Installed")


def _charges(memory: Memory) -> bool:
    return any(plug.delivery is not None for plug in memory.station.plugs.values())


def _version(location: str) -> str:
    found = _VERSION.search(urlsplit(location).path.rpartition("/")[2])
    return found.group() if found else ""
