"""Changing what others may be changing too: ``ETag`` says which version was read, ``If-Match`` guards it."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec

from eosvolt.adapters.http.endpoint import Call
from eosvolt.adapters.http.problems import Problem, not_found
from eosvolt.adapters.http.validation import refused
from eosvolt.application.executor import Plan
from eosvolt.domain.kernel import Command, Decider, Order

R = TypeVar("R")
T = TypeVar("T")
ATTEMPTS = 5

_VERSION = re.compile(r"[1-9][0-9]{0,17}")


def etag(version: int) -> str:
    """The tag of a version."""
    return f'"{version}"'


def versioned(version: int) -> dict[str, str]:
    """The headers that go with something of this version."""
    return {"ETag": etag(version)}


def seen(call: Call) -> frozenset[int] | None:
    """The versions that the request's ``If-Match`` allows to be changed; ``None`` for whichever is there."""
    given = call.request.headers.get("if-match")
    if given is None or given.strip() == "*":
        return None
    tags = (tag.strip().removeprefix("W/").strip('"') for tag in given.split(","))
    return frozenset(int(tag) for tag in tags if _VERSION.fullmatch(tag))


def matches(call: Call, version: int) -> bool:
    """Whether the request's ``If-Match``, if it has one, allows a change of this version."""
    given = call.request.headers.get("if-match")
    if given is None or given.strip() == "*":
        return True
    return etag(version) in (tag.strip().removeprefix("W/") for tag in given.split(","))


async def change(
    call: Call,
    decider: Decider[Any, Any, Any],
    key: str,
    read: Callable[[], Any],
    version: Callable[[R], int],
    commands: Callable[[R], list[Command]],
) -> None:
    """Carry out the ``commands`` that follow from what is there. Otherwise like ``change_with``."""

    async def carry_out(row: R, known: Any) -> bool:  # noqa: ANN401 - the state of whatever is changed
        orders = [Order(decider, key, command) for command in commands(row)]

        async def plan() -> Plan[bool]:
            same = await call.application.state(decider, key) == known
            return Plan(orders if same else (), same)

        return await call.application.perform(plan, call.why)

    await change_with(call, decider, key, read, version, carry_out)


async def change_with(
    call: Call,
    decider: Decider[Any, Any, Any],
    key: str,
    read: Callable[[], Any],
    version: Callable[[R], int],
    carry_out: Callable[[R, Any], Awaitable[bool]],
) -> None:
    """Let ``carry_out`` change what is there, unless ``If-Match`` names another version.

    ``read`` asks for the row, ``version`` tells its version; ``carry_out`` gets the row and the aggregate's
    state, and answers whether that state was still the present one. Raises a ``Problem``: 404 where there is
    no row, 412 for a stale ``If-Match``, also when somebody else's change comes between reading and storing.
    Without ``If-Match`` it is read and tried again: a charger changes by itself all the time.
    """
    guarded = call.request.headers.get("if-match") is not None
    for _ in range(1 if guarded else ATTEMPTS):
        known = await call.application.state(decider, key)
        # What is known of the aggregate is at least as new as what the row is read from, so that no change
        # can hide.
        await call.queries.settled()
        row: R | None = await read()
        if row is None:
            raise not_found()
        if not matches(call, version(row)):
            raise _stale()
        if await carry_out(row, known):
            return
    raise _stale()


def patched(kind: type[T], before: msgspec.Struct, patch: msgspec.Struct) -> T:
    """What is there after a JSON merge patch (RFC 7396): what is left out stays, ``null`` goes.

    Objects are merged, lists are replaced. Raises a 422 ``Problem`` where that is no ``kind``.
    """
    document = _merged(msgspec.to_builtins(before), msgspec.to_builtins(patch))
    try:
        return msgspec.convert(document, kind)
    except msgspec.ValidationError as error:
        raise refused(kind, document, error) from None


def _merged(target: object, patch: object) -> object:
    if not isinstance(patch, dict):
        return patch
    after = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            after.pop(name, None)
        else:
            after[name] = _merged(after.get(name), value)
    return after


def _stale() -> Problem:
    return Problem(412, "Somebody else changed this in the meantime: read it again.")
