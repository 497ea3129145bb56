"""What a program sends to the API and a person types into a form are the same operation: equal events."""

import re

import httpx2
import pytest

from eosvolt.application.operations.table import OPERATIONS
from eosvolt.application.permissions import EVERYTHING, Grants
from eosvolt.domain.kernel import Fact
from tests.accounts_in_memory import PERSON
from tests.drivers_in_memory import DRIVER, DRIVER_SECRET
from tests.platform_in_memory import STAFF, STAFF_COOKIE, STAFF_KEY
from tests.unit.operations.permission_examples import EXAMPLES
from tests.unit.operations.request_case import Ways
from tests.unit.operations.request_cases import WAYS
from tests.web_in_memory import KEY, Site

# Ids of things, commands and batches, and the digests of keys: they are new each time.
_ID = re.compile(r"\b([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,64})\b")


# Whoever holds a registration or invitation link may use it, and nobody is signed in.
INVITED = {"registration.register", "admin_invitations.join"}
BOTH = [
    pytest.param(name, ways, id=f"{name}-{number}")
    for name, several in WAYS.items()
    for number, ways in enumerate(several)
    if ways.api and ways.form
]
both_ways = pytest.mark.parametrize(("name", "ways"), BOTH)
SINGLY = [
    pytest.param(name, ways, way, id=f"{name}-{number}-{way}")
    for name, several in WAYS.items()
    for number, ways in enumerate(several)
    for way in ("api", "form")
    if getattr(ways, way) is not None
]


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
    key = DRIVER_SECRET if ways.by_driver else STAFF_KEY if ways.by_staff else KEY
    return await site.api(method, path, body, key)


async def by_form(site: Site, ways: Ways) -> httpx2.Response:
    assert ways.form is not None
    path, form = ways.form
    by = DRIVER_SECRET if ways.by_driver else STAFF_COOKIE if ways.by_staff else PERSON
    return await site.page(path, form, by, ways.files)


ASKED = {"api": by_api, "form": by_form}


def kept(site: Site) -> list[object]:
    """What is kept beside the history; a new rule has another id each time."""
    beside = site.beside()
    return [sorted(beside.targets.values()), *beside[1:]]


def described(facts: list[Fact]) -> list[str]:
    """What happened, as text in which the ids of new things and whoever acts are all the same."""
    lines = []
    for fact in facts:
        text = f"{fact.stream} {fact.version} {fact.event}".replace(fact.why.by, "whoever")
        lines.append(_ID.sub("new", text))
    return lines


@both_ways
async def test_api_and_form_give_equal_events(name: str, ways: Ways) -> None:
    first, position = await begun(ways)
    assert (await by_api(first, ways)).is_success
    second, same = await begun(ways)
    assert position == same
    answer = await by_form(second, ways)
    assert answer.status_code == 303, answer.text
    assert bool(first.since(position)) is not EXAMPLES[name].outside
    if EXAMPLES[name].outside:
        untouched, _ = await begun(ways)
        assert first.beside() != untouched.beside()
    assert kept(first) == kept(second)
    assert described(first.since(position)) == described(second.since(position))
    by = {"api-key:k1", "admin:ana"}
    if ways.by_staff or ways.by_driver:
        by = {f"staff:{STAFF.id}" if ways.by_staff else f"driver:{DRIVER.id}"}
    assert {fact.why.by for fact in (*first.since(position), *second.since(position))} <= by


@pytest.mark.parametrize(("name", "ways", "way"), SINGLY)
async def test_a_route_that_changes_something_is_exactly_one_operation(
    name: str, ways: Ways, way: str
) -> None:
    site, position = await begun(ways)
    beside = site.beside()
    site.operations.asked.clear()
    answer = await ASKED[way](site, ways)
    assert answer.status_code < 400, answer.text
    assert site.operations.asked == [name]
    assert bool(site.since(position)) is not EXAMPLES[name].outside
    if EXAMPLES[name].outside:
        assert site.beside() != beside


@pytest.mark.parametrize(("name", "ways", "way"), [each for each in SINGLY if each.values[0] not in INVITED])
async def test_whoever_may_not_is_refused_and_leaves_no_trace(name: str, ways: Ways, way: str) -> None:
    needs = next(each.needs for each in OPERATIONS if each.name == name)
    site, position = await begun(ways, Grants(EVERYTHING - {needs}))
    if ways.by_staff:
        # Nobody of a company may; on pages of platform staff they are not even signed in.
        ways = ways._replace(by_staff=False)
    beside = site.beside()
    if ways.by_driver:
        # Among drivers nobody of a company is signed in, neither by cookie nor by key.
        answer = await ASKED[way](site, ways._replace(by_driver=False))
        assert answer.status_code == {"api": 401, "form": 303}[way]
        assert answer.headers.get("location", "/drive/sign-in").startswith("/drive/sign-in")
        assert site.since(position) == []
        assert site.beside() == beside
        return
    answer = await ASKED[way](site, ways)
    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith(
        "application/problem+json" if way == "api" else "text/html"
    )
    assert site.since(position) == []
    assert site.beside() == beside
