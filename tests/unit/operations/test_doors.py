"""What a program sends to the API and a person types into a form are the same operation: equal events."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

import httpx2
import pytest

from eosvolt.application.operations.table import OPERATIONS
from eosvolt.application.permissions import EVERYTHING, Grants
from eosvolt.domain.kernel import Event, Fact
from tests.web_in_memory import Site


class Ways(NamedTuple):
    """How a program asks for an operation and how a person does, after the same beginning.

    ``api`` and ``form`` are what is sent; ``None`` where that way does not exist.
    """

    api: tuple[str, str, Any] | None
    form: tuple[str, Mapping[str, object]] | None
    before: Callable[[Site], Awaitable[object]] | None = None


async def token_of_the_api(site: Site) -> None:
    assert (await site.api("POST", "/tokens", {"uid": "T1", "label": "Ana"})).status_code == 201


WAYS: dict[str, list[Ways]] = {
    "tokens.issue": [
        Ways(
            (
                "POST",
                "/tokens",
                {"uid": " t1", "label": "Ana", "groupUid": "fleet", "expiresAt": "2027-01-01T11:00:00Z"},
            ),
            (
                "/tokens",
                {"uid": "T1 ", "label": "Ana", "group": "FLEET", "expiresAt": "2027-01-01T11:00"},
            ),
        ),
    ],
    "tokens.change": [
        Ways(
            ("PATCH", "/tokens/t1", {"status": "blocked", "label": "Ben", "concurrent": True}),
            ("/tokens/T1/edit", {"status": "blocked", "label": "Ben", "concurrent": "yes", "version": "1"}),
            token_of_the_api,
        ),
        Ways(
            ("PATCH", "/tokens/T1", {"status": "blocked"}),
            ("/tokens/T1/status", {"status": "blocked"}),
            token_of_the_api,
        ),
    ],
    "tokens.import_all": [Ways(None, None)],
}
BOTH = [
    pytest.param(name, ways, id=f"{name}-{number}")
    for name, several in WAYS.items()
    for number, ways in enumerate(several)
    if ways.api and ways.form
]
both_ways = pytest.mark.parametrize(("name", "ways"), BOTH)


def test_every_operation_says_how_it_is_asked_for() -> None:
    assert set(WAYS) == {each.name for each in OPERATIONS}


async def begun(ways: Ways, grants: Grants | None = None) -> tuple[Site, int]:
    site = await Site().opened()
    if ways.before is not None:
        await ways.before(site)
    if grants is not None:
        site.gate.grants = grants
        site.gate.forget_keys()
    return site, len(site.store.facts)


async def by_api(site: Site, ways: Ways) -> httpx2.Response:
    assert ways.api is not None
    method, path, body = ways.api
    return await site.api(method, path, body)


async def by_form(site: Site, ways: Ways) -> httpx2.Response:
    assert ways.form is not None
    path, form = ways.form
    return await site.page(path, form)


def told(facts: list[Fact]) -> list[tuple[str, int, Event]]:
    return [(fact.stream, fact.version, fact.event) for fact in facts]


@both_ways
async def test_api_and_form_give_equal_events(name: str, ways: Ways) -> None:
    first, position = await begun(ways)
    assert (await by_api(first, ways)).is_success
    second, same = await begun(ways)
    assert position == same
    answer = await by_form(second, ways)
    assert answer.status_code == 303, answer.text
    assert first.since(position)
    assert told(first.since(position)) == told(second.since(position))
    assert {fact.why.by for fact in first.since(position)} == {"api-key:k1"}
    assert {fact.why.by for fact in second.since(position)} == {"admin:ana"}


@both_ways
async def test_whoever_may_not_is_refused_by_both_and_leaves_no_trace(name: str, ways: Ways) -> None:
    needs = next(each.needs for each in OPERATIONS if each.name == name)
    site, position = await begun(ways, Grants(EVERYTHING - {needs}))
    answer = await by_api(site, ways)
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await by_form(site, ways)).status_code == 403
    assert site.since(position) == []
