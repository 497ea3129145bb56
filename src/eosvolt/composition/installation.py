"""The state of the installation, collected from the database, job reports and this machine."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path

from eosvolt import __version__
from eosvolt.adapters.certificates.validity import validities
from eosvolt.adapters.postgres.installation_figures import PostgresInstallation
from eosvolt.adapters.postgres.job_reports import PostgresJobReports
from eosvolt.application.installation import CertificateValidity, Disk, Installation
from eosvolt.application.running_jobs import JobReports
from eosvolt.composition.tls import KINDS, folder
from eosvolt.config import Settings
from eosvolt.projections import READ_MODELS
from eosvolt.runtime.notification_dispatcher import NAME as NOTIFICATIONS

# The followers whose position is in the database.
FOLLOWERS = (NOTIFICATIONS,)


class InstallationReader:
    """Reads the database, the job reports and the data directory of this process."""

    def __init__(self, settings: Settings, database: PostgresInstallation, reports: JobReports) -> None:
        """Certificates and free space are those of this process's machine."""
        self._settings = settings
        self._database = database
        self.reports = reports

    async def facts(self, now: datetime) -> Installation:
        """The state of the installation at ``now``."""
        jobs = await self.reports.reported(now)
        others = [
            (f"{each.job.job} of {each.process}", each.job.position)
            for each in jobs
            if each.job.position is not None and each.job.job not in FOLLOWERS and not each.silent(now)
        ]
        models = [model.name for model in READ_MODELS]
        history = await self._database.history(models, FOLLOWERS, others)
        total, free = await asyncio.to_thread(volume_of, self._settings.data_dir)
        return Installation(
            version=__version__,
            head=history.head,
            lags=history.lags,
            jobs=jobs,
            seal=history.seal,
            disk=Disk(history.database_size, total, free),
            certificates=await asyncio.to_thread(certificates, self._settings),
            last_backup_at=history.last_backup_at,
        )


@contextlib.asynccontextmanager
async def installation_facts(settings: Settings, dsn: str, process: str) -> AsyncIterator[InstallationReader]:
    """The reader for ``process``; leave the context after its jobs have ended."""
    async with PostgresInstallation(dsn) as database, PostgresJobReports(dsn) as reports:
        try:
            yield InstallationReader(settings, database, reports)
        finally:
            await reports.withdraw(process)


def volume_of(place: Path) -> tuple[int, int]:
    """Total and free bytes of the volume of the data directory, which need not exist yet."""
    there = next(each for each in (place.absolute(), *place.absolute().parents) if each.exists())
    volume = shutil.disk_usage(there)
    return volume.total, volume.free


def certificates(settings: Settings) -> Sequence[CertificateValidity]:
    """The server's and the authority's certificates; empty without TLS listeners. Creates no file."""
    if not (settings.tls_port or settings.mtls_port):
        return []
    given = [Path(file) for file in (settings.tls_certificate, settings.tls_rsa_certificate) if file]
    place = folder(settings)
    own = [place / f"server-{kind}.pem" for kind in KINDS]
    signers = (
        [Path(settings.authority_certificate)]
        if settings.authority_certificate
        else [place / f"authority-{kind}.pem" for kind in KINDS]
    )
    return [
        *validities("server", given or [file for file in own if file.exists()]),
        *validities("authority", [file for file in signers if file.exists()]),
    ]
