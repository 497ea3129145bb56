"""Encryption of values that must be read again, under keys derived from the server's key."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12


class Sealing:
    """Encrypts with AES-256-GCM (NIST SP 800-38D); each purpose has a key of its own (HKDF, RFC 5869)."""

    def __init__(self, secret_key: bytes, purpose: str) -> None:
        """``secret_key`` is the server's, which is not stored in the database."""
        derivation = HKDF(SHA256(), length=32, salt=None, info=b"eosvolt " + purpose.encode())
        self._cipher = AESGCM(derivation.derive(secret_key))

    def sealed(self, content: bytes, owner: str) -> bytes:
        """The nonce and the encrypted content, which is readable for the same ``owner`` only."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, owner.encode())

    def opened(self, sealed: bytes, owner: str) -> bytes | None:
        """The content; ``None`` if it was sealed for somebody else or under another key."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], owner.encode())
        except InvalidTag:
            return None
