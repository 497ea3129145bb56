"""What a new company is asked for until it is done, and what its settings propose for a new location."""

import re
from types import SimpleNamespace

import pytest

from eosvolt.adapters.http.web.shell.rendering import render
from tests.examples import COMPANY
from tests.unit.operations.charging import a_location
from tests.unit.operations.logos import a_logo
from tests.unit.operations.request_cases import SETTINGS_OF_THE_API
from tests.web_in_memory import Site

LOGO, BILLING = "Upload company logo", "Add billing information"
ENGLISH = SETTINGS_OF_THE_API | {"language": "en"}


@pytest.fixture
async def site() -> Site:
    return await Site().opened()


async def asked_for(site: Site, *, may: bool = True) -> set[str]:
    """The calls to action of the dashboard, for somebody who may or may not change settings."""
    company = await site.queries.company(COMPANY)
    request = SimpleNamespace(company=company, as_of=None, may_post=lambda _: may)
    shown = render("dashboard/company_steps.html", {"request": request})
    return {text for text in (LOGO, BILLING) if text in shown}


async def test_logo_and_billing_are_asked_for_until_they_are_there(site: Site) -> None:
    assert await asked_for(site) == {LOGO, BILLING}
    await a_logo(site)
    assert await asked_for(site) == {BILLING}
    assert (await site.api("PATCH", "/settings", ENGLISH | {"billing": {"city": "Hamburg"}})).is_success
    assert await asked_for(site) == {BILLING}
    assert (await site.api("PATCH", "/settings", ENGLISH)).is_success
    assert await asked_for(site) == set()
    assert (await site.api("PATCH", "/settings", {"billing": {"iban": None, "bic": None}})).is_success
    assert await asked_for(site) == {BILLING}


async def test_whoever_may_not_change_settings_is_not_asked(site: Site) -> None:
    assert await asked_for(site, may=False) == set()


def proposed(text: str) -> tuple[str, str, str]:
    """The currency, the VAT and the time zone that the form begins with."""
    currency, vat = (re.search(rf'name="{name}"[^>]*value="([^"]*)"', text) for name in ("currency", "vat"))
    zone = re.search(r'name="timeZone".*?<option value="([^"]*)" selected', text, re.DOTALL)
    assert currency is not None
    assert vat is not None
    assert zone is not None
    return currency[1], vat[1], zone[1]


async def test_a_new_location_begins_with_what_the_company_prefers(site: Site) -> None:
    assert proposed((await site.page("/locations/new")).text) == ("EUR", "19", "Europe/Berlin")
    swiss = {"currency": "CHF", "vatRate": "0.081", "fiscalTimeZone": "Europe/Zurich"}
    assert (await site.api("PATCH", "/settings", swiss)).is_success
    assert proposed((await site.page("/locations/new")).text) == ("CHF", "8.1", "Europe/Zurich")
    await a_location(site)
    # Locations of one company are rarely in one currency and another zone: the zone is the first one's.
    assert proposed((await site.page("/locations/new")).text) == ("CHF", "8.1", "Europe/Berlin")
