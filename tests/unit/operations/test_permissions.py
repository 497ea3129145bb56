"""Every operation by every permission, place and company: the table of operations is walked."""

from typing import Any

import pytest

from eosvolt.application.actor import Actor, ActorKind, person
from eosvolt.application.operations.operation import InvalidValue, Operation
from eosvolt.application.operations.table import OPERATIONS
from eosvolt.application.permissions import (
    DRIVER,
    EVERYTHING,
    NOTHING,
    OWNER,
    PLATFORM_STAFF,
    Action,
    Forbidden,
    Grants,
    Need,
    NotThere,
    Permission,
    ProductArea,
    Right,
    allows,
)
from eosvolt.domain.kernel import Fact, Rejected
from tests.examples import COMPANY
from tests.unit.operations.permission_examples import EXAMPLES
from tests.web_in_memory import Site

ELSEWHERE = "airport"
BY_NAME: dict[str, Operation[Any, Any]] = {each.name: each for each in OPERATIONS}
every_operation = pytest.mark.parametrize("name", sorted(BY_NAME))


def with_view(need: Need) -> frozenset[Need]:
    """The need, and to see the page that it is on."""
    return frozenset((need, Permission(Action.VIEW, need.page)) if isinstance(need, Permission) else (need,))


async def tried(site: Site, name: str, actor: Actor) -> tuple[Exception | None, list[Fact]]:
    """How the operation is refused, and what it left in the history."""
    position = len(site.store.facts)
    try:
        await site.operations.run(BY_NAME[name], actor, EXAMPLES[name].wanted)
    except (Forbidden, NotThere, InvalidValue, Rejected) as refusal:
        return refusal, site.since(position)
    return None, site.since(position)


async def prepared(name: str) -> Site:
    site = await Site().opened()
    await EXAMPLES[name].before(site)
    return site


def test_every_operation_has_an_example_and_a_name_of_its_own() -> None:
    assert set(EXAMPLES) == set(BY_NAME)
    assert len(BY_NAME) == len(OPERATIONS)


@every_operation
async def test_with_its_permission_alone_it_is_done_whoever_acts(name: str) -> None:
    for kind in ActorKind:
        site = await prepared(name)
        actor = Actor(kind, "x", EXAMPLES[name].company, Grants(with_view(BY_NAME[name].needs)))
        beside = site.beside()
        refusal, left = await tried(site, name, actor)
        if EXAMPLES[name].owners and kind not in {ActorKind.STAFF, ActorKind.SYSTEM}:
            assert isinstance(refusal, Forbidden), kind
            assert left == []
            continue
        assert refusal is None, kind
        if EXAMPLES[name].outside:
            assert left == [], kind
            assert site.beside() != beside, kind
        else:
            assert {fact.why.by for fact in left} == {f"{kind.value}:x"}
            assert {fact.why.company for fact in left} == {EXAMPLES[name].company}, kind


@every_operation
async def test_without_its_permission_it_is_refused_and_leaves_no_trace(name: str) -> None:
    site = await prepared(name)
    beside = site.beside()
    company = EXAMPLES[name].company
    for lacking in with_view(BY_NAME[name].needs):
        refusal, left = await tried(site, name, person("x", company, Grants(EVERYTHING - {lacking})))
        assert isinstance(refusal, Forbidden)
        assert left == []
    refusal, left = await tried(site, name, person("x", company, NOTHING))
    assert isinstance(refusal, Forbidden)
    assert left == []
    assert site.beside() == beside


@every_operation
async def test_at_other_locations_it_is_not_there_and_leaves_no_trace(name: str) -> None:
    site = await prepared(name)
    company, beside = EXAMPLES[name].company, site.beside()
    elsewhere = Grants(EVERYTHING | PLATFORM_STAFF.needs | DRIVER.needs, frozenset({ELSEWHERE}))
    refusal, left = await tried(site, name, person("x", company, elsewhere))
    if BY_NAME[name].locations is None and not BY_NAME[name].everywhere:
        assert refusal is None
        assert bool(left) is not EXAMPLES[name].outside
        return
    at = EXAMPLES[name].at
    assert isinstance(refusal, Forbidden if at is None else NotThere)
    assert left == []
    assert site.beside() == beside
    if at is None:
        return
    refusal, left = await tried(site, name, person("x", COMPANY, Grants(EVERYTHING, frozenset({at}))))
    assert refusal is None
    assert left


@every_operation
async def test_for_another_company_it_is_not_there_and_touches_nothing_of_this_one(name: str) -> None:
    site = await prepared(name)
    streams = {fact.stream for fact in site.store.facts if fact.why.company == COMPANY}
    beside = site.beside()
    refusal, left = await tried(site, name, person("x", EXAMPLES[name].other, OWNER))
    if not EXAMPLES[name].makes:
        assert isinstance(refusal, EXAMPLES[name].elsewhere)
        assert left == []
        assert site.beside() == beside
    assert {fact.why.company for fact in left} <= {EXAMPLES[name].other}
    assert streams.isdisjoint(fact.stream for fact in left)


@pytest.mark.parametrize("need", sorted(EVERYTHING, key=str), ids=str)
def test_a_permission_is_given_by_itself_and_only_with_the_view_of_its_page(need: Need) -> None:
    assert allows(Grants(with_view(need)), need)
    assert allows(OWNER, need)
    assert not allows(NOTHING, need)
    assert not allows(Grants(EVERYTHING - {need}), need)
    if isinstance(need, Permission):
        assert not allows(Grants(EVERYTHING - {Permission(Action.VIEW, need.page)}), need)


def test_the_table_is_every_action_on_every_page_and_the_rights_of_their_own() -> None:
    assert len(EVERYTHING) == len(Action) * len(ProductArea) + len(Right)


@pytest.mark.parametrize(
    ("asked", "allowed"), [((), True), (("here",), True), (("there",), False), (("here", "there"), False)]
)
def test_grants_for_some_locations_are_for_nowhere_else(asked: tuple[str, ...], *, allowed: bool) -> None:
    need = Permission(Action.EDIT, ProductArea.CHARGE_POINTS)
    assert allows(Grants(EVERYTHING, frozenset({"here"})), need, asked) is allowed
    assert allows(OWNER, need, asked)
