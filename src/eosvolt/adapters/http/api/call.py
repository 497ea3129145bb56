"""One request to an endpoint of this API, with all that it may be answered with."""

from dataclasses import dataclass

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.endpoint import EndpointCall
from eosvolt.adapters.http.ports.queries import Queries


@dataclass(frozen=True, slots=True)
class ApiCall(EndpointCall[Dependencies]):
    """A call whose questions are those of every capability."""

    @property
    def queries(self) -> Queries:
        """The read models, as far as the asker may see them."""
        return self.dependencies.queries.narrowed(self.within)
