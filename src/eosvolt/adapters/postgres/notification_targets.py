"""The targets of notification rules, and the secrets that sign webhooks.

E-mail addresses and webhook URLs, which may contain secrets, are stored beside the history. A signing secret
is not stored: it is derived from the server's key and a salt, see decision 0077.
"""

import base64
import hmac
import secrets
from typing import LiteralString, Self

from eosvolt.adapters.postgres.alongside import Statement, Statements
from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.application.notification_messages import Target

_PUT: LiteralString = (
    "INSERT INTO notification_targets (rule, company, addresses, url, salt) VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT (rule) DO UPDATE SET addresses = excluded.addresses, url = excluded.url"
)
_RENEW: LiteralString = "UPDATE notification_targets SET salt = %s WHERE rule = %s"
_FORGET: LiteralString = "DELETE FROM notification_targets WHERE rule = %s"


class PostgresTargets:
    """One target for each rule. Use it as an async context manager."""

    def __init__(self, dsn: str, secret_key: bytes) -> None:
        """``secret_key`` is the server's and is not stored in the database."""
        self._database = ReadPool(dsn, "notification targets", size=2)
        self._secret_key = secret_key

    async def __aenter__(self) -> Self:
        """Start filling the pool; does not wait for the database."""
        await self._database.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self._database.close()

    def goes_to(self, rule: str, company: int, addresses: tuple[str, ...], url: str) -> Statements:
        """The statements that set a rule's target; an existing signing secret stays."""
        return Statements(Statement(_PUT, (rule, company, list(addresses), url, secrets.token_bytes(16))))

    async def target(self, rule: str) -> Target | None:
        """The target of a rule; ``None`` if none is set or it was removed."""
        rows = await self._database.run(
            "SELECT addresses, url, salt FROM notification_targets WHERE rule = %s", rule
        )
        if not rows:
            return None
        addresses, url, salt = rows[0]
        return Target(tuple(addresses), url, self._secret(rule, salt))

    def with_another_secret(self, rule: str) -> Statements:
        """The statements that replace a rule's signing secret."""
        return Statements(Statement(_RENEW, (secrets.token_bytes(16), rule)))

    def forgotten(self, rule: str) -> Statements:
        """The statements that delete a rule's target."""
        return Statements(Statement(_FORGET, (rule,)))

    def _secret(self, rule: str, salt: bytes) -> str:
        derived = hmac.digest(self._secret_key, b"webhook signature" + salt + rule.encode(), "sha256")
        return "whsec_" + base64.b64encode(derived).decode()
