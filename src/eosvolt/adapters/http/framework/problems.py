"""Errors as RFC 9457 problem documents: what went wrong, in words, and where in the request."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
INVALID = "The request has invalid values."

_PLACE = re.compile(r" - at `(?:key in )?\$(.*)`$", re.DOTALL)
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")


class Finding(msgspec.Struct, frozen=True):
    """One thing that is wrong.

    ``pointer`` is a JSON pointer into the body, or ``?name`` for a query parameter.
    """

    pointer: str
    detail: str


class ProblemView(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """RFC 9457 problem details. ``trace_id`` finds the request in the logs."""

    title: str
    status: int
    detail: str = ""
    type: str = "about:blank"
    errors: tuple[Finding, ...] = ()
    trace_id: str = ""


class Problem(Exception):  # noqa: N818 - an answer that is decided on, not an accident
    """Ends the handling of a request with this answer."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        findings: Sequence[Finding] = (),
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        """``detail`` is a sentence for the client, ``more`` are members besides those of every problem."""
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.findings = tuple(findings)
        self.headers = dict(headers or {})
        self.more = dict(more or {})


def respond(problem: Problem, trace: str = "") -> Response:
    """The problem as a response."""
    view = ProblemView(
        title=HTTPStatus(problem.status).phrase,
        status=problem.status,
        detail=problem.detail,
        errors=problem.findings,
        trace_id=trace,
    )
    # The two most important fields are always present.
    body: dict[str, Any] = {"type": view.type, **msgspec.to_builtins(view), **problem.more}
    return Response(msgspec.json.encode(body), problem.status, headers=problem.headers, media_type=MEDIA_TYPE)


def invalid(pointer: str, detail: str) -> Problem:
    """422: one value is not allowed."""
    return Problem(422, INVALID, [Finding(pointer, detail)])


def all_invalid(findings: Sequence[tuple[str, str]]) -> Problem:
    """422: several values are not allowed."""
    return Problem(422, INVALID, [Finding(pointer, detail) for pointer, detail in findings])


def not_found(what: str = "There is nothing here.") -> Problem:
    """404, also for objects of other companies."""
    return Problem(404, what)


def not_ready() -> Problem:
    """503: the read model is being rebuilt."""
    return Problem(
        503,
        "This is being rebuilt from the history after an upgrade. Try again soon.",
        headers={"Retry-After": "10"},
    )


def mismatch(error: msgspec.ValidationError, prefix: str = "") -> Problem:
    """422 from a message of msgspec, its path as a pointer; ``prefix`` "?" makes it a query parameter."""
    text = str(error)
    place = _PLACE.search(text)
    detail = text[: place.start()] if place else text
    steps = [name or index for name, index in _STEP.findall(place[1])] if place else []
    if prefix == "?":
        return invalid("?" + "".join(steps[:1]), detail + ".")
    escaped = (step.replace("~", "~0").replace("/", "~1") for step in steps)
    return invalid(prefix + "".join(f"/{step}" for step in escaped), detail + ".")
