"""An operation: one function from an input and an actor to one plan and one answer.

``@operation(needs)`` declares the permission of the function. ``Operations.run`` is the only entry: it checks
the permission, then the executor carries out the plan, all or nothing.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar, cast

import msgspec

from eosvolt.application.actor import Actor
from eosvolt.application.executor import Application, Plan
from eosvolt.application.operations.ports import Ports
from eosvolt.application.permissions import Forbidden, Grants, Need, NotThere, allows, require, require_at
from eosvolt.application.ports import Clock
from eosvolt.domain.kernel import Decider, Event, Fact, Rejected

A = TypeVar("A")
S = TypeVar("S")

# The versions of an object that the caller has seen; ``None`` if it named none.
Seen = frozenset[int] | None


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """The base of operations' inputs: parsed values in the domain's types."""


I = TypeVar("I", bound=Input)  # noqa: E741 - the input, as A is the answer


class AlreadyThere(Rejected):
    """The object to add exists already."""


class InvalidValue(Exception):  # noqa: N818 - an answer to whoever asked, not a failure
    """An input value is invalid; ``field`` names it, empty for the whole input. The text says why."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class ChangedMeanwhile(Exception):  # noqa: N818 - an answer to whoever asked, not a failure
    """Another actor changed the object after the caller read it.

    ``before`` is what the caller read (``None`` if unknown) and ``now`` the present state, both in the
    operation's own terms. ``version`` is the present version; ``by`` names the actors who changed it since.
    """

    def __init__(self, before: Any, now: Any, version: int, by: Sequence[str]) -> None:  # noqa: ANN401 - any terms
        super().__init__("Somebody else changed this in the meantime: read it again.")
        self.before = before
        self.now = now
        self.version = version
        self.by = tuple(by)


@dataclass(frozen=True, slots=True)
class OperationContext:
    """The context of an operation: actor, time, and the state of the company's aggregates."""

    application: Application
    actor: Actor
    at: datetime
    ports: Ports

    @property
    def company(self) -> int:
        """The actor's company."""
        return self.actor.company

    async def state(self, decider: Decider[Any, S, Any], key: str) -> S:
        """The present state of an aggregate. Raises ``NotThere`` for one of another company."""
        known = await self.application.known(decider, key)
        if known.company not in {0, self.company}:
            raise NotThere
        return cast("S", known.state)

    async def check_seen(
        self,
        decider: Decider[Any, S, Any],
        key: str,
        seen: Seen,
        editions: Callable[[Event], bool],
        terms: Callable[[S], object],
    ) -> None:
        """Raise ``ChangedMeanwhile`` if the caller saw another version than the present one.

        The version is that of the last event for which ``editions`` is true; ``terms`` maps a state to values
        that the caller can compare.
        """
        if seen is None:
            return
        facts = await self.application.history(decider, key)
        edits = [fact for fact in facts if editions(fact.event)]
        version = edits[-1].version if edits else 0
        if version in seen:
            return
        known = max((each for each in seen if 0 < each < version), default=0)
        raise _changed(decider, facts, edits, known, version, terms)

    async def check_unedited(
        self,
        decider: Decider[Any, S, Any],
        key: str,
        since: int | None,
        editions: Callable[[Event], bool],
        terms: Callable[[S], object],
    ) -> None:
        """Raise ``ChangedMeanwhile`` if an event for which ``editions`` is true came after version ``since``.

        For forms about objects that also change by themselves: only decisions of users count.
        """
        if since is None or (await self.application.known(decider, key)).version <= since:
            return
        facts = await self.application.history(decider, key)
        edits = [fact for fact in facts if editions(fact.event)]
        if any(fact.version > since for fact in edits):
            raise _changed(decider, facts, edits, since, len(facts), terms)


def _changed(
    decider: Decider[Any, S, Any],
    facts: Sequence[Fact],
    edits: Sequence[Fact],
    known: int,
    version: int,
    terms: Callable[[S], object],
) -> ChangedMeanwhile:
    """The error for a caller that saw version ``known`` (0: unknown) before the changes ``edits``."""
    before = decider.fold([fact.event for fact in facts[:known]]) if known else None
    return ChangedMeanwhile(
        None if before is None else terms(before),
        terms(decider.fold([fact.event for fact in facts])),
        version,
        list(dict.fromkeys(fact.why.by for fact in edits if fact.version > known)),
    )


@dataclass(frozen=True, slots=True)
class Operation(Generic[I, A]):
    """One operation.

    ``needs`` is its permission. ``locations`` returns the locations that it concerns; ``None`` for operations
    on the company, which grants for some locations do not restrict. ``everywhere`` is not empty for those
    that take grants for all locations: it is what everybody else is told.
    """

    name: str
    needs: Need
    plan: Callable[[OperationContext, I], Awaitable[Plan[A]]]
    locations: Callable[[OperationContext, Any], Awaitable[Collection[str]]] | None = None
    everywhere: str = ""

    def permitted(self, grants: Grants) -> bool:
        """Whether the grants are enough for it somewhere: for what pages offer."""
        return allows(grants, self.needs) and not (self.everywhere and grants.locations is not None)

    def require(self, grants: Grants) -> None:
        """Raise ``Forbidden`` if it is not ``permitted``."""
        require(grants, self.needs)
        if not self.permitted(grants):
            raise Forbidden(self.everywhere)


def operation(
    needs: Need,
) -> Callable[[Callable[[OperationContext, I], Awaitable[Plan[A]]]], Operation[I, A]]:
    """Make an operation of a planning function, which must only read because it may be called again."""

    def named(plan: Callable[[OperationContext, I], Awaitable[Plan[A]]]) -> Operation[I, A]:
        return Operation(_name_of(plan), needs, plan)

    return named


def operation_at(
    needs: Need, locations: Callable[[OperationContext, Any], Awaitable[Collection[str]]]
) -> Callable[[Callable[[OperationContext, I], Awaitable[Plan[A]]]], Operation[I, A]]:
    """Like ``operation``, for an operation at ``locations``."""

    def named(plan: Callable[[OperationContext, I], Awaitable[Plan[A]]]) -> Operation[I, A]:
        return Operation(_name_of(plan), needs, plan, locations)

    return named


def operation_everywhere(
    needs: Need, refusal: str
) -> Callable[[Callable[[OperationContext, I], Awaitable[Plan[A]]]], Operation[I, A]]:
    """Like ``operation``, for one that takes grants for all locations; others are told the ``refusal``."""

    def named(plan: Callable[[OperationContext, I], Awaitable[Plan[A]]]) -> Operation[I, A]:
        return Operation(_name_of(plan), needs, plan, everywhere=refusal)

    return named


def _name_of(plan: Callable[..., Any]) -> str:
    return f"{plan.__module__.rpartition('.')[2]}.{plan.__name__}"


class Operations:
    """Runs operations."""

    def __init__(self, application: Application, clock: Clock, ports: Ports) -> None:
        """``application`` carries out plans, ``clock`` gives the time; ``ports`` are other dependencies."""
        self._application = application
        self._clock = clock
        self._ports = ports

    async def run(self, operation: Operation[I, A], actor: Actor, wanted: I, cause: str = "") -> A:
        """Run an operation and return its answer once it is durable; ``cause`` names the causing request.

        Raises ``Forbidden``, ``NotThere``, ``ChangedMeanwhile`` or ``Rejected``; nothing is stored then.
        """
        operation.require(actor.grants)
        context = OperationContext(self._application, actor, self._clock.now(), self._ports)

        async def plan() -> Plan[A]:
            if operation.locations is not None and actor.grants.locations is not None:
                require_at(actor.grants, await operation.locations(context, wanted))
            return await operation.plan(context, wanted)

        return await self._application.perform(plan, actor.provenance(cause))
