"""Pictures that people upload are encoded anew: the pixels stay, everything else goes."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms

from eosvolt.adapters.images.encoder import PictureEncoder
from eosvolt.application.images import LARGEST_UPLOAD, InvalidPicture, Picture, PictureRule
from eosvolt.application.operations.company import LOGO
from tests.drawn_pictures import BLUE, RED, drawn

PHOTO = PictureRule(longest=2048)


async def encoded(content: bytes, rule: PictureRule = PHOTO) -> Picture:
    return await PictureEncoder().encoded_anew(content, rule)


def opened(picture: Picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.content))


def near(one: object, other: tuple[int, int, int]) -> bool:
    assert isinstance(one, tuple)
    return all(abs(a - b) < 12 for a, b in zip(one[:3], other, strict=True))


@pytest.mark.parametrize(
    ("kind", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")]
)
async def test_a_picture_keeps_its_format_and_its_pixels(kind: str, media_type: str) -> None:
    picture = await encoded(drawn((600, 400), kind))
    assert (picture.media_type, picture.width, picture.height) == (media_type, 600, 400)
    shown = opened(picture)
    assert shown.format == kind
    assert near(shown.getpixel((10, 200)), RED)
    assert near(shown.getpixel((590, 200)), BLUE)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK"])
async def test_every_kind_of_pixel_becomes_one_that_browsers_show(mode: str) -> None:
    picture = await encoded(drawn((64, 64), "JPEG" if mode == "CMYK" else "PNG", mode))
    assert opened(picture).mode == ("RGBA" if mode in {"LA", "RGBA"} else "RGB")


async def test_sixteen_bits_of_grey_are_scaled_to_eight() -> None:
    target = io.BytesIO()
    Image.new("I;16", (64, 64), 30_000).save(target, "PNG")
    assert opened(await encoded(target.getvalue())).getpixel((1, 1)) == (116, 116, 116)


async def test_transparency_stays() -> None:
    target = io.BytesIO()
    Image.new("RGBA", (64, 64), (*RED, 0)).save(target, "PNG")
    pixel = opened(await encoded(target.getvalue())).getpixel((1, 1))
    assert isinstance(pixel, tuple)
    assert pixel[3] == 0


async def test_a_large_picture_is_scaled_down_and_a_small_one_stays() -> None:
    large, small = await encoded(drawn((4000, 1000), "JPEG")), await encoded(drawn((40, 10)))
    assert (large.width, large.height) == (2048, 512)
    assert (small.width, small.height) == (40, 10)


async def test_what_a_camera_wrote_beside_the_pixels_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    exif[0x0112] = 6
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = await encoded(drawn((600, 400), "JPEG", exif=exif, icc_profile=profile, comment="mine"))
    shown = opened(picture)
    assert dict(shown.getexif()) == {}
    assert not {"exif", "icc_profile", "comment", "xmp"} & set(shown.info)
    assert b"taken at home" not in picture.content
    # Orientation 6 lies on its side: it is turned upright instead of being told to.
    assert (picture.width, picture.height) == (400, 600)
    assert near(shown.getpixel((200, 10)), RED)


async def test_what_follows_the_picture_in_its_file_is_gone() -> None:
    picture = await encoded(drawn((50, 50)) + b"<script>alert(1)</script>")
    assert b"script" not in picture.content


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
async def test_an_animation_is_its_first_picture(kind: str) -> None:
    frames = [Image.new("RGB", (50, 50), colour) for colour in (RED, BLUE)]
    target = io.BytesIO()
    frames[0].save(target, kind, save_all=True, append_images=frames[1:])
    shown = opened(await encoded(target.getvalue()))
    assert getattr(shown, "n_frames", 1) == 1
    assert near(shown.convert("RGB").getpixel((25, 25)), RED)


async def test_equal_uploads_are_equal_bytes_and_one_digest() -> None:
    first, second = await encoded(drawn((60, 60))), await encoded(drawn((60, 60)))
    assert first == second
    assert first.digest == second.digest
    assert len(first.digest) == 64


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a" + bytes(100),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        drawn((60, 60), "GIF"),
        drawn((60, 60), "TIFF"),
        drawn((60, 60), "BMP"),
    ],
)
async def test_the_content_says_what_a_picture_is_and_nothing_else_is_taken(content: bytes) -> None:
    with pytest.raises(InvalidPicture, match="not a PNG, JPEG or WebP"):
        await encoded(content)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_a_picture_that_was_cut_off_is_damaged(kind: str) -> None:
    whole = drawn((300, 300), kind)
    with pytest.raises(InvalidPicture):
        await encoded(whole[: len(whole) // 2])


def bomb(side: int) -> bytes:
    """A PNG that announces side × side pixels in a few bytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [6_400, 20_000, 2**31 - 1])
async def test_a_pixel_bomb_is_refused_by_its_header(side: int) -> None:
    with pytest.raises(InvalidPicture, match=r"at most 40 million pixels|not a PNG|damaged"):
        await encoded(bomb(side))


async def test_an_upload_of_more_than_five_mebibytes_is_refused() -> None:
    with pytest.raises(InvalidPicture, match="at most 5 MiB"):
        await encoded(drawn((60, 60)) + bytes(LARGEST_UPLOAD))


@pytest.mark.parametrize(
    ("size", "why"),
    [((500, 501), "500 × 501"), ((399, 399), "at least 400 pixels"), ((800, 400), "square")],
)
async def test_a_logo_is_square_and_large_enough(size: tuple[int, int], why: str) -> None:
    with pytest.raises(InvalidPicture, match=why):
        await encoded(drawn(size), LOGO)


async def test_a_logo_of_the_smallest_size_is_taken() -> None:
    assert (await encoded(drawn((400, 400)), LOGO)).width == 400
    assert (await encoded(drawn((1500, 1500)), LOGO)).width == 800
