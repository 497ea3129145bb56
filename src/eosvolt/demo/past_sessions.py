"""The sessions of a past that was lived, as the list of sessions would show them."""

from collections.abc import Callable, Iterable

from eosvolt.domain.kernel import Fact
from eosvolt.domain.sessions.events import SessionStarted
from eosvolt.projections.session_history import session_history
from eosvolt.projections.session_row import SessionRow


def session_rows(facts: Iterable[Fact], wanted: Callable[[SessionStarted], bool]) -> list[SessionRow]:
    """The sessions of ``facts``, in the order of time, whose start is ``wanted``."""
    rows: dict[str, SessionRow] = {}
    for fact in facts:
        begins = isinstance(fact.event, SessionStarted) and wanted(fact.event)
        if begins or (fact.stream.startswith("session:") and fact.key in rows):
            row = session_history.apply(rows.get(fact.key), fact, fact.key)
            if row is not None:
                rows[fact.key] = row
    return list(rows.values())
