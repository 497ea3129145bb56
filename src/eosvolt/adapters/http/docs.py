"""The API's own pages: the OpenAPI document, and the same for people, without a script."""

from html import escape
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

_STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 Inter, system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #8884; text-transform: capitalize; }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
pre { overflow-x: auto; padding: .75rem; background: #8881; border-radius: 6px; }
details { border: 1px solid #8884; border-radius: 6px; margin: .5rem 0; padding: .5rem .75rem; }
summary { cursor: pointer; }
summary b { display: inline-block; min-width: 4.5rem; color: #0f766e; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; padding: .2rem .6rem .2rem 0; vertical-align: top; }
@media (prefers-color-scheme: dark) { summary b { color: #2dd4bf; } }
"""


def docs_routes(described: dict[str, Any]) -> list[Route]:
    """``GET /api/openapi.json`` and ``GET /api/docs``."""
    document = msgspec.json.format(msgspec.json.encode(described), indent=2)
    page = _page(described)

    async def openapi(_: Request) -> Response:
        return Response(document, media_type="application/json")

    async def docs(_: Request) -> Response:
        return HTMLResponse(page)

    return [
        Route("/api/openapi.json", openapi, methods=["GET"]),
        Route("/api/docs", docs, methods=["GET"]),
    ]


def _page(described: dict[str, Any]) -> str:
    info, server = described["info"], described["servers"][0]["url"]
    parts = [
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>eosvolt API</title>',
        '<meta name="viewport" content="width=device-width">',
        f"<style>{_STYLE}</style><h1>eosvolt API</h1><p>{_text(info['description'])}</p>",
        '<p>For programs: <a href="/api/openapi.json">openapi.json</a> (OpenAPI 3.1). Send',
        " <code>Authorization: Bearer YOUR-KEY</code>; keys are made in the settings.</p>",
    ]
    for tag in (each["name"] for each in described["tags"]):
        parts.append(f"<h2>{escape(tag)}</h2>")
        parts += [
            _operation(method, server + path, operation)
            for path, methods in described["paths"].items()
            for method, operation in methods.items()
            if tag in operation["tags"]
        ]
    parts.append("<h2>Shapes</h2>")
    parts += [_shape(name, schema) for name, schema in sorted(described["components"]["schemas"].items())]
    return "".join(parts) + "</html>"


def _shape(name: str, schema: dict[str, Any]) -> str:
    title = escape(name)
    return f'<details id="{title}"><summary><code>{title}</code></summary>{_json(schema)}</details>'


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(each['name'])}</code><td>{each['in']}<td>{_kind(each['schema'])}"
        f"<td>{_text(each.get('description', ''))}"
        for each in operation["parameters"]
    )
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    answers = "".join(
        f"<tr><td><code>{status}</code><td>{_text(each['description'])}<td>{_contents(each)}"
        for status, each in operation["responses"].items()
    )
    summary = f"<b>{method.upper()}</b> <code>{escape(path)}</code> — {_text(operation['summary'])}"
    return (
        f"<details><summary>{summary}</summary><p>{_text(operation.get('description', ''))}</p>"
        + (f"<table><tr><th>parameter<th>in<th>type<th>{rows}</table>" if rows else "")
        + (f"<p>Body: {_kind(body['schema'])}</p>" if body else "")
        + f"<table><tr><th>answer<th><th>{answers}</table></details>"
    )


def _contents(answer: dict[str, Any]) -> str:
    return ", ".join(
        _kind(each["schema"]) if media.endswith("json") else f"<code>{media}</code>"
        for media, each in answer.get("content", {}).items()
    )


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#{name}"><code>{name}</code></a>'
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    words = " ".join(str(schema[name]) for name in ("type", "format", "enum") if name in schema)
    return f"<code>{escape(words or 'any')}</code>"


def _json(schema: dict[str, Any]) -> str:
    return f"<pre>{escape(msgspec.json.format(msgspec.json.encode(schema), indent=2).decode())}</pre>"


def _text(text: str) -> str:
    """Text with ``code`` in backticks."""
    pieces = escape(text).split("`")
    return "".join(f"<code>{piece}</code>" if index % 2 else piece for index, piece in enumerate(pieces))
