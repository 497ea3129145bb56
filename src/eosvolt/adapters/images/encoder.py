"""Decodes and encodes pictures in a thread, one at a time, so that memory stays bounded.

Pillow releases the interpreter's lock while it decodes, scales and encodes, so the event loop goes on.
"""

import asyncio
import io
from typing import Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from eosvolt.application.images import (
    DAMAGED,
    LARGEST_UPLOAD,
    NO_PICTURE,
    TOO_LARGE,
    InvalidPicture,
    Picture,
    PictureRule,
)

# Pillow's own limit only warns at first; ``PictureRule.check`` refuses, before anything is decoded.
Image.MAX_IMAGE_PIXELS = None

_FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
_OPTIONS: dict[str, dict[str, Any]] = {
    "PNG": {"optimize": True},
    "JPEG": {"quality": 88, "optimize": True},
    "WEBP": {"quality": 88, "method": 4},
}
_TRANSPARENT = {"RGBA", "LA", "PA", "La", "RGBa"}


class PictureEncoder:
    """Encodes pictures anew."""

    def __init__(self) -> None:
        """One for each process."""
        self._turn = asyncio.Lock()

    async def encoded_anew(self, content: bytes, rule: PictureRule) -> Picture:
        """The picture in its own format with nothing but its pixels. Raises ``InvalidPicture``."""
        if len(content) > LARGEST_UPLOAD:
            raise InvalidPicture(TOO_LARGE)
        async with self._turn:
            return await asyncio.to_thread(_encoded_anew, content, rule)


def _encoded_anew(content: bytes, rule: PictureRule) -> Picture:
    try:
        with Image.open(io.BytesIO(content), formats=tuple(_FORMATS)) as opened:
            kind = str(opened.format)
            # Only the header was read so far.
            rule.check(*opened.size)
            if kind == "JPEG":
                # Decodes at a smaller scale where that is enough.
                opened.draft(None, (2 * rule.longest, 2 * rule.longest))
            return _encoded(_pixels(opened, rule), kind)
    except UnidentifiedImageError:
        raise InvalidPicture(NO_PICTURE) from None
    # Pillow raises nearly anything for broken files, and none of it tells more than this.
    except (OSError, ValueError, TypeError, SyntaxError, EOFError, IndexError, KeyError, ArithmeticError):
        raise InvalidPicture(DAMAGED) from None


def _pixels(opened: Image.Image, rule: PictureRule) -> Image.Image:
    """The first frame, upright, in sRGB with or without transparency, scaled down to the rule."""
    profile = opened.info.get("icc_profile")
    image = ImageOps.exif_transpose(opened)
    if image.mode.startswith("I"):
        # 16 bits of grey, which ``convert`` would cut off instead of scaling.
        image = image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if image.mode != "CMYK":
        transparent = image.mode in _TRANSPARENT or "transparency" in image.info
        image = image.convert("RGBA" if transparent else "RGB")
    image.thumbnail((rule.longest, rule.longest), Image.Resampling.LANCZOS)
    if profile:
        image = _in_srgb(image, profile)
    if image.mode == "CMYK":
        image = image.convert("RGB")
    # A copy by pixels: whatever else was attached to the picture is not attached to this one.
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    return clean


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """The colours of a profile in sRGB; unchanged if it is broken or of another kind of pixels."""
    mode = "RGB" if image.mode == "CMYK" else image.mode
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return image if converted is None else converted


def _encoded(image: Image.Image, kind: str) -> Picture:
    target = io.BytesIO()
    image.save(target, format=kind, **_OPTIONS[kind])
    return Picture(target.getvalue(), _FORMATS[kind], image.width, image.height)
