"""One request to an endpoint of this API, with its dependencies."""

from dataclasses import dataclass

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.endpoint import EndpointCall
from eosvolt.adapters.http.ports.queries import Queries


@dataclass(frozen=True, slots=True)
class ApiCall(EndpointCall[Dependencies]):
    """A call with the queries of all capabilities."""

    @property
    def queries(self) -> Queries:
        """The read models, restricted to what the sender may see."""
        return self.dependencies.queries.narrowed(self.within)
