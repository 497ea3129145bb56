"""One endpoint of the API: a plain async function whose types define its input and output.

``@endpoint("PATCH", "/locations/{location}")`` turns ``async def change(call: Call, location: str, body:
LocationChange) -> Answer[LocationView]`` into something that can be served and described. Parameters named
in the path come from the path, ``query`` is a struct of query parameters, ``body`` is the JSON body or
``content`` a body of another media type, in bytes; the docstring is the documentation.
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar, cast, get_args, get_origin, get_type_hints
from uuid import UUID, uuid4, uuid5

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from eosvolt.adapters.http.framework.accounts import Accounts
from eosvolt.adapters.http.framework.as_of import clamped_as_of
from eosvolt.adapters.http.framework.auth import Gate, Identity
from eosvolt.adapters.http.framework.backend import Backend, ReadModels
from eosvolt.adapters.http.framework.one_operation import Named, check_named
from eosvolt.application.actor import Actor
from eosvolt.application.failed_jobs import INSTALLATION
from eosvolt.application.operations.operation import A, I, Operation
from eosvolt.application.permissions import Forbidden, Need

T = TypeVar("T")
S = TypeVar("S", bound=Backend)
Before = Callable[[Mapping[str, Any]], dict[str, Any]]

_NEW_THINGS = UUID("3f0c9b1e-95cf-5d0e-8f0a-6564706f696e")


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """The body of an endpoint's response with headers such as ``ETag``, ``Location`` or ``Link``."""

    body: T
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EndpointCall(Generic[S]):
    """One request to an endpoint: its sender, and the dependencies of the endpoint."""

    request: Request
    identity: Identity
    dependencies: S
    gate: Gate
    now: datetime
    trace: str
    idempotency_key: str = ""
    operation: Named = None

    @property
    def company(self) -> int:
        """The sender's company."""
        return self.identity.company

    @property
    def within(self) -> frozenset[str] | None:
        """The locations that the sender may see; ``None`` for all."""
        return self.identity.actor.grants.locations

    @property
    def queries(self) -> ReadModels:
        """The read models, restricted to what the sender may see."""
        return self.dependencies.queries.narrowed(self.within)

    @property
    def accounts(self) -> Accounts:
        """Accounts and charger passwords."""
        return self.dependencies.accounts

    async def run(self, operation: Operation[I, A], wanted: I) -> A:
        """Run the endpoint's operation and wait until the read models show it. Raises its refusals."""
        return await self._run(operation, self.identity.actor, wanted)

    async def run_at(self, company: int, operation: Operation[I, A], wanted: I) -> A:
        """Like ``run``, at ``company``, for who belongs to none: platform staff and drivers.

        Raises ``Forbidden`` for everybody else, whatever the operation needs.
        """
        if self.company != INSTALLATION:
            raise Forbidden("This is for platform staff and drivers.")
        return await self._run(
            operation, msgspec.structs.replace(self.identity.actor, company=company), wanted
        )

    async def _run(self, operation: Operation[I, A], actor: Actor, wanted: I) -> A:
        check_named(self.operation, operation)
        answer = await self.dependencies.operations.run(operation, actor, wanted, f"request:{self.trace}")
        await self.queries.settled()
        return answer

    def as_of(self, as_of: datetime | None) -> datetime | None:
        """The instant that the response is about, never later than now; ``None`` for the present."""
        return None if as_of is None else clamped_as_of(as_of, self.now)

    def new_id(self) -> str:
        """The id of the object that this request creates; the same for a repetition with its key."""
        if self.idempotency_key:
            # Keys are unique for a company; who belongs to none has keys of their own.
            whose = self.company or self.identity.by
            return str(uuid5(_NEW_THINGS, f"{whose} {self.request.url.path} {self.idempotency_key}"))
        return str(uuid4())


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The description of an endpoint's function.

    ``answer`` is ``None`` without a body or for other media types than JSON (see ``media``). ``before`` is
    applied to the JSON object before it is parsed as ``body``; ``secrets`` are response fields that are not
    stored. ``needs`` is the permission to read; a change is one ``operation`` and has its permission.
    ``takes`` are the media types of a body that is no JSON; the function takes it as ``content``.
    ``everybody`` may call it, also whoever is not signed in.
    """

    method: str
    path: str
    name: str
    run: Callable[..., Awaitable[Any]]
    summary: str
    description: str
    tag: str
    status: int
    path_parameters: tuple[str, ...]
    query: type[msgspec.Struct] | None
    body: Any
    answer: Any
    media: tuple[str, ...]
    refusals: tuple[int, ...]
    before: Before | None = None
    secrets: tuple[str, ...] = ()
    needs: Need | None = None
    operation: Named = None
    takes: tuple[str, ...] = ()
    everybody: bool = False

    @property
    def decoder(self) -> msgspec.json.Decoder[Any]:
        """Reads the body strictly."""
        return msgspec.json.Decoder(self.body)


def endpoint(
    method: str,
    path: str,
    *,
    status: int = 200,
    media: Sequence[str] = ("application/json",),
    refusals: Sequence[int] = (),
    before: Before | None = None,
    secrets: Sequence[str] = (),
    needs: Need | None = None,
    operation: Named = None,
    takes: Sequence[str] = (),
    everybody: bool = False,
) -> Callable[[Callable[..., Awaitable[Any]]], Endpoint]:
    """Describe a function.

    ``refusals`` are its error statuses besides those of every endpoint; ``before`` may rename fields of the
    body first. ``secrets`` are response fields that are shown once, and left out of the answer to a repeated
    request. ``needs`` is the permission to read, ``operation`` is the operation of a change. ``takes`` are
    the media types of a body that is no JSON, which the function takes as ``content``, in bytes.
    ``everybody`` may call it, also whoever is not signed in.
    """

    def described(function: Callable[..., Awaitable[Any]]) -> Endpoint:
        hints = get_type_hints(function, include_extras=True)
        returns = hints.pop("return")
        if get_origin(returns) is Answer:
            (returns,) = get_args(returns)
        raw = inspect.isclass(returns) and issubclass(returns, Response)
        names = [
            name
            for name in inspect.signature(function).parameters
            if name not in ("call", "query", "body", "content")
        ]
        unknown = [name for name in names if f"{{{name}}}" not in path]
        if unknown:
            raise TypeError(f"{function.__name__} takes {unknown}, which {path} does not give")
        summary, _, rest = inspect.cleandoc(function.__doc__ or "").partition("\n")
        return Endpoint(
            method=method,
            path=path,
            name=function.__name__,
            run=function,
            summary=summary,
            description=" ".join(rest.split()),
            tag=path.split("/")[1],
            status=status,
            path_parameters=tuple(names),
            query=cast("type[msgspec.Struct] | None", hints.get("query")),
            body=hints.get("body"),
            answer=None if raw or returns is type(None) else returns,
            media=tuple(media),
            refusals=tuple(refusals),
            before=before,
            secrets=tuple(secrets),
            needs=needs,
            operation=operation,
            takes=tuple(takes),
            everybody=everybody,
        )

    return described
