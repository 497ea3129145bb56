"""Starts the embedded database server again whenever something kills it; everybody else just waits for it.

In a thread: what hangs in the event loop must not keep the server away.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator

import structlog

log = structlog.get_logger("eosvolt")

LOOK_EVERY_SECONDS = 0.5


@contextlib.contextmanager
def kept_alive(revive: Callable[[], bool]) -> Iterator[None]:
    """Call ``revive`` all the time until the context is left; it says whether there was anything to do."""
    leaving = threading.Event()

    def keep() -> None:
        while not leaving.wait(LOOK_EVERY_SECONDS):
            try:
                if revive():
                    log.warning("the embedded PostgreSQL had died and was started again")
            except Exception:
                # Whatever it was, e.g. no descriptor left to look with: the next look may succeed.
                log.exception("the embedded PostgreSQL cannot be started again")

    keeper = threading.Thread(target=keep, name="keeper of the embedded PostgreSQL", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        leaving.set()
        keeper.join()
