"""Token buckets in memory: how often somebody may ask. Each process counts for itself."""

from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network


class Throttle:
    """A bucket for each key, filled at ``per_second`` up to ``burst``.

    At most ``room`` keys are remembered; the one that has been quiet for longest is forgotten, with a full
    bucket.
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
        """The seconds until ``key`` may ask again, 0.0 when it may now. Takes nothing."""
        return max(0.0, (1.0 - self._level(key)) / self._rate)

    def take(self, key: str) -> float:
        """Like ``wait``, and takes one token when there is one."""
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
    """Whom an address stands for when it is counted: an IPv6 site has a whole /64 to itself."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ip_network((int(found) >> 64 << 64, 64)))
    return str(found)
