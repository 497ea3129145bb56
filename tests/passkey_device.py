"""An authenticator in software (WebAuthn Level 3 §6): passkeys, and answers as it is told."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import NamedTuple

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


class Told(NamedTuple):
    """What the answer says; by default what an honest browser at ``https://cpo.example`` would say."""

    origin: str = "https://cpo.example"
    party: str = "cpo.example"
    flags: int = PRESENT | VERIFIED
    uses: int = 0
    handle: str = "as asked"
    kind: str = ""


HONEST = Told()


class PasskeyDevice:
    """Keeps one key pair (ES256)."""

    def __init__(self, credential: bytes = b"credential-1") -> None:
        self.credential = credential
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.handle = b""

    def registered(self, options: str, told: Told = HONEST) -> str:
        """The answer to the options of a registration, as browsers send it."""
        asked = json.loads(options)
        self.handle = decoded(asked["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        point = {-2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        public_key = cbor2.dumps({1: 2, 3: -7, -1: 1, **point})
        kept = bytes(16) + len(self.credential).to_bytes(2) + self.credential + public_key
        data = authenticator_data(told, told.flags | HAS_KEY) + kept
        response = {
            "clientDataJSON": encoded(client_data(told, "webauthn.create", asked["challenge"])),
            "attestationObject": encoded(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
            "transports": ["internal"],
        }
        return self._answer(response)

    def answered(self, options: str, told: Told = HONEST) -> str:
        """The answer to the options of a sign-in."""
        client = client_data(told, "webauthn.get", json.loads(options)["challenge"])
        data = authenticator_data(told, told.flags)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": encoded(client),
            "authenticatorData": encoded(data),
            "signature": encoded(signed),
        }
        handle = self.handle if told.handle == "as asked" else told.handle.encode()
        if handle:
            response["userHandle"] = encoded(handle)
        return self._answer(response)

    def _answer(self, response: Mapping[str, object]) -> str:
        known = encoded(self.credential)
        return json.dumps({"id": known, "rawId": known, "type": "public-key", "response": response})


def client_data(told: Told, kind: str, challenge: str) -> bytes:
    said = {"type": told.kind or kind, "challenge": challenge, "origin": told.origin}
    return json.dumps(said).encode()


def authenticator_data(told: Told, flags: int) -> bytes:
    return hashlib.sha256(told.party.encode()).digest() + bytes([flags]) + told.uses.to_bytes(4)


def encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
