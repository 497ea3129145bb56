"""Whether a browser's request comes from a page of ours: the protection against requests of other sites."""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection


def from_our_pages(connection: HTTPConnection, public_url: str) -> bool:
    """Whether a browser's request comes from one of our pages and not from another site.

    ``Sec-Fetch-Site`` decides if the browser sends it (secure origins), else ``Origin`` must be ours. A
    browser that sends neither with a changing request is too old to be protected.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = urlsplit(connection.headers.get("origin", ""))
    if not origin.netloc:
        return False
    return origin.netloc in (connection.headers.get("host", ""), urlsplit(public_url).netloc)
