"""Pictures are served to the people of their company alone, and may be kept by their browsers."""

from eosvolt.application.images import Picture
from tests.examples import COMPANY
from tests.web_in_memory import OTHER_COMPANY, Site

OWN = Picture(b"own", "image/webp", 400, 400)
FOREIGN = Picture(b"foreign", "image/png", 400, 400)


async def site() -> Site:
    made = await Site().opened()
    made.pictures.stored = {(COMPANY, OWN.digest): OWN, (OTHER_COMPANY, FOREIGN.digest): FOREIGN}
    return made


async def test_a_picture_comes_with_its_type_and_may_be_kept_for_ever() -> None:
    answer = await (await site()).page(f"/pictures/{OWN.digest}")
    assert answer.content == OWN.content
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert "cookie" in answer.headers["vary"]


async def test_another_companys_picture_is_not_there() -> None:
    opened = await site()
    for digest in (FOREIGN.digest, "0" * 64, "no-digest"):
        assert (await opened.page(f"/pictures/{digest}")).status_code == 404


async def test_nobody_sees_a_picture_without_signing_in() -> None:
    answer = await (await site()).web.get(f"/pictures/{OWN.digest}")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")
