"""Authenticates a charger's HTTP request before it is upgraded (OCPP-J 1.6 §3.1, §6.2.2).

The answer is 404 for an unknown charge box id, 401 for wrong credentials, 403 where the connection is less
secure than the charger's security profile (OCPP 1.6 security whitepaper §2.1), and 429 for too many attempts.
Whoever did not authenticate learns nothing else about a charger: its security profile, or that it is
disabled, is revealed only after its credentials. Many chargers share an IP address, so failed attempts of
others at the same address never block a known charger. IPv6 addresses count by /64.
"""

import time
from typing import NamedTuple

from starlette.types import Scope
from starlette.websockets import WebSocket

from eosvolt.adapters.ocpp import handshake
from eosvolt.adapters.ocpp.websocket_server import client_certificate_of
from eosvolt.application.charger_authentication import ChargerAuthentication, Strength
from eosvolt.application.charging import Admission, ChargingService
from eosvolt.application.ports import Clock, ConnectionAttempt
from eosvolt.application.throttle import Throttle, network

CHALLENGE = {"WWW-Authenticate": 'Basic realm="eosvolt", charset="UTF-8"'}
LONGEST_OFFER = 200


class Refused(Exception):  # noqa: N818 - an answer
    """The handshake is refused: HTTP status, reason and headers of the answer."""

    def __init__(self, status: int, reason: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = headers or {}


class AuthenticatedCharger(NamedTuple):
    """A charger that may connect, and the strength of its authentication. ``secure``: over TLS."""

    admission: Admission
    strength: Strength
    secure: bool
    address: str


class HandshakeAuthentication:
    """Authenticates handshake requests and limits their rate."""

    def __init__(
        self,
        charging: ChargingService,
        authentication: ChargerAuthentication,
        clock: Clock,
        *,
        short_addresses: bool = False,
    ) -> None:
        """``charging`` finds admissions, ``authentication`` checks passwords and certificates.

        ``short_addresses``: chargers may leave the company out of their URL while there is only one.
        """
        self._charging = charging
        self._authentication = authentication
        self._clock = clock
        self._short_addresses = short_addresses
        # A whole site may be behind one address, and all its chargers unknown on the day it is built.
        self._failures_from = Throttle(per_second=10, burst=600, clock=time.monotonic)
        self._failures_as = Throttle(per_second=1 / 5, burst=10, clock=time.monotonic)
        self._arrivals = Throttle(per_second=1, burst=60, clock=time.monotonic)

    async def authenticate(self, websocket: WebSocket) -> AuthenticatedCharger:
        """Return the charger that sends this request. Raises ``Refused``."""
        address = address_of(websocket.scope)
        try:
            charger = await self._authenticated(websocket, address)
        except Refused as refusal:
            if refusal.status in (401, 404):
                _check_rate(self._failures_from.take(network(address)))
            raise
        _check_rate(self._arrivals.take(charger.admission.charge_point))
        return charger

    async def contested(self, charge_point: str) -> None:
        """Record that the charger connects more often than one device does."""
        await self._authentication.contested(charge_point)

    async def _authenticated(self, websocket: WebSocket, address: str) -> AuthenticatedCharger:
        secure = websocket.scope["scheme"] == "wss"
        header = websocket.headers.get("authorization")
        login = handshake.login(header.encode("latin-1") if header is not None else None)
        candidates = await self._candidates(websocket)
        admission = await self._known_charger(candidates) or await self._adopted_charger(
            websocket, candidates, address, login
        )
        if admission is None:
            raise Refused(404, "No such charger.")
        # Counted for one charger at one address, so that others at the same address are not delayed.
        who = f"{network(address)} {admission.charge_point}"
        _check_rate(self._failures_as.wait(who))
        try:
            strength = await self._strength(websocket.scope, admission, login)
        except Refused:
            self._failures_as.take(who)
            raise
        if strength is Strength.NOTHING and secure:
            raise Refused(401, "Over TLS a charger needs a password.", CHALLENGE)
        _check_profile(admission, strength, secure=secure)
        if admission.disabled:
            raise Refused(403, "The charger is disabled.")
        return AuthenticatedCharger(admission, strength, secure, address)

    async def _strength(self, scope: Scope, admission: Admission, login: handshake.Login | None) -> Strength:
        """Return how the charger authenticated. Raises ``Refused`` for wrong credentials."""
        if login is not None and login.user != admission.charge_box_id.encode():
            raise Refused(401, "The user name is not the charge box id.", CHALLENGE)
        certificate = client_certificate_of(scope)
        if certificate is not None:
            if not await self._authentication.certificate_right(admission, certificate):
                raise Refused(401, "The certificate is not this charger's.")
            return Strength.CERTIFICATE
        if login is not None and await self._authentication.password_right(admission, login.password):
            return Strength.PASSWORD
        if admission.has_password:
            raise Refused(401, "The password is wrong.", CHALLENGE)
        return Strength.NOTHING

    async def _candidates(self, websocket: WebSocket) -> list[tuple[int, str]]:
        """The (company, charge box id) pairs that the URL may mean, the most likely first."""
        found = handshake.addresses(websocket.scope["raw_path"])
        only = None
        if self._short_addresses and any(place.company is None for place in found):
            only = await self._charging.only_company()
        companies = (only if place.company is None else place.company for place in found)
        return [
            (company, place.charge_box_id)
            for company, place in zip(companies, found, strict=True)
            if company is not None
        ]

    async def _known_charger(self, candidates: list[tuple[int, str]]) -> Admission | None:
        for company, charge_box_id in candidates:
            if (admission := await self._charging.admit(company, charge_box_id)) is not None:
                return admission
        return None

    async def _adopted_charger(
        self,
        websocket: WebSocket,
        candidates: list[tuple[int, str]],
        address: str,
        login: handshake.Login | None,
    ) -> Admission | None:
        """Adopt an unknown charger where its company does so; otherwise record the attempt."""
        _check_rate(self._failures_from.wait(network(address)))
        if not candidates:
            return None
        company, charge_box_id = candidates[0]
        attempt = ConnectionAttempt(
            company=company,
            charge_box_id=charge_box_id,
            at=self._clock.now(),
            address=address,
            offered=", ".join(websocket.scope["subprotocols"])[:LONGEST_OFFER],
            secure=websocket.scope["scheme"] == "wss",
        )
        own = login is not None and login.user == charge_box_id.encode()
        if await self._authentication.unknown_charger(
            attempt, login.password if login is not None and own else None
        ):
            return await self._charging.admit(company, charge_box_id)
        return None


def address_of(scope: Scope) -> str:
    """The IP address of the client; empty where it is not known."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def _check_profile(admission: Admission, strength: Strength, *, secure: bool) -> None:
    """Raise ``Refused`` where the connection is less secure than the charger's profile (A00.FR.002)."""
    match admission.security_profile:
        case 1 | 2 | 3 if strength is Strength.NOTHING:
            raise Refused(401, "The charger has to prove who it is.", CHALLENGE)
        case 2 if not secure:
            raise Refused(403, "The charger's security profile wants TLS and its password.")
        case 3 if strength < Strength.CERTIFICATE:
            raise Refused(403, "The charger's security profile wants its certificate.")
        case _:
            return


def _check_rate(seconds: float) -> None:
    if seconds:
        raise Refused(429, "Too many tries.", {"Retry-After": str(int(seconds) + 1)})
