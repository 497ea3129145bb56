"""What the web needs to know of tokens, and who answers it.

Everything takes the company first; an answer never contains anything of another one.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eosvolt.application.questions import Page
from eosvolt.projections.tokens import TokenRow


class TokenQueries(Protocol):
    """Questions about the tokens with which customers charge."""

    async def tokens(
        self,
        company: int,
        *,
        search: str = "",
        status: str = "",
        at: datetime | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[TokenRow]:
        """A page of tokens by uid. ``search`` is a part of uid, label or group; ``status`` at ``at``."""
        ...

    async def token_groups(self, company: int, *, search: str = "", limit: int = 50) -> Sequence[str]:
        """The groups of the company's tokens that contain ``search``, by name."""
        ...

    async def tokens_named(self, company: int, uids: Sequence[str]) -> Sequence[TokenRow]:
        """The tokens of these uids that the company knows, by uid."""
        ...

    async def token(self, company: int, uid: str) -> TokenRow | None:
        """One token; ``uid`` in any case."""
        ...
