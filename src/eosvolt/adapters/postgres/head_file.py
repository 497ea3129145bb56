"""The heads of both chains, kept outside the database in a signed file beside the secret.

Somebody with access to the database alone can neither read the secret nor write this file. So a database
whose history does not contain the file's head was manipulated, or restored from a backup.
"""

import contextlib
import fcntl
import hmac
import os
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import msgspec

NAME = "history_head.json"
_PURPOSE = b"eosvolt history head "


class HeadFileUnusable(Exception):  # noqa: N818 - a statement about the file, for operators
    """The file cannot be read, or was not written with this installation's secret. The text says which."""


class Head(msgspec.Struct, frozen=True):
    """The end of the history: the last seal's position and digest (hex)."""

    position: int
    digest: str


class FramesHead(msgspec.Struct, frozen=True):
    """The end of the chain over the OCPP frames: the last sealed day and its digest (hex)."""

    day: date
    digest: str


class Acceptance(msgspec.Struct, frozen=True):
    """An operator accepted another head than the known one: which, when, who and why."""

    at: datetime
    by: str
    reason: str
    before: Head | None
    after: Head


class Record(msgspec.Struct, frozen=True):
    """What the file holds. ``head`` is ``None`` before the first seal."""

    head: Head | None = None
    frames: FramesHead | None = None
    accepted: tuple[Acceptance, ...] = ()


class _Signed(msgspec.Struct, frozen=True):
    record: msgspec.Raw
    signature: str


class HeadFile:
    """Reads and writes the file of one data directory."""

    def __init__(self, folder: Path, secret: bytes) -> None:
        """The file lies in ``folder``; it is signed with ``secret``."""
        self.path = folder / NAME
        self._secret = secret

    def read(self) -> Record | None:
        """The last written record; ``None`` if there is no file yet. Raises ``HeadFileUnusable``."""
        try:
            signed = msgspec.json.decode(self.path.read_bytes(), type=_Signed)
            record = msgspec.json.decode(signed.record, type=Record)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError) as error:
            raise HeadFileUnusable(f"{self.path} cannot be read: {error}") from None
        if not hmac.compare_digest(signed.signature, self._signature(bytes(signed.record))):
            raise HeadFileUnusable(f"{self.path} was not signed with this installation's secret.")
        return record

    def update(self, change: Callable[[Record], Record]) -> Record:
        """Replace the file's record by the result of ``change``, and return that.

        A lock excludes other processes of the data directory. Raises ``HeadFileUnusable``, ``OSError``.
        """
        with self._turn():
            record = change(self.read() or Record())
            self._write(record)
            return record

    def replace(self, record: Record) -> None:
        """Write a new file whatever the old one was. Raises ``OSError``."""
        with self._turn():
            self._write(record)

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path.with_name(f"{NAME}.lock"), os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _write(self, record: Record) -> None:
        """Write atomically: even after a power cut there is the old file or the new one."""
        body = msgspec.json.encode(record)
        content = msgspec.json.encode(_Signed(msgspec.Raw(body), self._signature(body)))
        draft = self.path.with_name(f"{NAME}.draft")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)

    def _signature(self, body: bytes) -> str:
        return hmac.new(self._secret, _PURPOSE + body, "sha256").hexdigest()
