"""Server-sent events as bytes (WHATWG HTML §9.2, "Server-sent events"), for pages and for the API.

Starlette's own ``StreamingResponse`` sends them. Why not ``sse-starlette``: ADR 0160.
"""

MEDIA_TYPE = "text/event-stream"
# Nothing between us and the reader may keep or gather what is sent.
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


def event(name: str, json: bytes, position: int | None = None) -> bytes:
    """One event with its data, which is JSON without line breaks.

    ``position`` becomes its id: whoever comes back sends it as ``Last-Event-ID``.
    """
    identified = b"" if position is None else b"id: %d\n" % position
    return b"%sevent: %s\ndata: %s\n\n" % (identified, name.encode(), json)


def comment(text: str) -> bytes:
    """A line that readers pass over; it keeps a connection alive."""
    return b": %s\n\n" % text.encode()


def retry(milliseconds: int) -> bytes:
    """How long a reader waits before it comes back; it goes before the first event."""
    return b"retry: %d\n" % milliseconds
