"""Restarts the embedded database server whenever it dies; the rest of the system waits for it.

It runs in a thread, so that a blocked event loop does not delay the restart.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator

import structlog

log = structlog.get_logger("eosvolt")

LOOK_EVERY_SECONDS = 0.5


@contextlib.contextmanager
def kept_alive(revive: Callable[[], bool]) -> Iterator[None]:
    """Call ``revive`` periodically until the context is left; it returns whether it restarted the server."""
    leaving = threading.Event()

    def keep() -> None:
        while not leaving.wait(LOOK_EVERY_SECONDS):
            try:
                if revive():
                    log.warning("the embedded PostgreSQL had died and was started again")
            except Exception:
                # Any error may be temporary, e.g. no free file descriptor; the next call may succeed.
                log.exception("the embedded PostgreSQL cannot be started again")

    thread = threading.Thread(target=keep, name="keeper of the embedded PostgreSQL", daemon=True)
    thread.start()
    try:
        yield
    finally:
        leaving.set()
        thread.join()
