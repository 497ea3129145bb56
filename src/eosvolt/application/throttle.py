"""Rate limits by token buckets in memory; each process counts separately."""

from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network


class Throttle:
    """A token bucket for each key, refilled at ``per_second`` up to ``burst``.

    At most ``room`` keys are kept; the least recently used one is dropped.
    """

    def __init__(
        self,
        per_second: float,
        burst: float,
        clock: Callable[[], float],
        room: int = 50_000,
    ) -> None:
        """``clock`` gives seconds."""
        self._rate = per_second
        self._burst = burst
        self._room = room
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """The seconds until ``key`` may ask again, 0.0 if it may now. Takes no token."""
        return max(0.0, (1.0 - self._level(key)) / self._rate)

    def take(self, key: str) -> float:
        """Like ``wait``, but takes one token if there is one."""
        seconds = self.wait(key)
        if seconds == 0.0:
            self._buckets[key] = (self._level(key) - 1.0, self._clock())
            self._buckets.move_to_end(key)
            if len(self._buckets) > self._room:
                self._buckets.popitem(last=False)
        return seconds

    def forgive(self, key: str) -> None:
        """Fill the bucket again."""
        self._buckets.pop(key, None)

    def _level(self, key: str) -> float:
        left, at = self._buckets.get(key, (self._burst, 0.0))
        return min(self._burst, left + (self._clock() - at) * self._rate)


def network(address: str) -> str:
    """The network of an address for counting: the /64 of an IPv6 address, which one site has."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ip_network((int(found) >> 64 << 64, 64)))
    return str(found)
