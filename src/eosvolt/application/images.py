"""Pictures that people upload: company logos and photos of locations.

An upload is never stored as it came. It is decoded and encoded anew, which removes everything but the pixels,
and kept under the SHA-256 of the new bytes, outside the history. Events hold the digest.
"""

import hashlib
from typing import NamedTuple, Protocol

from eosvolt.application.ports import Alongside

LARGEST_MEBIBYTES = 5
LARGEST_UPLOAD = LARGEST_MEBIBYTES * 2**20
# In millions. Decoding takes 4 bytes a pixel, so this bounds the memory.
MOST_MEGAPIXELS = 40
MEDIA_TYPES = ("image/png", "image/jpeg", "image/webp")

# Why an upload is refused before its size in pixels is known.
TOO_LARGE = f"A picture has at most {LARGEST_MEBIBYTES:d} MiB."
NO_PICTURE = "This is not a PNG, JPEG or WebP picture."
DAMAGED = "The picture is damaged."


class InvalidPicture(Exception):  # noqa: N818 - an answer to whoever uploads
    """The upload is not a picture that can be used. The text says why."""


class PictureRule(NamedTuple):
    """What a picture has to be: ``shortest`` and ``longest`` are sides in pixels.

    A picture with a side above ``longest`` is scaled down, one with a side below ``shortest`` is refused.
    """

    longest: int
    shortest: int = 1
    square: bool = False

    def check(self, width: int, height: int) -> None:
        """Raise ``InvalidPicture`` for a picture of this size in pixels."""
        if width * height > MOST_MEGAPIXELS * 1_000_000:
            raise InvalidPicture(f"A picture has at most {MOST_MEGAPIXELS:d} million pixels.")
        if self.square and width != height:
            raise InvalidPicture(f"The picture has to be square; this one has {width:d} × {height:d} pixels.")
        if min(width, height) < self.shortest:
            raise InvalidPicture(
                f"The picture needs at least {self.shortest:d} pixels on each side;"
                f" this one has {width:d} × {height:d}."
            )


class Picture(NamedTuple):
    """An encoded picture; ``width`` and ``height`` in pixels, ``media_type`` one of ``MEDIA_TYPES``."""

    content: bytes
    media_type: str
    width: int
    height: int

    @property
    def digest(self) -> str:
        """The SHA-256 of the content, in hex."""
        return hashlib.sha256(self.content).hexdigest()


class Images(Protocol):
    """Decodes and encodes pictures."""

    async def encoded_anew(self, content: bytes, rule: PictureRule) -> Picture:
        """The picture in its own format with nothing but its pixels: upright, in sRGB, without animation.

        Equal content gives equal bytes. Raises ``InvalidPicture`` for what is no PNG, JPEG or WebP, is larger
        than ``LARGEST_UPLOAD``, or breaks the rule; sizes are judged before anything is decoded.
        """
        ...


class Pictures(Protocol):
    """The pictures of companies."""

    def kept(self, company: int, picture: Picture) -> Alongside:
        """The change that stores a picture for a company; nothing if it has it already."""
        ...

    async def picture(self, company: int, digest: str) -> Picture | None:
        """A picture of a company; ``None`` if it has none of this digest."""
        ...
