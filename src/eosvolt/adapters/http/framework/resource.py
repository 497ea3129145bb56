"""Serves endpoints: parses requests into arguments, and serialises answers and refusals."""

import hashlib
import re
from collections.abc import Iterable
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin
from urllib.parse import unquote_to_bytes

import msgspec
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from eosvolt.adapters.http.framework.auth import SAFE_METHODS, Gate, Identity
from eosvolt.adapters.http.framework.backend import Backend
from eosvolt.adapters.http.framework.body import read_body, read_content
from eosvolt.adapters.http.framework.endpoint import Answer, Endpoint, EndpointCall
from eosvolt.adapters.http.framework.idempotency import once
from eosvolt.adapters.http.framework.metrics import Requests
from eosvolt.adapters.http.framework.plain_text import invisible_characters
from eosvolt.adapters.http.framework.problems import (
    INVALID,
    Finding,
    Problem,
    all_invalid,
    mismatch,
    not_found,
    not_ready,
    respond,
)
from eosvolt.adapters.http.framework.refusals import REFUSALS, problem_of
from eosvolt.adapters.http.framework.validation import refused
from eosvolt.adapters.http.framework.web_sessions import address_of
from eosvolt.application.actor import anybody
from eosvolt.application.permissions import require
from eosvolt.application.questions import ReadModelRebuilding, Unanswerable
from eosvolt.application.throttle import Throttle, network

S = TypeVar("S", bound=Backend)

log = structlog.get_logger(__name__)

_ENCODER = msgspec.json.Encoder()
_SEQUENCES = (tuple, list)
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,20}")


class Resource(Generic[S]):
    """All endpoints of one path.

    An ASGI application; ``{…}`` of the path are still percent-encoded when they arrive.
    """

    def __init__(
        self,
        endpoints: Iterable[Endpoint],
        dependencies: S,
        gate: Gate,
        throttle: Throttle,
        requests: Requests,
        call: type[EndpointCall[S]],
    ) -> None:
        """``throttle`` limits requests per sender; ``call`` is the type of the endpoints' first argument."""
        self._call = call
        self._endpoints = {each.method: (each, each.decoder, _repeatable(each)) for each in endpoints}
        self._allowed = _allowed(self._endpoints)
        self._dependencies = dependencies
        self._gate = gate
        self._throttle = throttle
        self._requests = requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        method = "GET" if request.method == "HEAD" and "HEAD" in self._allowed else request.method
        trace = str(scope.get("state", {}).get("trace", ""))
        with self._requests.watched(request.method, self._name(method)) as outcome:
            try:
                response = await self._answer(request, method, trace)
            except Problem as problem:
                response = respond(problem, trace)
            except REFUSALS as refusal:
                response = respond(problem_of(refusal), trace)
            except Unanswerable as refusal:
                response = respond(Problem(422, str(refusal)), trace)
            except ReadModelRebuilding:
                response = respond(not_ready(), trace)
            except ClientDisconnect:
                return
            except Exception:
                log.exception("request failed", trace=trace, method=request.method, path=request.url.path)
                response = respond(Problem(500, "Something went wrong here. It has been recorded."), trace)
            response.headers.setdefault("cache-control", "no-store")
            outcome.status = response.status_code
        await response(scope, receive, send)

    def _name(self, method: str) -> str:
        known = self._endpoints.get(method)
        return known[0].path if known else next(iter(self._endpoints.values()))[0].path

    async def _admitted(self, request: Request, served: Endpoint) -> Identity:
        """The sender. Raises a 401 ``Problem`` without authentication, 429 beyond the rate limit."""
        identity = await self._gate.identify(request)
        if identity is None and served.everybody:
            identity = Identity(anybody(network(address_of(request))))
        if identity is None:
            raise Problem(
                401,
                "Please sign in or send an API key.",
                headers={"WWW-Authenticate": 'Bearer realm="eosvolt"'},
            )
        if seconds := self._throttle.take(identity.by):
            raise Problem(429, "Too many requests.", headers={"Retry-After": str(int(seconds) + 1)})
        return identity

    async def _answer(self, request: Request, method: str, trace: str) -> Response:
        if method not in self._endpoints:
            raise Problem(
                405, f"{request.method} is not possible here.", headers={"Allow": ", ".join(self._allowed)}
            )
        served, decoder, repeatable = self._endpoints[method]
        identity = await self._admitted(request, served)
        needs = served.needs if served.operation is None else served.operation.needs
        if needs is not None:
            # Before the body is read: whoever lacks the permission learns nothing about it.
            require(identity.actor.grants, needs)
        body = await request.body()
        call = self._call(
            request=request,
            identity=identity,
            dependencies=self._dependencies,
            gate=self._gate,
            now=self._dependencies.clock.now(),
            trace=trace,
            idempotency_key=_idempotency_key(request) if method == "POST" and not served.everybody else "",
            operation=served.operation,
        )
        arguments: dict[str, Any] = dict(_path_parameters(served, request))
        if served.query is not None:
            arguments["query"] = _query(served.query, repeatable, request)
        elif request.query_params:
            raise all_invalid(
                [
                    (f"?{name}", "There is no such parameter here.")
                    for name in dict.fromkeys(request.query_params)
                ]
            )
        if served.body is not None:
            arguments["body"] = await read_body(served, decoder, body, request)
        elif served.takes:
            arguments["content"] = read_content(served, body, request)

        async def answered() -> Response:
            response = _response(served, await served.run(call, **arguments))
            if method not in SAFE_METHODS:
                # The sender's next query must show the change.
                await self._dependencies.queries.settled()
            return response

        if call.idempotency_key:
            asked = (request.url.path.encode(), request.url.query.encode(), body)
            digest = hashlib.sha256(b"\n".join(asked)).hexdigest()
            accounts, key = self._dependencies.accounts, _own_key(identity, call.idempotency_key)
            return await once(accounts, call.company, key, digest, answered, served.secrets)
        return await answered()


def _own_key(identity: Identity, key: str) -> str:
    """The key within a company; who belongs to none has keys of their own."""
    return key if identity.company else f"{identity.by} {key}"


def _allowed(endpoints: dict[str, Any]) -> list[str]:
    allowed = sorted(endpoints)
    if "GET" in endpoints and "application/json" in endpoints["GET"][0].media:
        allowed.append("HEAD")
    return allowed


def _repeatable(served: Endpoint) -> frozenset[str]:
    """The query parameters that may be repeated."""
    if served.query is None:
        return frozenset()
    return frozenset(
        each.encode_name
        for each in msgspec.structs.fields(served.query)
        if get_origin(_bare(each.type)) in _SEQUENCES
    )


def _bare(kind: Any) -> Any:  # noqa: ANN401 - whatever a field is declared as
    """The type without its ``Annotated`` metadata."""
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _path_parameters(served: Endpoint, request: Request) -> Iterable[tuple[str, str]]:
    for name in served.path_parameters:
        try:
            text = unquote_to_bytes(request.path_params[name]).decode()
        except UnicodeDecodeError:
            raise not_found() from None
        if "\0" in text:
            raise not_found()
        yield name, text


def _query(kind: type[msgspec.Struct], repeatable: frozenset[str], request: Request) -> msgspec.Struct:
    """The query parameters. Raises a 422 ``Problem`` with all errors."""
    fields = {each.encode_name: each for each in msgspec.structs.fields(kind)}
    given: dict[str, Any] = {}
    wrong: list[Finding] = []
    for name in dict.fromkeys(request.query_params):
        values = request.query_params.getlist(name)
        if name not in fields:
            wrong.append(Finding(f"?{name}", "There is no such parameter here."))
        elif hidden := next(filter(None, (invisible_characters(value, name) for value in values)), ""):
            wrong.append(Finding(f"?{name}", hidden))
        elif name not in repeatable and len(values) > 1:
            wrong.append(Finding(f"?{name}", "This parameter can be given only once."))
        else:
            wanted = fields[name].type
            given[name] = values if name in repeatable else _typed(values[0], wanted)
            wrong += _unreadable(name, given[name], wanted)
    if wrong:
        raise Problem(422, INVALID, wrong)
    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        raise mismatch(error, "?") from None


def _unreadable(name: str, value: object, wanted: Any) -> list[Finding]:  # noqa: ANN401 - any type that is read
    try:
        msgspec.convert(value, wanted)
    except msgspec.ValidationError as error:
        first = refused(wanted, value, error).findings[0]
        return [Finding(f"?{name}", first.detail)]
    return []


def _typed(value: str, kind: object) -> str | int:
    """The parameter as a JSON value: a whole number if the type is one, else a text."""
    wanted = {kind, *get_args(kind)}
    wanted |= {inner for each in wanted for inner in get_args(each)}
    return int(value) if int in wanted and _WHOLE_NUMBER.fullmatch(value) else value


def _idempotency_key(request: Request) -> str:
    key = request.headers.get("idempotency-key", "")
    if len(key) > 200:
        raise Problem(400, "An Idempotency-Key has at most 200 characters.", [Finding("", "It is too long.")])
    return key


def _response(served: Endpoint, result: object) -> Response:
    if isinstance(result, Response):
        return result
    answer = result if isinstance(result, Answer) else Answer(result)
    if served.answer is None:
        return Response(status_code=served.status, headers=answer.headers)
    return Response(
        _ENCODER.encode(answer.body), served.status, headers=answer.headers, media_type="application/json"
    )
