"""What one wants to know about commands to chargers, and who answers it.

Everything takes the company first; an answer never contains anything of another one.
"""

from collections.abc import Collection, Mapping
from typing import Protocol

from eosvolt.application.commands.questions import AskedCommand, BatchOutcome, CommandFilter
from eosvolt.application.questions import Page
from eosvolt.projections.charger_commands import CommandRow


class CommandQueries(Protocol):
    """Questions to the read model of commands."""

    async def commands_page(
        self, company: int, wanted: CommandFilter, *, cursor: str | None = None, limit: int = 50
    ) -> Page[CommandRow]:
        """The commands that are wanted, the newest first. Raises ``Unanswerable`` for a foreign cursor."""
        ...

    async def asked_commands(self, company: int, commands: Collection[str]) -> Mapping[str, AskedCommand]:
        """What was asked by each of these commands, by its id; unknown ones are left out."""
        ...

    async def batch_outcome(self, company: int, batch: str) -> BatchOutcome | None:
        """How far the commands of a batch have come; ``None`` where there is none of that name."""
        ...

    async def batches(
        self, company: int, *, cursor: str | None = None, limit: int = 50
    ) -> Page[BatchOutcome]:
        """How far each batch has come, the newest first. Raises ``Unanswerable`` for a foreign cursor."""
        ...
