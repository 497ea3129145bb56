"""What the web is given by the composition."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry

from eosvolt.adapters.http.ports import Accounts, Feed, Queries, Strangers
from eosvolt.application.commanding import Commanding
from eosvolt.application.execution import Application
from eosvolt.application.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies:
    """Everything that requests are answered with.

    ``public_url`` is where people and chargers reach the system, e.g. ``https://cpo.example``.
    ``readiness`` gives the reasons why the system cannot answer well just now, none when all is well.
    ``metrics`` holds everybody's collectors.
    """

    application: Application
    commanding: Commanding
    queries: Queries
    accounts: Accounts
    strangers: Strangers
    feed: Feed
    clock: Clock
    public_url: str
    readiness: Callable[[], Awaitable[Sequence[str]]]
    metrics: CollectorRegistry

    @property
    def secure(self) -> bool:
        """Whether browsers reach the system by https."""
        return urlsplit(self.public_url).scheme == "https"

    def charger_links(self, company: int) -> dict[str, str]:
        """The two addresses that chargers of a company connect to; a charger appends its charge box id."""
        place = urlsplit(self.public_url)
        return {scheme: f"{scheme}://{place.netloc}{place.path}/ocpp/{company}" for scheme in ("wss", "ws")}
