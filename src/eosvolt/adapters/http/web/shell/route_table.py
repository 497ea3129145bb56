"""Which pages and forms somebody may use, by their paths: what templates ask before they offer one."""

from collections import defaultdict

from eosvolt.adapters.http.web.shell.forms import PageRoute
from eosvolt.application.permissions import Grants


class RouteTable:
    """The routes of the site by path, as ``Pages`` makes them. A path is written with its parameters."""

    def __init__(self) -> None:
        self._routes: dict[str, dict[str, PageRoute]] = defaultdict(dict)

    def add(self, route: PageRoute) -> PageRoute:
        """Note a route; returns it."""
        for method in route.methods or ():
            self._routes[route.path][method] = route
        return route

    def may_open(self, path: str, grants: Grants) -> bool:
        """Whether the page would be shown, e.g. ``/tokens/{token}/edit``. Raises ``KeyError`` without one."""
        return self._routes[path]["GET"].access.permitted(grants)

    def may_post(self, path: str, grants: Grants) -> bool:
        """Whether a form sent there would be taken. Raises ``KeyError`` if nothing can be sent there."""
        operation = self._routes[path]["POST"].operation
        return operation is None or operation.permitted(grants)
