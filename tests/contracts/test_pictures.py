"""Pictures on PostgreSQL: by company and digest, for ever."""

from eosvolt.adapters.postgres.pictures import PostgresPictures
from eosvolt.application.images import Picture
from tests.contracts.side_changes import done

PICTURE = Picture(b"\x00pixels\xff", "image/png", 400, 300)


async def test_a_picture_comes_back_as_it_was_kept_also_if_it_was_kept_twice(database: str) -> None:
    async with PostgresPictures(database) as pictures:
        for _ in range(2):
            await done(database, pictures.kept(242, PICTURE))
        assert await pictures.picture(242, PICTURE.digest) == PICTURE


async def test_a_picture_belongs_to_its_company_alone(database: str) -> None:
    async with PostgresPictures(database) as pictures:
        await done(database, pictures.kept(242, PICTURE))
        assert await pictures.picture(77, PICTURE.digest) is None
        assert await pictures.picture(242, "0" * 64) is None
