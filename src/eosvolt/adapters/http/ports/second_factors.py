"""The port to second factors of one's own account."""

from datetime import datetime
from typing import Protocol

from eosvolt.adapters.http.framework.second_steps import StepFactors


class SecondFactors(StepFactors, Protocol):
    """The second factors of accounts."""

    async def begin_app(self, account: str) -> None:
        """Make a shared secret, which counts once a code of it was typed. Raises ``Rejected``."""
        ...

    async def begun_app(self, account: str) -> str | None:
        """The shared secret (base32) that is not confirmed yet; ``None`` if there is none."""
        ...

    async def confirm_app(self, account: str, code: str, now: datetime) -> tuple[str, ...]:
        """Let the app count, by one of its codes.

        Returns new recovery codes if there were none. Raises ``Rejected`` for a wrong code.
        """
        ...

    async def remove_app(self, account: str) -> None:
        """Remove the app; with the last factor recovery codes end as well."""
        ...

    async def new_codes(self, account: str) -> tuple[str, ...]:
        """Recovery codes in place of the earlier ones. Raises ``Rejected`` without a second factor."""
        ...
