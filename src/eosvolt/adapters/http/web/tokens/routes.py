"""Every page of tokens."""

from starlette.routing import Route

from eosvolt.adapters.http.web.shell.pages import Pages
from eosvolt.adapters.http.web.tokens.exchange import token_exchange_routes
from eosvolt.adapters.http.web.tokens.page import token_routes


def routes(pages: Pages) -> list[Route]:
    """Every page of tokens."""
    return [
        *token_routes(pages),
        *token_exchange_routes(pages),
    ]
