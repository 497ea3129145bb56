"""Receives the files that were requested from chargers.

The URL of an upload is its only credential; it cannot be guessed and takes one file while the upload is open.
"""

from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from typing import NamedTuple, Protocol

from eosvolt.application.executor import Application, Plan
from eosvolt.application.ports import Clock
from eosvolt.domain.kernel import CommandEnvelope, Provenance, Rejected
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import FileReceived
from eosvolt.domain.maintenance.uploads import Upload, upload_named

PART = 256 * 1024
LONGEST_NAME = 200


class UploadUnknown(Exception):  # noqa: N818 - an answer to whoever uploads
    """The upload does not exist, or no longer."""


class UploadExpired(Exception):  # noqa: N818 - an answer to whoever uploads
    """The upload has expired."""


class UploadTooLarge(Exception):  # noqa: N818 - an answer to whoever uploads
    """The file is larger than the limit."""


class UploadEmpty(Exception):  # noqa: N818 - an answer to whoever uploads
    """The file is empty."""


class FileStore(Protocol):
    """Keeps files in parts."""

    async def begin(self, upload: str) -> int:
        """Create an empty file for this upload and return its number."""
        ...

    async def add(self, file: int, number: int, content: bytes) -> None:
        """Store part ``number`` (from 0) of a file."""
        ...

    async def finish(self, file: int, sha256: str) -> None:
        """Mark a file as complete, with its SHA-256 in hex."""
        ...

    async def drop(self, file: int) -> None:
        """Delete a file."""
        ...


class UploadDirectory(Protocol):
    """Finds the charger of an upload by its id."""

    async def charger_of_upload(self, upload: str) -> str | None:
        """The charger of an upload, as ``company/charge box id``."""
        ...


class StoredFile(NamedTuple):
    """A stored file."""

    file: int
    size: int
    sha256: str


class Uploads:
    """Receives files, each once."""

    def __init__(
        self,
        application: Application,
        directory: UploadDirectory,
        store: FileStore,
        clock: Clock,
        most_bytes: int,
    ) -> None:
        """Files of more than ``most_bytes`` are refused during the upload."""
        self._application = application
        self._directory = directory
        self._store = store
        self._clock = clock
        self._most = most_bytes

    @property
    def most_bytes(self) -> int:
        """The size limit of a file in bytes."""
        return self._most

    async def expected(self, upload: str) -> str:
        """The charger that a file of this upload is expected from, or was received from.

        Raises ``UploadUnknown`` or ``UploadExpired``.
        """
        charge_point = await self._directory.charger_of_upload(upload)
        if charge_point is None:
            raise UploadUnknown
        known = await self._known(charge_point, upload)
        if known is None or known.closed:
            raise UploadUnknown
        if known.received is None and self._clock.now() >= known.opened.expires_at:
            raise UploadExpired
        return charge_point

    async def receive(self, upload: str, content: AsyncIterator[bytes], name: Callable[[], str]) -> bool:
        """Store the file; ``True`` for a new one, ``False`` for a repeated one. ``name`` is called last.

        Raises like ``expected``, ``UploadTooLarge`` or ``UploadEmpty``, and ``Rejected`` if another file came
        before. At most one part is in memory at any time; nothing of a refused file is kept.
        """
        charge_point = await self.expected(upload)
        stored = await self._stored(upload, content)
        received = FileReceived(
            at=self._clock.now(),
            upload=upload,
            name=name()[:LONGEST_NAME],
            size=stored.size,
            sha256=stored.sha256,
        )
        # If it is unknown whether this was recorded, the file stays until retention deletes it.
        try:
            new = await self._recorded(charge_point, received)
        except Rejected:
            await self._store.drop(stored.file)
            known = await self._known(charge_point, upload)
            if known is None or known.received is None:
                raise UploadUnknown from None
            raise
        if not new:
            await self._store.drop(stored.file)
        return new

    async def _recorded(self, charge_point: str, received: FileReceived) -> bool:
        """Record the file; return ``False`` if it was recorded before."""
        note = RecordDeviceEvent(event=received)

        async def plan() -> Plan[bool]:
            upload = await self._known(charge_point, received.upload)
            new = upload is not None and upload.received is None
            return Plan([CommandEnvelope(maintenance, charge_point, note)], new)

        company, _, charge_box_id = charge_point.partition("/")
        why = Provenance(int(company), f"charger:{charge_box_id}", "upload")
        return await self._application.perform(plan, why)

    async def _stored(self, upload: str, content: AsyncIterator[bytes]) -> StoredFile:
        file, digest, size, number, waiting = await self._store.begin(upload), sha256(), 0, 0, bytearray()
        done = False
        try:
            async for chunk in content:
                size += len(chunk)
                if size > self._most:
                    raise UploadTooLarge
                digest.update(chunk)
                waiting += chunk
                while len(waiting) >= PART:
                    await self._store.add(file, number, bytes(waiting[:PART]))
                    del waiting[:PART]
                    number += 1
            if not size:
                raise UploadEmpty
            if waiting:
                await self._store.add(file, number, bytes(waiting))
            await self._store.finish(file, digest.hexdigest())
            done = True
        finally:
            if not done:
                await self._store.drop(file)
        return StoredFile(file, size, digest.hexdigest())

    async def _known(self, charge_point: str, upload: str) -> Upload | None:
        upkeep = await self._application.state(maintenance, charge_point)
        return upload_named(upkeep.uploads, upload)
