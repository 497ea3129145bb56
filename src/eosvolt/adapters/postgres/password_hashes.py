"""Hashes of people's passwords (argon2id), made and verified outside the event loop."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from eosvolt.application.access import LONGEST_PASSWORD
from eosvolt.application.own_account import check_password


class PasswordHashes:
    """At most two at once: each takes 64 MiB and much of a core."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """``hasher`` has the library's defaults where none is given."""
        self._hasher = hasher or PasswordHasher()
        self._hashing = asyncio.Semaphore(2)

    async def of(self, password: str) -> str:
        """The hash of a new password. Raises ``Rejected`` for one that is too short or too long."""
        check_password(password)
        return await self._hashed(password)

    async def verified(self, hashed: str | None, password: str) -> bool:
        """Whether it is the password. Without a hash it takes the same time and is ``False``."""
        if len(password) > LONGEST_PASSWORD:
            return False
        async with self._hashing:
            return await asyncio.to_thread(self._verified, hashed, password)

    async def renewed(self, hashed: str, password: str) -> str | None:
        """The hash of a verified password by the present parameters; ``None`` if it has them already."""
        return await self._hashed(password) if self._hasher.check_needs_rehash(hashed) else None

    async def _hashed(self, password: str) -> str:
        async with self._hashing:
            return await asyncio.to_thread(self._hasher.hash, password)

    def _verified(self, hashed: str | None, password: str) -> bool:
        if hashed is None:
            # Without an account, hash for the time that a comparison takes.
            self._hasher.hash(password)
            return False
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False
