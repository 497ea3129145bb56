"""Who may come in, decided on the HTTP request, before there is a WebSocket.

Unknown is 404, a wrong password 401, less security than agreed 403, too many tries 429. Whoever proved
nothing learns no more than that: what a charger's security profile is, or that it is disabled, is told only
to those who gave its password. Many chargers share an address, so failures of others at the same address
never keep a known charger from being judged. IPv6 addresses count by /64.
"""

import time
from typing import NamedTuple

from starlette.types import Scope
from starlette.websockets import WebSocket

from eosvolt.adapters.ocpp import handshake
from eosvolt.adapters.ocpp.listening import peer_of
from eosvolt.application.charging import Admission, Charging
from eosvolt.application.entrance import Entrance, Strength
from eosvolt.application.ports import Clock, Knock
from eosvolt.application.throttle import Throttle, network

CHALLENGE = {"WWW-Authenticate": 'Basic realm="eosvolt", charset="UTF-8"'}
LONGEST_OFFER = 200


class Refused(Exception):  # noqa: N818 - an answer
    """The charger may not come in: HTTP status, reason and headers of the answer."""

    def __init__(self, status: int, reason: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = headers or {}


class Visitor(NamedTuple):
    """A charger that may come in, and how well it proved who it is. ``secure``: over TLS."""

    admission: Admission
    strength: Strength
    secure: bool
    address: str


class Door:
    """Looks at requests."""

    def __init__(
        self, desk: Charging, entrance: Entrance, clock: Clock, *, short_addresses: bool = False
    ) -> None:
        """``desk`` knows the chargers, ``entrance`` judges what they prove.

        ``short_addresses``: chargers may leave the company out while there is only one.
        """
        self._desk = desk
        self._entrance = entrance
        self._clock = clock
        self._short_addresses = short_addresses
        # A whole site may be behind one address, and all of it unknown on the day it is built.
        self._failures_from = Throttle(per_second=10, burst=600, clock=time.monotonic)
        self._failures_as = Throttle(per_second=1 / 5, burst=10, clock=time.monotonic)
        self._arrivals = Throttle(per_second=1, burst=60, clock=time.monotonic)

    async def visitor(self, websocket: WebSocket) -> Visitor:
        """Who this is. Raises ``Refused``."""
        address = address_of(websocket.scope)
        try:
            visitor = await self._judged(websocket, address)
        except Refused as refusal:
            if refusal.status in (401, 404):
                _patient(self._failures_from.take(network(address)))
            raise
        _patient(self._arrivals.take(visitor.admission.charge_point))
        return visitor

    async def contested(self, charge_point: str) -> None:
        """It comes more often than one charger does."""
        await self._entrance.contested(charge_point)

    async def _judged(self, websocket: WebSocket, address: str) -> Visitor:
        secure = websocket.scope["scheme"] == "wss"
        header = websocket.headers.get("authorization")
        login = handshake.login(header.encode("latin-1") if header is not None else None)
        places = await self._places(websocket)
        admission = await self._known(places) or await self._adopted(websocket, places, address, login)
        if admission is None:
            raise Refused(404, "No such charger.")
        # Guesses at one charger from one address: others at the same address do not wait for it.
        who = f"{network(address)} {admission.charge_point}"
        _patient(self._failures_as.wait(who))
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
        return Visitor(admission, strength, secure, address)

    async def _strength(self, scope: Scope, admission: Admission, login: handshake.Login | None) -> Strength:
        """What the charger proved. Raises ``Refused`` where it proved to be somebody else."""
        if login is not None and login.user != admission.charge_box_id.encode():
            raise Refused(401, "The user name is not the charge box id.", CHALLENGE)
        peer = peer_of(scope)
        if peer is not None:
            if not await self._entrance.certificate_right(admission, peer):
                raise Refused(401, "The certificate is not this charger's.")
            return Strength.CERTIFICATE
        if login is not None and await self._entrance.password_right(admission, login.password):
            return Strength.PASSWORD
        if admission.has_password:
            raise Refused(401, "The password is wrong.", CHALLENGE)
        return Strength.NOTHING

    async def _places(self, websocket: WebSocket) -> list[tuple[int, str]]:
        """The company and charge box id that the address may mean, the most likely first."""
        found = handshake.addresses(websocket.scope["raw_path"])
        only = None
        if self._short_addresses and any(place.company is None for place in found):
            only = await self._desk.only_company()
        companies = (only if place.company is None else place.company for place in found)
        return [
            (company, place.charge_box_id)
            for company, place in zip(companies, found, strict=True)
            if company is not None
        ]

    async def _known(self, places: list[tuple[int, str]]) -> Admission | None:
        for company, charge_box_id in places:
            if (admission := await self._desk.admit(company, charge_box_id)) is not None:
                return admission
        return None

    async def _adopted(
        self,
        websocket: WebSocket,
        places: list[tuple[int, str]],
        address: str,
        login: handshake.Login | None,
    ) -> Admission | None:
        """A charger that nobody knows, if its company takes it in; otherwise its knock is noted."""
        _patient(self._failures_from.wait(network(address)))
        if not places:
            return None
        company, charge_box_id = places[0]
        knock = Knock(
            company=company,
            charge_box_id=charge_box_id,
            at=self._clock.now(),
            address=address,
            offered=", ".join(websocket.scope["subprotocols"])[:LONGEST_OFFER],
            secure=websocket.scope["scheme"] == "wss",
        )
        own = login is not None and login.user == charge_box_id.encode()
        if await self._entrance.stranger(knock, login.password if login is not None and own else None):
            return await self._desk.admit(company, charge_box_id)
        return None


def address_of(scope: Scope) -> str:
    """Where a request comes from."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def _check_profile(admission: Admission, strength: Strength, *, secure: bool) -> None:
    """A charger that agreed to more security does not get in with less: somebody else might."""
    match admission.security_profile:
        case 1 | 2 | 3 if strength is Strength.NOTHING:
            raise Refused(401, "The charger has to prove who it is.", CHALLENGE)
        case 2 if not secure:
            raise Refused(403, "The charger's security profile wants TLS and its password.")
        case 3 if strength < Strength.CERTIFICATE:
            raise Refused(403, "The charger's security profile wants its certificate.")
        case _:
            return


def _patient(seconds: float) -> None:
    if seconds:
        raise Refused(429, "Too many tries.", {"Retry-After": str(int(seconds) + 1)})
