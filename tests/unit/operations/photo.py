"""A picture that may be a location's photo."""

from io import BytesIO

from PIL import Image


def photo() -> bytes:
    """A PNG of 320 × 240 pixels."""
    target = BytesIO()
    Image.new("RGB", (320, 240), (15, 118, 110)).save(target, "PNG")
    return target.getvalue()


PHOTO = photo()
