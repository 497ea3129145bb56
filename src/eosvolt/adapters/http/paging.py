"""Pages of lists: the RFC 8288 link to the next one."""

from starlette.requests import Request


def next_link(request: Request, cursor: str | int | None, parameter: str = "cursor") -> dict[str, str]:
    """The ``Link`` header with the same question for the next page; nothing on the last page."""
    if cursor is None:
        return {}
    url = request.url.include_query_params(**{parameter: cursor})
    return {"Link": f'<{url.path}?{url.query}>; rel="next"'}
