"""The API's endpoints, one file for each resource."""

from eosvolt.adapters.http.endpoint import Endpoint

ENDPOINTS: tuple[Endpoint, ...] = ()
