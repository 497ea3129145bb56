"""A projection is a keyed fold: which rows a fact touches, and what each of them is afterwards.

Read models are disposable. To change one, change its fold, raise its version and rebuild it; nobody patches a
row. The fields of the row are the columns of its table, the first one is the key. Rows hold only values that
follow from facts: the same history gives the same rows in batches of any size.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from eosvolt.domain.kernel import Fact


class Row(msgspec.Struct, frozen=True, gc=False):
    """Base of all rows. The first field of a row is its key, a ``str``."""


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class ReadModel(Generic[R]):
    """One read model.

    ``reads`` names the event tags it listens to (others are never shown to it); ``indexes`` are column lists
    in SQL, e.g. ``"company, started_at DESC"``.

    ``apply`` makes each row of a fact by itself. Where rows of a fact depend on each other, or a fact makes
    rows whose keys only follow from what was there before, ``together`` is asked instead: it gets all rows of
    the fact's keys and returns those that it changes, and further ones under keys that no fact names. A
    further row is written whole, whatever was there.
    """

    name: str
    version: int
    row: type[R]
    reads: frozenset[str]
    keys: Callable[[Fact], Iterable[str]]
    apply: Callable[[R | None, Fact, str], R | None]
    indexes: tuple[str, ...] = ()
    together: Callable[[Mapping[str, R | None], Fact], Mapping[str, R | None]] | None = None
