"""Lists as files for people and programs: the values of a table, and the port that writes them.

A cell is text, a number, a local time (a ``datetime`` without zone), an instant (with one) or nothing.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from decimal import Decimal
from typing import Generic, Literal, NamedTuple, Protocol, TypeVar

R = TypeVar("R")

FileKind = Literal["csv", "xlsx"]
Cell = str | int | Decimal | datetime | None


class TableFormat(NamedTuple):
    """The format of a file. ``decimal_comma``: a CSV file has ``;`` between cells and ``,`` in numbers."""

    kind: FileKind = "csv"
    decimal_comma: bool = False


class Table(NamedTuple, Generic[R]):
    """A table: its title, when it was made, the names of its columns, and the cells of one item.

    ``cells`` is called in a thread. Each row has as many cells as there are ``columns``.
    """

    title: str
    made_at: datetime
    columns: Sequence[str]
    cells: Callable[[R], Sequence[Cell]]


class TooManyExports(Exception):  # noqa: N818 - an answer to whoever asked
    """As many files are being written as may be at once."""


class TableFiles(Protocol):
    """Writes tables to files, in constant memory and without holding up anything else."""

    def place(self, company: int) -> AbstractContextManager[None]:
        """A place among the files that are written at once. Raises ``TooManyExports`` when entered."""
        ...

    def written(
        self, table: Table[R], batches: AsyncIterator[Sequence[R]], wanted: TableFormat
    ) -> AsyncGenerator[bytes, None]:
        """The bytes of the file, with one row for each item of ``batches``; to be closed."""
        ...
