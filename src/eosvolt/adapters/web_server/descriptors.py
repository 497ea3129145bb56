"""How many files and sockets this process may have open."""

import contextlib
import resource

MOST_WANTED = 65_536
# The database, the log, uploads: what must be openable whoever connects.
RESERVE = 256


def raise_limit() -> int:
    """Allow as many open descriptors as the machine does; returns how many that are."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_WANTED if hard == resource.RLIM_INFINITY else min(hard, MOST_WANTED)
    if soft == resource.RLIM_INFINITY or soft >= most:
        return MOST_WANTED if soft == resource.RLIM_INFINITY else soft
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def connections_within(descriptors: int) -> int:
    """How many connections leave enough of so many descriptors for everything else."""
    return descriptors - min(RESERVE, descriptors // 2)
