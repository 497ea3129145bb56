"""Files that prove a price: contracts, bills, publications; kept as they were uploaded, outside the history.

A file is kept under the SHA-256 of its bytes for ever. Events hold the digest.
"""

import hashlib
from typing import NamedTuple, Protocol

from eosvolt.application.ports import Alongside

LARGEST_EVIDENCE_MEBIBYTES = 5
LARGEST_EVIDENCE_FILE = LARGEST_EVIDENCE_MEBIBYTES * 2**20
# The first bytes of each format, its media type and the ending of file names.
_FORMATS = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
)
EVIDENCE_TYPES = tuple(media_type for _, media_type, _ in _FORMATS)
_ENDINGS = {media_type: ending for _, media_type, ending in _FORMATS}


class EvidenceFile(NamedTuple):
    """A file; ``media_type`` is one of ``EVIDENCE_TYPES``."""

    content: bytes
    media_type: str

    @property
    def digest(self) -> str:
        """The SHA-256 of the content, in hex."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def ending(self) -> str:
        """The ending of its file name, without the dot."""
        return _ENDINGS[self.media_type]


class EvidenceFiles(Protocol):
    """The files of companies."""

    def kept(self, company: int, file: EvidenceFile) -> Alongside:
        """The change that stores a file for a company; nothing if it has it already."""
        ...

    async def file(self, company: int, digest: str) -> EvidenceFile | None:
        """A file of a company; ``None`` if it has none of this digest."""
        ...


def evidence_file(content: bytes) -> EvidenceFile:
    """An upload as a file, by its first bytes. Raises ``ValueError`` with a sentence for any other format."""
    if len(content) > LARGEST_EVIDENCE_FILE:
        raise ValueError(f"A file has at most {LARGEST_EVIDENCE_MEBIBYTES:d} MiB.")
    for begin, media_type, _ in _FORMATS:
        if content.startswith(begin):
            return EvidenceFile(content, media_type)
    raise ValueError("This is no PDF, PNG or JPEG file.")
