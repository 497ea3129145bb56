"""Pictures for tests, drawn when they are needed."""

import io

from PIL import Image

RED, BLUE = (200, 30, 30), (20, 40, 220)


def drawn(size: tuple[int, int], kind: str = "PNG", mode: str = "RGB", **options: object) -> bytes:
    """A picture, its left half red and its right half blue."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, size[0], size[1]))
    target = io.BytesIO()
    image.convert(mode).save(target, kind, **options)
    return target.getvalue()


# Square and large enough.
LOGO_FILE = drawn((400, 400))
