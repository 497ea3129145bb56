"""Pages of the history, by position: `before` one for older events, `after` one for newer ones."""

from collections.abc import Sequence

from eosvolt.adapters.http.web.shell.command_sentences import commands_to_name
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.timeline import TimelineEntry, timeline
from eosvolt.domain.kernel import Fact


def position(request: PageRequest, name: str) -> int | None:
    """The position of the parameter ``name``, which was checked before; ``None`` without it."""
    text = request.query(name)
    return int(text) if text else None


def beside(request: PageRequest, reached: int, *, ended: bool) -> tuple[str, str]:
    """The addresses of the older and of the newer part, beside the one that ``reached`` a position.

    Empty where there is none. ``ended``: nothing comes behind ``reached``.
    """
    after = position(request, "after")
    if after is not None:
        older = request.link(before=after + 1, after=None)
        return older, "" if ended else request.link(after=reached, before=None)
    before = position(request, "before")
    newer = "" if not before else request.link(after=before - 1, before=None)
    return "" if ended else request.link(before=reached, after=None), newer


async def entries_of(request: PageRequest, facts: Sequence[Fact]) -> list[TimelineEntry]:
    """Each event in words, which name people and commands."""
    asked = commands_to_name(facts)
    commands = await request.queries.asked_commands(request.number, asked) if asked else {}
    zone = request.locations.zone()
    return [entry for fact in facts for entry in timeline([fact], zone, request.people, commands)]
