"""The commands of the registered reactions to the events of one command."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from eosvolt.domain.kernel import Command, CommandEnvelope, Decider, Event
from eosvolt.domain.reactions.reaction import ReactionContext
from eosvolt.domain.reactions.registry import REACTIONS
from tests.examples import MORNING


def follows(
    event: type[Event],
    decider: Decider[Any, Any, Any],
    key: str,
    given: Sequence[Event],
    command: Command,
    now: datetime = MORNING,
    others: Mapping[str, Any] = {},
) -> list[CommandEnvelope]:
    """The commands that follow from each ``event`` to which ``command`` leads after the events ``given``.

    ``others`` are the streams that there are beside the command's own; all others are as they are at first.
    """
    before = decider.fold(given)
    events = decider.decide(command, before)
    assert event in map(type, events), f"{command} does not lead to {event}"
    context = ReactionContext(key, command, before, decider.fold(events, before), now)
    found: list[CommandEnvelope] = []
    for each in events:
        for reaction in REACTIONS[event] if isinstance(each, event) else ():
            needed: dict[str, Any] = {}
            knowing = context._replace(others=needed)
            for other, name in reaction.needs(each, knowing):
                stream = other.stream(name)
                needed[stream] = others.get(stream, other.initial)
            found += reaction.envelopes(each, knowing)
    return found


def said(envelopes: list[CommandEnvelope]) -> list[tuple[str, type]]:
    """The faults that the orders are about, and what becomes of them."""
    return [(envelope.key.rpartition("/")[2], type(envelope.command)) for envelope in envelopes]
