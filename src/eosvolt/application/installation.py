"""How the installation as a whole is doing: what any company may see, and nothing of a company."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from eosvolt.application.running_jobs import ReportedJob


class Lag(NamedTuple):
    """Something that follows the history and has come to ``position``.

    Of kind ``follower``: notifications, commands to chargers. ``events``: how many positions the history is
    ahead of it. ``since``: when the first event was recorded that it has not dealt with; ``None`` where it
    has dealt with all.
    """

    kind: Literal["readModel", "seals", "follower"]
    name: str
    position: int
    events: int
    since: datetime | None

    def seconds(self, now: datetime) -> float:
        """How long the first event waits that it has not dealt with; 0 where none does."""
        return 0.0 if self.since is None else max((now - self.since) / timedelta(seconds=1), 0.0)


class SealHead(NamedTuple):
    """The last seal of the history: up to which position, made when, and its digest in hex."""

    position: int
    sealed_at: datetime
    digest: str


class Disk(NamedTuple):
    """Bytes on disk: the database with all that is in it, and the volume that the data directory is on."""

    database: int
    data_total: int
    data_free: int


class CertificateValidity(NamedTuple):
    """Until when a certificate is valid: ``of`` is ``server`` or ``authority``, with its kind of key.

    ``valid_until`` is ``None`` for a file that cannot be read.
    """

    of: Literal["server", "authority"]
    algorithm: str
    valid_until: datetime | None


class Installation(NamedTuple):
    """Everything at one instant. ``last_backup_at``: ``None`` where no backup was recorded."""

    version: str
    head: int
    lags: Sequence[Lag]
    jobs: Sequence[ReportedJob]
    seal: SealHead | None
    disk: Disk
    certificates: Sequence[CertificateValidity]
    last_backup_at: datetime | None = None
