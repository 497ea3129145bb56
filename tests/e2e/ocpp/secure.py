"""A running system with a listener for each of OCPP's security profiles."""

import ssl
from pathlib import Path
from typing import Any
from urllib.parse import quote

from websockets.exceptions import InvalidStatus, WebSocketException

from tests.e2e.ocpp.certificates import OtherAuthority
from tests.e2e.ocpp.charger import charger
from tests.e2e.ocpp.site import Site, basic
from tests.e2e.running import RunningSystem, free_port

PASSWORD = b"a secret of twenty b"
MANUFACTURER = OtherAuthority("A manufacturer")
REFUSED = (OSError, ssl.SSLError, EOFError, WebSocketException)


class SecureSystem(RunningSystem):
    """A server with a listener for each security profile."""

    def __init__(self, database: str, folder: Path) -> None:
        super().__init__(database, folder)
        self.tls_port, self.mtls_port = free_port(), free_port()
        self.authorities = folder / "manufacturer.pem"
        self.authorities.write_text(MANUFACTURER.pem)

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {
            "EOSVOLT_TLS_PORT": str(self.tls_port),
            "EOSVOLT_MTLS_PORT": str(self.mtls_port),
            "EOSVOLT_MTLS_CA": str(self.authorities),
        }

    def trusted(self, kind: str = "ecdsa") -> Path:
        """The server's own authority."""
        return self.folder / "data" / "certificates" / f"authority-{kind}.pem"


class SecureSite(Site):
    """One test's part of it."""

    system: SecureSystem

    def secure(self, name: str = "CP", company: int = 242) -> str:
        return f"wss://127.0.0.1:{self.system.tls_port}/ocpp/{company}/{quote(self.box(name), safe='')}"

    def mutual(self, name: str = "CP", company: int = 242) -> str:
        return f"wss://127.0.0.1:{self.system.mtls_port}/ocpp/{company}/{quote(self.box(name), safe='')}"

    def trusting(self, kind: str = "ecdsa") -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.system.trusted(kind)))

    def handled(self, **change: object) -> None:
        answer = self.api().client.patch(f"/chargers/{self.box()}", json=change)
        assert answer.status_code == 200, answer.text

    def delivered(self) -> list[bool]:
        """What the charger said to each certificate of ours, in order."""
        return [bool(data["accepted"]) for data in self.of_upkeep("certificate-delivered")]

    def of_upkeep(self, kind: str) -> list[dict[str, Any]]:
        """What happened to the charger besides charging: the data of all events of a type."""
        stream = f"maintenance:242/{self.box()}"
        facts = self.api().every("/events", stream=stream)
        return [fact["data"] for fact in facts if fact["type"] == kind]


async def status(url: str, password: bytes | None, site: Site, **options: Any) -> int:
    """What a charger hears at the handshake: 101, or the refusal."""
    headers = None if password is None else basic(site.box(), password)
    try:
        async with charger(url, headers, **options) as cp:
            await cp.call("Heartbeat")
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code
