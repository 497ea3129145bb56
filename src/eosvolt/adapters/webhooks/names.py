"""Finding hosts by name, in threads of its own.

The operating system's resolver blocks, and a name whose server is silent blocks for a minute. Such names keep
only one another waiting, each holds one thread however often it is asked for, and nobody waits longer than
the deadline.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

THREADS = 16
DEADLINE_SECONDS = 5.0


class NotFound(Exception):  # noqa: N818 - an answer about a name
    """The name has no address, or none in time. The text is a sentence."""


def _system(host: str, port: int) -> list[str]:
    return [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class Names:
    """Looks names up."""

    def __init__(
        self, lookup: Callable[[str, int], list[str]] = _system, deadline: float = DEADLINE_SECONDS
    ) -> None:
        """``lookup`` blocks until it has a name's addresses, and is given up after ``deadline`` seconds."""
        self._lookup = lookup
        self._deadline = deadline
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="names")
        self._looking: dict[tuple[str, int], Future[list[str]]] = {}

    def close(self) -> None:
        """Begin no lookup any more. Does not wait for those that are under way."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def addresses(self, host: str, port: int) -> list[str]:
        """All addresses of a host, at least one. Raises ``NotFound``."""
        try:
            return [str(ipaddress.ip_address(host))]
        except ValueError:
            pass
        looking = self._looking.get((host, port))
        if looking is None or looking.done():
            looking = self._looking[host, port] = self._threads.submit(self._lookup, host, port)
            looking.add_done_callback(lambda _: self._looking.pop((host, port), None))
        answer = asyncio.wrap_future(looking)
        # Nobody may be left who wants to know.
        answer.add_done_callback(lambda done: done.cancelled() or done.exception())
        try:
            async with asyncio.timeout(self._deadline):
                # Whoever stops waiting does not stop the lookup for the others.
                return await asyncio.shield(answer)
        except TimeoutError:
            raise NotFound(
                f"The address of {host} was not found within {self._deadline:g} seconds."
            ) from None
        except (socket.gaierror, UnicodeError):
            raise NotFound(f"There is no host {host}.") from None
