"""How many connections there may be, in all and from one address.

A connection is anonymous until it authenticates: by a charger's credentials, an API key or a session. An
address may have many anonymous connections for a moment (a site whose chargers all reconnect), but few that
stay.
"""

from collections import OrderedDict
from collections.abc import Callable

from eosvolt.application.throttle import network

# A connection that authenticates does so within this time.
ANONYMOUS_FOR_SECONDS = 5.0


class Ticket:
    """One connection's place. Leaving twice does nothing."""

    __slots__ = ("_close", "_limits", "at", "network")

    def __init__(
        self, limits: "ConnectionLimits", network: str, at: float, close: Callable[[], None]
    ) -> None:
        self.network = network
        self.at = at
        self._limits = limits
        self._close = close

    def proven(self) -> None:
        """It has authenticated and is no longer anonymous."""
        self._limits.forget_anonymous(self)

    def left(self) -> None:
        """It is closed."""
        self._limits.leave(self)

    def evict(self) -> None:
        """Close it at once, for another one."""
        self._limits.leave(self)
        self._close()


class ConnectionLimits:
    """Counts the connections of all listeners of a process."""

    def __init__(self, most: int, most_anonymous_per_address: int, clock: Callable[[], float]) -> None:
        """``clock`` gives seconds."""
        self._most = most
        self._per_address = most_anonymous_per_address
        self._clock = clock
        self._tickets: set[Ticket] = set()
        # Both with the oldest first.
        self._anonymous: OrderedDict[Ticket, None] = OrderedDict()
        self._by_network: dict[str, OrderedDict[Ticket, None]] = {}
        self.evicted = 0
        self.refused = 0

    @property
    def connected(self) -> int:
        """Connections that are open."""
        return len(self._tickets)

    @property
    def anonymous(self) -> int:
        """The open connections that are anonymous."""
        return len(self._anonymous)

    def enter(self, address: str, close: Callable[[], None]) -> Ticket | None:
        """A place for a new connection from ``address``; ``None`` where there is none left.

        ``close`` ends it at once, should the place be needed for another one.
        """
        now, where = self._clock(), network(address)
        if len(self._tickets) >= self._most:
            if not self._anonymous:
                self.refused += 1
                return None
            self._evict(next(iter(self._anonymous)))
        same = self._by_network.setdefault(where, OrderedDict())
        if len(same) >= self._per_address and now - (oldest := next(iter(same))).at > ANONYMOUS_FOR_SECONDS:
            self._evict(oldest)
            same = self._by_network.setdefault(where, OrderedDict())
        ticket = Ticket(self, where, now, close)
        self._tickets.add(ticket)
        self._anonymous[ticket] = None
        same[ticket] = None
        return ticket

    def forget_anonymous(self, ticket: Ticket) -> None:
        """The connection is no longer anonymous and keeps its place."""
        if self._anonymous.pop(ticket, ticket) is ticket:
            return
        same = self._by_network[ticket.network]
        del same[ticket]
        if not same:
            del self._by_network[ticket.network]

    def leave(self, ticket: Ticket) -> None:
        """The place is free."""
        self.forget_anonymous(ticket)
        self._tickets.discard(ticket)

    def _evict(self, ticket: Ticket) -> None:
        self.evicted += 1
        ticket.evict()
