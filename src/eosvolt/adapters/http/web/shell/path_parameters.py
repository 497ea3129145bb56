"""The parameters in the path of a page's URL."""

from urllib.parse import unquote_to_bytes

from starlette.requests import Request

from eosvolt.adapters.http.framework.problems import not_found


def decoded(request: Request, name: str) -> str:
    """A path parameter, decoded. Raises a 404 ``Problem`` for bytes that are not UTF-8."""
    try:
        text = unquote_to_bytes(str(request.path_params[name])).decode()
    except UnicodeDecodeError:
        raise not_found() from None
    if "\0" in text:
        raise not_found()
    return text
