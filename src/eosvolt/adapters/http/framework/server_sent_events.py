"""Server-sent events as bytes (WHATWG HTML §9.2, "Server-sent events"), for pages and for the API.

Starlette's own ``StreamingResponse`` sends them. Why not ``sse-starlette``: ADR 0160.
"""

MEDIA_TYPE = "text/event-stream"
# Proxies must neither cache nor buffer the stream.
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


def event(name: str, json: bytes, position: int | None = None) -> bytes:
    """One event with its data, which is JSON without line breaks.

    ``position`` becomes its id, which a client sends as ``Last-Event-ID`` when it reconnects.
    """
    identified = b"" if position is None else b"id: %d\n" % position
    return b"%sevent: %s\ndata: %s\n\n" % (identified, name.encode(), json)


def comment(text: str) -> bytes:
    """A comment line, which clients ignore; it keeps the connection alive."""
    return b": %s\n\n" % text.encode()


def retry(milliseconds: int) -> bytes:
    """The time that a client waits before it reconnects; to be sent before the first event."""
    return b"retry: %d\n" % milliseconds
