"""How many connections there may be, in all and from one address.

A connection is a stranger's until it proves whose it is: by a charger's password, an API key, a session. An
address may have many strangers for a moment (a site whose chargers all come back at once), but few that stay.
"""

from collections import OrderedDict
from collections.abc import Callable

from eosvolt.application.throttle import network

# Whoever has something to say says it within this time.
STRANGER_FOR_SECONDS = 5.0


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
        """It counts as a stranger's no longer."""
        self._limits.forget_stranger(self)

    def left(self) -> None:
        """It is closed."""
        self._limits.leave(self)

    def evict(self) -> None:
        """Close it at once, for another one."""
        self._limits.leave(self)
        self._close()


class ConnectionLimits:
    """Counts the connections of all listeners of a process."""

    def __init__(self, most: int, most_strangers_per_address: int, clock: Callable[[], float]) -> None:
        """``clock`` gives seconds."""
        self._most = most
        self._per_address = most_strangers_per_address
        self._clock = clock
        self._tickets: set[Ticket] = set()
        # Both with the oldest first.
        self._strangers: OrderedDict[Ticket, None] = OrderedDict()
        self._by_network: dict[str, OrderedDict[Ticket, None]] = {}
        self.evicted = 0
        self.refused = 0

    @property
    def connected(self) -> int:
        """Connections that are open."""
        return len(self._tickets)

    @property
    def strangers(self) -> int:
        """Those among them that proved nothing."""
        return len(self._strangers)

    def enter(self, address: str, close: Callable[[], None]) -> Ticket | None:
        """A place for a new connection from ``address``; ``None`` where there is none left.

        ``close`` ends it at once, should the place be needed for another one.
        """
        now, where = self._clock(), network(address)
        if len(self._tickets) >= self._most:
            if not self._strangers:
                self.refused += 1
                return None
            self._evict(next(iter(self._strangers)))
        same = self._by_network.setdefault(where, OrderedDict())
        if len(same) >= self._per_address and now - (oldest := next(iter(same))).at > STRANGER_FOR_SECONDS:
            self._evict(oldest)
            same = self._by_network.setdefault(where, OrderedDict())
        ticket = Ticket(self, where, now, close)
        self._tickets.add(ticket)
        self._strangers[ticket] = None
        same[ticket] = None
        return ticket

    def forget_stranger(self, ticket: Ticket) -> None:
        """It is nobody's place to take any more."""
        if self._strangers.pop(ticket, ticket) is ticket:
            return
        same = self._by_network[ticket.network]
        del same[ticket]
        if not same:
            del self._by_network[ticket.network]

    def leave(self, ticket: Ticket) -> None:
        """The place is free."""
        self.forget_stranger(ticket)
        self._tickets.discard(ticket)

    def _evict(self, ticket: Ticket) -> None:
        self.evicted += 1
        ticket.evict()
