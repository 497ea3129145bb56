"""The API for people: every operation with its parameters, answers and examples, and a search over them."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.plain_text import plain
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.api_reference.view_models import ApiReferencePage, DocumentedOperation
from eosvolt.adapters.http.web.shell.rendering import rendered
from eosvolt.adapters.http.web.shell.view_model import variables
from eosvolt.application.permissions import NOTHING

_LONGEST_SEARCH = 200


def api_reference(
    dependencies: Dependencies, gate: Gate
) -> Callable[[dict[str, Any]], Callable[[Request], Awaitable[Response]]]:
    """What makes the page out of the OpenAPI document."""

    def made(described: dict[str, Any]) -> Callable[[Request], Awaitable[Response]]:
        operations = list(_operations(described, dependencies.public_url.rstrip("/")))
        schemas = [
            (name, _json(schema)) for name, schema in sorted(described["components"]["schemas"].items())
        ]
        about = _text(described["info"]["description"])

        async def page(request: Request) -> Response:
            wanted = plain(request.query_params.get("q", ""))[:_LONGEST_SEARCH]
            found = [each for each in operations if _matches(each.text, wanted)]
            account = await gate.signed_in(request)
            model = ApiReferencePage(
                signed_in=account is not None,
                grants=NOTHING if account is None else account.grants,
                q=wanted,
                about=about,
                groups=_grouped(found),
                count=len(found),
                schemas=[] if wanted else schemas,
            )
            html = await rendered("api_reference/page.html", variables(model, "api_reference/page.html"))
            return HTMLResponse(html, headers={"cache-control": "no-store"})

        return page

    return made


def _matches(text: str, wanted: str) -> bool:
    """Whether each word is somewhere in the text."""
    return all(word in text for word in wanted.casefold().split())


def _grouped(operations: list[DocumentedOperation]) -> Mapping[str, list[DocumentedOperation]]:
    groups: dict[str, list[DocumentedOperation]] = {}
    for each in operations:
        groups.setdefault(each.tag, []).append(each)
    return groups


def _operations(described: dict[str, Any], origin: str) -> list[DocumentedOperation]:
    server = described["servers"][0]["url"]
    found = [
        _operation(method.upper(), server + path, operation, origin)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    order = [each["name"] for each in described["tags"]]
    return sorted(found, key=lambda each: order.index(each.tag))


def _operation(method: str, path: str, described: dict[str, Any], origin: str) -> DocumentedOperation:
    body = _json_of(described.get("requestBody", {}))
    answers = described["responses"].items()
    success = next(_json_of(each) for status, each in answers if status.startswith("2"))
    example = _json(body["example"]) if body else ""
    return DocumentedOperation(
        id=described["operationId"],
        tag=described["tags"][0],
        method=method,
        path=path,
        summary=_text(described["summary"]),
        description=_text(described.get("description", "")),
        parameters=[
            (each["name"], each["in"], _kind(each["schema"]), _text(each.get("description", "")))
            for each in described["parameters"]
        ],
        body_kind=_kind(body["schema"]) if body else Markup(""),
        body=example,
        call=_call(method, origin + path, example),
        answers=[(status, _text(each["description"]), _contents(each)) for status, each in answers],
        answer=_json(success["example"]) if success else "",
        text=" ".join(
            (method, path, described["summary"], described.get("description", ""), described["operationId"])
        ).casefold(),
    )


def _call(method: str, address: str, body: str) -> str:
    """The request as one would send it from a shell."""
    lines = [f"curl -X {method} '{address}'", "-H 'Authorization: Bearer YOUR-KEY'"]
    if body:
        quoted = body.replace("'", "'\\''")
        lines += ["-H 'Content-Type: application/json'", f"-d '{quoted}'"]
    return " \\\n  ".join(lines)


def _json_of(described: dict[str, Any]) -> dict[str, Any]:
    """What there is as JSON; empty where there is nothing."""
    found: dict[str, Any] = described.get("content", {}).get("application/json", {})
    return found if "example" in found else {}


def _contents(answer: dict[str, Any]) -> Markup:
    return Markup(", ").join(
        _kind(each["schema"]) if media.endswith("json") else Markup("<code>{}</code>").format(media)
        for media, each in answer.get("content", {}).items()
    )


def _kind(schema: dict[str, Any]) -> Markup:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return Markup('<a href="/api/docs#{0}"><code>{0}</code></a>').format(name)
    if "anyOf" in schema:
        return Markup(" {} ").format(gettext("or")).join(_kind(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return Markup("{} {}").format(gettext("list of"), _kind(schema.get("items", {})))
    words = " ".join(str(schema[name]) for name in ("type", "format", "enum") if name in schema)
    return Markup("<code>{}</code>").format(words or gettext("any"))


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def _text(text: str) -> Markup:
    """Text with ``code`` in backticks."""
    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if index % 2 else escape(part)
        for index, part in enumerate(parts)
    )
