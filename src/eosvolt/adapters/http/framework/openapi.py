"""The OpenAPI 3.1 document, made from the endpoints' own types."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from eosvolt.adapters.http.framework.endpoint import Endpoint
from eosvolt.adapters.http.framework.openapi_examples import example
from eosvolt.adapters.http.framework.problems import MEDIA_TYPE, ProblemView
from eosvolt.application.permissions import DriverRight

_REF = "#/components/schemas/{name}"
_WORDS = {
    400: "The request is malformed.",
    401: "Nobody is signed in and no valid API key was sent.",
    403: "The permission for it is missing, or the change does not come from the system's own pages.",
    404: "There is no such thing, or it belongs to another company.",
    405: "The method is not possible here; `Allow` says which are.",
    409: "The state of things does not allow it; `detail` is the reason.",
    410: "It was there and is not kept any more.",
    412: "`If-Match` does not name the present version.",
    413: "The body is too large.",
    415: "The body is of none of the media types that are listed.",
    422: "Values are invalid; `errors` says which.",
    429: "Too many requests; `Retry-After` says when to come back.",
    503: "What was stored cannot be shown yet; `Retry-After` says when to come back.",
}
_ABOUT = (
    "Everything that the pages can do, for programs. Amounts are decimal text, energy is in Wh, power in W, "
    "instants are RFC 3339 in UTC and dates are the location's local ones. Errors are RFC 9457 problem "
    "documents. Lists are cut into pages: follow `Link: rel=next`. A POST with an `Idempotency-Key` can be "
    "sent again without doing it twice. "
    "`asOf` asks what was known at an earlier instant."
)


def document(endpoints: Sequence[Endpoint], server: str) -> dict[str, Any]:
    """Describe all endpoints; ``server`` is the path that they are found under."""
    kinds: list[Any] = [ProblemView]
    for each in endpoints:
        kinds += [kind for kind in (each.query, each.body, each.answer) if kind is not None]
    schemas, components = msgspec.json.schema_components(kinds, ref_template=_REF)
    by_kind = dict(zip(map(_key, kinds), schemas, strict=True))
    parameters = {
        _key(each.query): list(_query_parameters(components, each.query)) for each in endpoints if each.query
    }
    for each in endpoints:
        if each.query:
            components.pop(each.query.__name__, None)
    contents = {
        _key(kind): {"schema": by_kind[_key(kind)], "example": example(by_kind[_key(kind)], components)}
        for each in endpoints
        for kind in (each.body, each.answer)
        if kind is not None
    }
    paths: dict[str, dict[str, Any]] = {}
    for each in endpoints:
        operation = _operation(each, contents, parameters)
        paths.setdefault(each.path, {})[each.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "eosvolt", "version": "1", "description": _ABOUT},
        "servers": [{"url": server}],
        "security": [{"apiKey": []}, {"session": []}],
        "tags": [{"name": name} for name in dict.fromkeys(each.tag for each in endpoints)],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "apiKey": {"type": "http", "scheme": "bearer", "description": "An API key of the company."},
                "driver": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The token of a driver, from `POST /driver/sign-in/confirm`.",
                },
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "eosvolt",
                    "description": "The session cookie of a user who signed in on the pages.",
                },
            },
        },
    }


def _key(kind: object) -> str:
    return repr(kind)


def _operation(each: Endpoint, contents: dict[str, Any], parameters: dict[str, list[Any]]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": each.name,
        "summary": each.summary.rstrip("."),
        "tags": [each.tag],
        "parameters": [
            *(
                {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
                for name in each.path_parameters
            ),
            *(parameters[_key(each.query)] if each.query else ()),
            *_headers(each),
        ],
        "responses": {
            str(each.status): _success(each, contents),
            **{str(status): _refusal(status) for status in _refusals(each)},
        },
    }
    if each.everybody:
        described["security"] = []
    elif DriverRight.CHARGE in (each.needs, each.operation and each.operation.needs):
        described["security"] = [{"driver": []}]
    if each.description:
        described["description"] = each.description
    if each.body is not None:
        described["requestBody"] = {
            "required": True,
            "content": {media: contents[_key(each.body)] for media in _media(each)},
        }
    elif each.takes:
        # OpenAPI 3.1 §4.8.14.2: the schema of a binary body is empty.
        described["requestBody"] = {"required": True, "content": {media: {} for media in each.takes}}
    return described


def _media(each: Endpoint) -> tuple[str, ...]:
    """A change is a JSON merge patch, which plain JSON may be called as well."""
    patch = ("application/merge-patch+json",) if each.method == "PATCH" else ()
    return (*patch, "application/json")


def _success(each: Endpoint, contents: dict[str, Any]) -> dict[str, Any]:
    if each.answer is not None:
        content = {"application/json": contents[_key(each.answer)]}
        return {"description": "Done." if each.status != 200 else "The answer.", "content": content}
    if each.media == ("application/json",):
        return {"description": "Done."}
    return {
        "description": "The answer.",
        "content": {media: {"schema": {"type": "string"}} for media in each.media},
    }


def _refusals(each: Endpoint) -> Iterable[int]:
    found = {401, 422, 429, 503, *each.refusals}
    if each.path_parameters:
        found.add(404)
    if each.method not in ("GET", "HEAD") or each.needs is not None:
        found.add(403)
    if each.body is not None:
        found |= {400, 413, 415}
    if each.takes:
        found |= {413, 415}
    if each.method == "POST":
        found |= {400, 409}
    return sorted(found)


def _refusal(status: int) -> dict[str, Any]:
    schema = {"$ref": _REF.format(name="ProblemView")}
    return {"description": _WORDS[status], "content": {MEDIA_TYPE: {"schema": schema}}}


def _headers(each: Endpoint) -> Iterable[dict[str, Any]]:
    if each.method == "POST":
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "Makes it safe to send the request again within 24 hours.",
            "schema": {"type": "string", "maxLength": 200},
        }
    if 412 in each.refusals:
        yield {
            "name": "If-Match",
            "in": "header",
            "description": "The `ETag` of the version that is to be changed.",
            "schema": {"type": "string"},
        }


def _query_parameters(components: dict[str, Any], kind: type[msgspec.Struct]) -> Iterable[dict[str, Any]]:
    schema = components[kind.__name__]
    for name, described in schema.get("properties", {}).items():
        inner = dict(described)
        text = inner.pop("description", "")
        # An absent parameter is left out, never sent as null.
        choices = [choice for choice in inner.get("anyOf", ()) if choice != {"type": "null"}]
        if choices and len(choices) < len(inner["anyOf"]):
            inner = dict(choices[0]) if len(choices) == 1 else {"anyOf": choices}
            text = text or inner.pop("description", "")
        parameter = {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "schema": inner,
        }
        yield {**parameter, "description": text} if text else parameter
