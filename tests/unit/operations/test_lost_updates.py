"""Two who edit the same thing: the later one is refused, is shown what the other changed, and can merge."""

import re

import pytest

from eosvolt.domain.kernel import Provenance
from eosvolt.domain.tokens.commands import UseToken
from eosvolt.domain.tokens.decider import tokens
from eosvolt.domain.tokens.events import TokenChanged, TokenStatus
from tests.examples import COMPANY, MORNING
from tests.web_in_memory import OTHER_PERSON, Site

FORM = {"label": "Ana", "group": "", "status": "accepted", "expiresAt": "", "version": "1"}


@pytest.fixture
async def site() -> Site:
    site = await Site().opened()
    await site.api("POST", "/tokens", {"uid": "T1", "label": "Ana"})
    return site


def hidden_version(text: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', text)
    assert found is not None
    return found[1]


async def test_a_form_sends_the_version_that_it_was_filled_with(site: Site) -> None:
    assert hidden_version((await site.page("/tokens/T1/edit")).text) == "1"


async def test_the_later_form_is_refused_and_shows_what_the_other_changed(site: Site) -> None:
    await site.page("/tokens/T1/edit", FORM | {"label": "Ben", "status": "blocked"}, by=OTHER_PERSON)
    position = len(site.store.facts)
    answer = await site.page("/tokens/T1/edit", FORM | {"label": "Cem", "group": "NIGHT"})
    assert answer.status_code == 409
    assert site.since(position) == []
    assert "Ben changed this while you were editing" in answer.text
    assert re.search(r"Label</a>: Ana → Ben \(your entry stays\)", answer.text)
    assert re.search(r"Status</a>: accepted → blocked</li>", answer.text)
    # What was typed is still there, and what was left alone is as the other has it.
    assert 'value="Cem"' in answer.text
    assert 'value="NIGHT"' in answer.text
    assert '<option value="blocked" selected>' in answer.text
    assert hidden_version(answer.text) == "2"


async def test_what_was_merged_is_saved_by_sending_it_again(site: Site) -> None:
    await site.page("/tokens/T1/edit", FORM | {"status": "blocked"}, by=OTHER_PERSON)
    await site.page("/tokens/T1/edit", FORM | {"label": "Cem"})
    again = FORM | {"label": "Cem", "status": "blocked", "version": "2"}
    assert (await site.page("/tokens/T1/edit", again)).status_code == 303
    event = site.store.facts[-1].event
    assert isinstance(event, TokenChanged)
    assert (event.label, event.status) == ("Cem", TokenStatus.BLOCKED)


async def test_a_session_of_the_token_is_no_change_of_it(site: Site) -> None:
    use = UseToken(session="170001", at=MORNING)
    await site.application.execute(tokens, f"{COMPANY}/T1", use, Provenance(COMPANY, "charger:CP-1"))
    assert (await site.page("/tokens/T1/edit", FORM | {"label": "Cem"})).status_code == 303


async def test_the_api_keeps_its_etag(site: Site) -> None:
    tag = (await site.api("GET", "/tokens/T1")).headers["etag"]
    first = await site.api("PATCH", "/tokens/T1", {"label": "Ben"}, if_match=tag)
    assert first.status_code == 200
    assert first.headers["etag"] != tag
    position = len(site.store.facts)
    assert (await site.api("PATCH", "/tokens/T1", {"label": "Cem"}, if_match=tag)).status_code == 412
    assert (await site.api("PATCH", "/tokens/T1", {"label": "Cem"}, if_match='"x"')).status_code == 412
    assert site.since(position) == []
    both = f"{tag}, W/{first.headers['etag']}"
    assert (await site.api("PATCH", "/tokens/T1", {"label": "Cem"}, if_match=both)).status_code == 200
    assert (await site.api("PATCH", "/tokens/T1", {"label": "Dan"}, if_match="*")).status_code == 200


async def test_what_a_patch_leaves_out_stays_and_null_goes(site: Site) -> None:
    change = {"groupUid": "fleet", "expiresAt": "2027-01-01T00:00:00Z", "concurrent": True}
    await site.api("PATCH", "/tokens/T1", change)
    answer = await site.api("PATCH", "/tokens/T1", {"groupUid": None, "expiresAt": None, "status": "blocked"})
    known = answer.json()
    known.pop("issuedAt")
    assert known == {"uid": "T1", "status": "blocked", "label": "Ana", "concurrent": True}
    assert (await site.api("PATCH", "/tokens/T2", {"label": "x"})).status_code == 404
