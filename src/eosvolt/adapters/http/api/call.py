"""One request to an endpoint of this API, with its dependencies."""

from dataclasses import dataclass
from datetime import datetime

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.endpoint import EndpointCall
from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.application.drivers import Driver
from eosvolt.application.permissions import Forbidden


@dataclass(frozen=True, slots=True)
class ApiCall(EndpointCall[Dependencies]):
    """A call with the queries of all capabilities."""

    def queries_as_of(self, as_of: datetime | None) -> Queries:
        """The read models as of an instant, which is never later than now; ``None`` for the present."""
        return self.queries.as_of(self.as_of(as_of))

    @property
    def driver(self) -> Driver:
        """The driver who sends the request. Raises ``Forbidden`` for everybody else."""
        if self.identity.driver is None:
            raise Forbidden("This is for drivers.")
        return self.identity.driver

    @property
    def queries(self) -> Queries:
        """The read models, restricted to what the sender may see."""
        return self.dependencies.queries.narrowed(self.within)
