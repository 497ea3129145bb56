"""Takes the files that chargers were asked for.

Whoever knows the address of an upload may put one file there while it is open; nobody can guess it.
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
    """Nobody asked for this file, or not any more."""


class UploadExpired(Exception):  # noqa: N818 - an answer to whoever uploads
    """It comes too late."""


class UploadTooLarge(Exception):  # noqa: N818 - an answer to whoever uploads
    """It is larger than files may be."""


class UploadEmpty(Exception):  # noqa: N818 - an answer to whoever uploads
    """There was nothing in it."""


class FileStore(Protocol):
    """Keeps files in parts."""

    async def begin(self, upload: str) -> int:
        """A new file for this upload, still empty; its number."""
        ...

    async def add(self, file: int, number: int, content: bytes) -> None:
        """Its part ``number``, from 0."""
        ...

    async def finish(self, file: int, sha256: str) -> None:
        """All of it is here."""
        ...

    async def drop(self, file: int) -> None:
        """Nobody wants it."""
        ...


class UploadDirectory(Protocol):
    """Where to find an upload of which only the id is known."""

    async def charger_of_upload(self, upload: str) -> str | None:
        """The charger that was asked for it, as ``company/charge box id``."""
        ...


class StoredFile(NamedTuple):
    """What was put into the store."""

    file: int
    size: int
    sha256: str


class Uploads:
    """Takes files, each once."""

    def __init__(
        self,
        application: Application,
        directory: UploadDirectory,
        store: FileStore,
        clock: Clock,
        most_bytes: int,
    ) -> None:
        """Files of more than ``most_bytes`` are refused while they come."""
        self._application = application
        self._directory = directory
        self._store = store
        self._clock = clock
        self._most = most_bytes

    @property
    def most_bytes(self) -> int:
        """How large a file may be."""
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
        """Take the file. True for a new one, false for the same again; ``name`` is known once it is read.

        Raises like ``expected``, ``UploadTooLarge`` or ``UploadEmpty``, and ``Rejected`` where another file
        came before. At most a part of it is in memory at any time; of what is refused nothing is kept.
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
        # Where it stays open whether this was recorded, the file is kept until all old ones go.
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
        """Whether it was not recorded before."""
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
