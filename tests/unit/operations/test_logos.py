"""The logo of a company: uploaded, shown, served, refused with a reason, removed."""

import io
import re

import pytest
from PIL import Image

from eosvolt.adapters.http.framework.security import LARGEST_PICTURE_BODY
from eosvolt.application.permissions import Action, Grants, Permission, ProductArea
from tests.drawn_pictures import LOGO_FILE, drawn
from tests.unit.operations.logos import a_logo
from tests.web_in_memory import Site

ONLY_LOOKING = Grants(frozenset({Permission(Action.VIEW, ProductArea.SETTINGS)}))


@pytest.fixture
async def site() -> Site:
    return await Site().opened()


async def test_an_uploaded_logo_is_shown_on_every_page_and_served_to_its_company(site: Site) -> None:
    assert "rail-logo" not in (await site.page("/tokens")).text
    answer = await site.page("/settings/logo", {}, files={"logo": LOGO_FILE})
    assert answer.status_code == 303
    found = re.search(r'class="rail-logo" src="(/pictures/[0-9a-f]{64})"', (await site.page("/tokens")).text)
    assert found is not None
    picture = await site.page(found[1])
    assert picture.status_code == 200
    assert Image.open(io.BytesIO(picture.content)).size == (400, 400)


async def test_the_api_takes_serves_and_names_it(site: Site) -> None:
    digest = (await site.api("PUT", "/settings/logo", LOGO_FILE)).json()["sha256"]
    assert (await site.api("GET", "/settings")).json()["logo"] == digest
    answer = await site.api("GET", "/settings/logo")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.content == site.pictures.stored[242, digest].content
    assert (await site.api("DELETE", "/settings/logo")).status_code == 204
    assert (await site.api("GET", "/settings/logo")).status_code == 404
    assert (await site.api("GET", "/settings")).json()["logo"] == ""


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (drawn((800, 400)), "The picture has to be square; this one has 800 × 400 pixels."),
        (drawn((200, 200)), "The picture needs at least 400 pixels on each side; this one has 200 × 200."),
        (b"<svg/>", "This is not a PNG, JPEG or WebP picture."),
        (LOGO_FILE[:200], "The picture is damaged."),
    ],
)
async def test_what_cannot_be_a_logo_is_refused_with_the_reason(site: Site, content: bytes, why: str) -> None:
    position = len(site.store.facts)
    answer = await site.api("PUT", "/settings/logo", content)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"pointer": "/logo", "detail": why}]
    page = await site.page("/settings/logo", {}, files={"logo": content})
    assert page.status_code == 422
    assert why in page.text
    assert site.since(position) == []
    assert site.pictures.stored == {}


async def test_no_file_is_asked_for(site: Site) -> None:
    answer = await site.page("/settings/logo", {})
    assert answer.status_code == 422
    assert "Choose a file." in answer.text


async def test_a_body_of_another_kind_or_size_is_refused(site: Site) -> None:
    wrong = await site.api("PUT", "/settings/logo", {"logo": "x"})
    assert wrong.status_code == 415
    large = bytes(LARGEST_PICTURE_BODY)
    assert (await site.api("PUT", "/settings/logo", large)).status_code == 422
    assert (await site.api("PUT", "/settings/logo", large + b"x")).status_code == 413
    assert (await site.api("POST", "/tokens", large)).status_code == 413


async def test_whoever_only_looks_sees_the_logo_and_cannot_change_it(site: Site) -> None:
    await a_logo(site)
    site.gate.grants = ONLY_LOOKING
    page = (await site.page("/settings")).text
    assert "The present logo" in page
    assert 'type="file"' not in page
    assert (await site.page("/settings/logo", {}, files={"logo": LOGO_FILE})).status_code == 403


async def test_a_logo_is_no_edit_of_the_settings_that_somebody_fills_in(site: Site) -> None:
    version = (await site.api("GET", "/settings")).headers["etag"]
    await a_logo(site)
    assert (await site.api("PATCH", "/settings", {"name": "Pier"}, if_match=version)).status_code == 200
