"""Chargers' passwords, stored as digests; several are valid while it is unknown which one a charger uses.

A charger may have taken a new password although its answer got lost. Both passwords are valid until the
charger signs in with the new one, or has signed in with the old one for a week.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Any, LiteralString, NamedTuple

from eosvolt.adapters.postgres.alongside import Statement, Statements
from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.application.ports import PasswordVerdict
from eosvolt.domain.kernel import Rejected

SHORTEST_PASSWORD = 8
KEY_BYTES = 20
# The longest time that a charger's answer to a new password may take.
ANSWER_TRAVELS = timedelta(minutes=11)
# A charger that signs in with its old password for this long has not taken the new one.
OLD_ONE_PROVES = timedelta(days=7)
MOST_PROPOSALS = 8

_OPENS: LiteralString = (
    "SELECT 0 AS id, salt, digest FROM charger_passwords WHERE charge_point = %(charge_point)s"
    " UNION ALL SELECT id, salt, digest FROM charger_password_proposals WHERE charge_point = %(charge_point)s"
    " AND (old_used_at IS NULL OR old_used_at > now() - %(proves)s::interval)"
)
_PROPOSE: LiteralString = (
    "INSERT INTO charger_password_proposals (charge_point, salt, digest)"
    " SELECT %(charge_point)s, %(salt)s, %(digest)s WHERE NOT EXISTS (SELECT FROM charger_password_proposals"
    " WHERE charge_point = %(charge_point)s AND NOT unanswered"
    " AND proposed_at > now() - %(travels)s::interval)"
    " AND (SELECT count(*) FROM charger_password_proposals"
    " WHERE charge_point = %(charge_point)s) < %(most)s RETURNING id"
)
_NEWEST: LiteralString = (
    "SELECT max(id) FROM charger_password_proposals WHERE charge_point = %(charge_point)s"
)
_DROP: LiteralString = "DELETE FROM charger_password_proposals WHERE id = %(id)s"
_LEAVE_OPEN: LiteralString = "UPDATE charger_password_proposals SET unanswered = true WHERE id = %(id)s"
# Makes a proposal the password and deletes older proposals. A newer one may still be on its way.
_PROMOTE: LiteralString = (
    "WITH taken AS (DELETE FROM charger_password_proposals"
    " WHERE charge_point = %(charge_point)s AND id <= %(id)s RETURNING id, salt, digest)"
    " INSERT INTO charger_passwords (charge_point, salt, digest)"
    " SELECT %(charge_point)s, salt, digest FROM taken WHERE id = %(id)s"
    " ON CONFLICT (charge_point) DO UPDATE SET salt = excluded.salt, digest = excluded.digest"
    " RETURNING 1"
)
_FORGET_PROPOSALS: LiteralString = "DELETE FROM charger_password_proposals WHERE charge_point = %s"
_FORGET: LiteralString = "DELETE FROM charger_passwords WHERE charge_point = %s"
_SET: LiteralString = (
    "INSERT INTO charger_passwords (charge_point, salt, digest) VALUES (%s, %s, %s)"
    " ON CONFLICT (charge_point) DO UPDATE SET salt = excluded.salt, digest = excluded.digest"
)


class _Candidate(NamedTuple):
    """A password that may be valid; ``id`` is 0 for the settled one, else that of its proposal."""

    id: int
    salt: bytes
    digest: bytes


class PostgresChargerPasswords:
    """Sets, rotates and verifies chargers' passwords."""

    def __init__(self, database: ReadPool, secret_key: bytes) -> None:
        """``secret_key`` is the server's; the digests cannot be checked without it."""
        self._database = database
        self._secret_key = secret_key

    def change(self, charge_point: str, password: str | bytes | None) -> Statements:
        """The statements that change a password together with the caller's events; ``None`` deletes it.

        Raises ``Rejected`` for a password that is too short.
        """
        if password is not None and len(password) < SHORTEST_PASSWORD:
            raise Rejected(f"A charger's password has at least {SHORTEST_PASSWORD} characters.")
        forget = Statement(_FORGET_PROPOSALS, (charge_point,))
        if password is None:
            return Statements(forget, Statement(_FORGET, (charge_point,)))
        salt = secrets.token_bytes(16)
        return Statements(forget, Statement(_SET, (charge_point, salt, self._keyed(salt, _bytes(password)))))

    async def set(self, charge_point: str, password: str | bytes | None) -> None:
        """Change a password at once. Raises ``Rejected`` for a password that is too short."""
        change = self.change(charge_point, password)
        async with self._database.connection() as connection, connection.transaction():
            await change.carry_out(connection)

    async def propose(self, charge_point: str) -> str:
        """Add a new password of 20 random bytes beside the present one, and return it in hex.

        Raises ``Rejected`` while another new password is on its way to the charger.
        """
        key, salt = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(16)
        rows = await self._run(
            _PROPOSE, charge_point=charge_point, salt=salt, digest=self._keyed(salt, key),
            travels=ANSWER_TRAVELS, most=MOST_PROPOSALS,
        )  # fmt: skip
        if not rows:
            raise Rejected("Another new password is still on its way to this charger.")
        return key.hex()

    async def settle(self, charge_point: str, outcome: str) -> None:
        """Record the charger's answer to the newest proposal: ``accepted``, ``rejected``, ``unanswered``."""
        ((newest,),) = await self._run(_NEWEST, charge_point=charge_point)
        if newest is not None:
            query = {"accepted": _PROMOTE, "rejected": _DROP}.get(outcome, _LEAVE_OPEN)
            await self._run(query, charge_point=charge_point, id=newest)

    async def judged(self, charge_point: str, given: bytes) -> PasswordVerdict:
        """Verify ``given`` as the charger's password: the same bytes, or either one is the other in hex.

        OCPP 1.6 transfers an AuthorizationKey as hex digits of its bytes; chargers send either form. A
        proposal that matches becomes the password.
        """
        rows = await self._run(_OPENS, charge_point=charge_point, proves=OLD_ONE_PROVES)
        candidates = [_Candidate(*row) for row in rows] or [_Candidate(0, b"nobody", b"")]
        forms = _forms(given)
        right = [candidate for candidate in candidates if self._opens(candidate, forms)]
        if not right:
            return PasswordVerdict.WRONG
        proposal = max(candidate.id for candidate in right)
        if proposal:
            promoted = await self._run(_PROMOTE, charge_point=charge_point, id=proposal)
            return PasswordVerdict.CONFIRMED if promoted else PasswordVerdict.RIGHT
        if len(candidates) > 1:
            await self._run(
                "UPDATE charger_password_proposals SET old_used_at = now()"
                " WHERE charge_point = %(charge_point)s AND old_used_at IS NULL",
                charge_point=charge_point,
            )
        return PasswordVerdict.RIGHT

    async def tidy(self) -> None:
        """Delete proposals that no charger took."""
        await self._run(
            "DELETE FROM charger_password_proposals WHERE old_used_at <= now() - %(proves)s::interval",
            proves=OLD_ONE_PROVES,
        )

    async def _run(self, query: LiteralString, **params: object) -> list[tuple[Any, ...]]:
        async with self._database.connection() as connection:
            cursor = await connection.execute(query, params)
            return await cursor.fetchall() if cursor.description else []

    def _opens(self, candidate: _Candidate, forms: list[bytes]) -> bool:
        matches = [hmac.compare_digest(self._keyed(candidate.salt, form), candidate.digest) for form in forms]
        return any(matches)

    def _keyed(self, salt: bytes, password: bytes) -> bytes:
        return hmac.digest(self._secret_key, salt + hashlib.sha256(password).digest(), "sha256")


def _bytes(password: str | bytes) -> bytes:
    return password.encode() if isinstance(password, str) else password


def _forms(given: bytes) -> list[bytes]:
    """The possible meanings of ``given``, always the same number, so that the check takes constant time."""
    text = given.hex().encode()
    forms = [given, text, text.upper()]
    try:
        unhexed = bytes.fromhex(given.decode("ascii"))
    except ValueError:
        return [*forms, given, given, given]
    # Hex digits are valid in either case.
    return [*forms, given.lower(), given.upper(), unhexed]
