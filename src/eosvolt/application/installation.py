"""The state of the whole installation, which every company may see; it contains no company's data."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from eosvolt.application.running_jobs import ReportedJob


class Lag(NamedTuple):
    """A follower of the history, which has processed it up to ``position``.

    Of kind ``follower``: notifications, commands to chargers. ``events``: by how many positions it lags.
    ``since``: the recording time of the first event that it has not processed; ``None`` if there is none.
    """

    kind: Literal["readModel", "seals", "follower"]
    name: str
    position: int
    events: int
    since: datetime | None

    def seconds(self, now: datetime) -> float:
        """The seconds since its first unprocessed event; 0 without one."""
        return 0.0 if self.since is None else max((now - self.since) / timedelta(seconds=1), 0.0)


class SealHead(NamedTuple):
    """The last seal of the history: its position, its time, and its digest in hex."""

    position: int
    sealed_at: datetime
    digest: str


class Disk(NamedTuple):
    """Bytes on disk: of the database, and of the volume of the data directory."""

    database: int
    data_total: int
    data_free: int


class CertificateValidity(NamedTuple):
    """The expiry of a certificate: ``of`` is ``server`` or ``authority``, with its type of key.

    ``valid_until`` is ``None`` for a file that cannot be read.
    """

    of: Literal["server", "authority"]
    algorithm: str
    valid_until: datetime | None


class Installation(NamedTuple):
    """The state of the installation at one instant. ``last_backup_at`` is ``None`` without a backup."""

    version: str
    head: int
    lags: Sequence[Lag]
    jobs: Sequence[ReportedJob]
    seal: SealHead | None
    disk: Disk
    certificates: Sequence[CertificateValidity]
    last_backup_at: datetime | None = None
