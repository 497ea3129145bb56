"""What open pages request by themselves: their parts, and the streams that report changes to them."""

from starlette.requests import HTTPConnection

# The request header for one part of a page.
PART = "x-part"
_STREAMS = ("/live", "/api/v1/stream")


def by_itself(connection: HTTPConnection) -> bool:
    """Whether an open page sends this request by itself, so that the person need not be there."""
    return PART in connection.headers or connection.scope["path"] in _STREAMS
