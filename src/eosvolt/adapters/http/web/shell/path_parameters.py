"""What addresses say, as values."""

from urllib.parse import unquote_to_bytes

from starlette.requests import Request

from eosvolt.adapters.http.framework.problems import not_found


def decoded(request: Request, name: str) -> str:
    """A part of the path as text. 404 for bytes that are no text."""
    try:
        text = unquote_to_bytes(str(request.path_params[name])).decode()
    except UnicodeDecodeError:
        raise not_found() from None
    if "\0" in text:
        raise not_found()
    return text
