"""Every operation by every permission, place and company: the table of operations is walked."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace

from eosvolt.application.actor import Actor, ActorKind, person
from eosvolt.application.operations import faults, locations, tokens
from eosvolt.application.operations.api_keys import ApiKeyIssue, ApiKeyRevocation
from eosvolt.application.operations.company import CompanyChange
from eosvolt.application.operations.faults import FaultAssignment, FaultEntry, FaultNote, FaultSnooze
from eosvolt.application.operations.locations import (
    LocationChange,
    LocationRemoval,
    LocationTerms,
    NewLocation,
)
from eosvolt.application.operations.notification_rules import (
    NewRule,
    RuleById,
    RuleChange,
    RuleMessage,
    RuleTerms,
    RuleTrial,
)
from eosvolt.application.operations.operation import Input, Operation
from eosvolt.application.operations.table import OPERATIONS
from eosvolt.application.operations.tokens import TokenChange, TokenImport, TokenIssue, TokenTerms
from eosvolt.application.permissions import (
    EVERYTHING,
    NOTHING,
    OWNER,
    Action,
    Forbidden,
    Grants,
    Need,
    NotThere,
    Page,
    Permission,
    Right,
    allows,
)
from eosvolt.domain.kernel import Fact
from eosvolt.domain.notification_rules.events import Channel, Terms
from tests.examples import COMPANY, DETAILS, FLAT_TARIFF, LOCATION, MORNING
from tests.unit.operations.notifying import a_delivered_message, a_rule
from tests.web_in_memory import FAULT, OTHER_COMPANY, Site, a_fault

OWNER_OF_IT = person("ana", COMPANY)
ELSEWHERE = "airport"


class Example(NamedTuple):
    """What makes an operation possible, and an input for it that changes something.

    ``makes``: it makes something new, which another company may make as well, in its own place. ``at``: the
    grants for this location alone are enough; ``None`` where those for some locations never are. ``outside``:
    it changes nothing in the history, but what is kept beside it.
    """

    before: Callable[[Site], Awaitable[object]]
    wanted: Input
    makes: bool = False
    at: str | None = LOCATION
    outside: bool = False


async def nothing(site: Site) -> None:
    """It needs nothing."""


async def a_token(site: Site) -> None:
    issued = TokenIssue(uid="T1", terms=TokenTerms(label="Ana"))
    await site.operations.run(tokens.issue, OWNER_OF_IT, issued)


async def a_location(site: Site) -> None:
    terms = LocationTerms(details=DETAILS, tariff=FLAT_TARIFF)
    await site.operations.run(locations.add, OWNER_OF_IT, NewLocation(location=LOCATION, terms=terms))


async def an_attended_fault(site: Site) -> None:
    await a_fault(site)
    await site.operations.run(faults.acknowledge, OWNER_OF_IT, FaultNote(fault=FAULT))
    snoozed = FaultSnooze(fault=FAULT, until=MORNING + timedelta(days=1))
    await site.operations.run(faults.snooze, OWNER_OF_IT, snoozed)


def renamed(rule: RuleTerms) -> RuleTerms:
    return replace(rule, terms=replace(rule.terms, name="Some"))


def cheaper(terms: LocationTerms) -> LocationTerms:
    return replace(terms, tariff=replace(terms.tariff, price=Decimal("0.10")))


EXAMPLES: dict[str, Example] = {
    "tokens.issue": Example(nothing, TokenIssue(uid="T1", terms=TokenTerms()), makes=True),
    "tokens.change": Example(a_token, TokenChange(uid="t1", label="Ben")),
    "tokens.import_all": Example(
        a_token, TokenImport(changes=(TokenChange(uid="T1", label="C"),)), makes=True
    ),
    "locations.add": Example(
        nothing,
        NewLocation(location=LOCATION, terms=LocationTerms(details=DETAILS, tariff=FLAT_TARIFF)),
        makes=True,
        at=None,
    ),
    "locations.change": Example(a_location, LocationChange(location=LOCATION, changed=cheaper)),
    "faults.solve": Example(a_fault, FaultNote(fault=FAULT, note="Dried")),
    "faults.acknowledge": Example(a_fault, FaultNote(fault=FAULT)),
    "faults.unacknowledge": Example(an_attended_fault, FaultEntry(fault=FAULT)),
    "faults.assign": Example(a_fault, FaultAssignment(fault=FAULT, owner="admin:ben")),
    "faults.snooze": Example(a_fault, FaultSnooze(fault=FAULT, until=MORNING + timedelta(days=1))),
    "faults.wake": Example(an_attended_fault, FaultEntry(fault=FAULT)),
    "api_keys.issue": Example(nothing, ApiKeyIssue(key_id="k2", label="x", digest="ab"), makes=True),
    "api_keys.revoke": Example(nothing, ApiKeyRevocation(key_id="k1")),
    "company.change": Example(nothing, CompanyChange(name="Pier", organization="Pier Ltd"), makes=True),
    "notification_rules.add": Example(
        nothing,
        NewRule(
            rule="r1",
            channel=Channel.EMAIL,
            wanted=RuleTerms(terms=Terms(name="All"), addresses=("a@cpo.example",)),
        ),
        makes=True,
    ),
    "notification_rules.change": Example(a_rule, RuleChange(rule="r1", changed=renamed)),
    "notification_rules.remove": Example(a_rule, RuleById(rule="r1")),
    "notification_rules.send_test": Example(a_rule, RuleTrial(rule="r1", trial="1")),
    "notification_rules.resend": Example(a_delivered_message, RuleMessage(rule="r1", notification="m1")),
    "notification_rules.renew_secret": Example(a_rule, RuleById(rule="r1"), outside=True),
    "locations.remove": Example(a_location, LocationRemoval(location=LOCATION)),
}
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
    except (Forbidden, NotThere) as refusal:
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
@pytest.mark.parametrize("kind", ActorKind)
async def test_with_its_permission_alone_it_is_done_whoever_acts(name: str, kind: ActorKind) -> None:
    site = await prepared(name)
    actor = Actor(kind, "x", COMPANY, Grants(with_view(BY_NAME[name].needs)))
    beside = dict(site.targets.targets)
    refusal, left = await tried(site, name, actor)
    assert refusal is None
    if EXAMPLES[name].outside:
        assert left == []
        assert site.targets.targets != beside
        return
    assert left
    assert {fact.why.by for fact in left} == {f"{kind.value}:x"}
    assert {fact.why.company for fact in left} == {COMPANY}


@every_operation
async def test_without_its_permission_it_is_refused_and_leaves_no_trace(name: str) -> None:
    site = await prepared(name)
    beside = dict(site.targets.targets)
    for lacking in with_view(BY_NAME[name].needs):
        refusal, left = await tried(site, name, person("x", COMPANY, Grants(EVERYTHING - {lacking})))
        assert isinstance(refusal, Forbidden)
        assert left == []
    refusal, left = await tried(site, name, person("x", COMPANY, NOTHING))
    assert isinstance(refusal, Forbidden)
    assert left == []
    assert site.targets.targets == beside


@every_operation
async def test_at_other_locations_it_is_not_there_and_leaves_no_trace(name: str) -> None:
    site = await prepared(name)
    refusal, left = await tried(site, name, person("x", COMPANY, Grants(EVERYTHING, frozenset({ELSEWHERE}))))
    if BY_NAME[name].locations is None:
        assert refusal is None
        assert bool(left) is not EXAMPLES[name].outside
        return
    at = EXAMPLES[name].at
    assert isinstance(refusal, Forbidden if at is None else NotThere)
    assert left == []
    if at is None:
        return
    refusal, left = await tried(site, name, person("x", COMPANY, Grants(EVERYTHING, frozenset({at}))))
    assert refusal is None
    assert left


@every_operation
async def test_for_another_company_it_is_not_there_and_touches_nothing_of_this_one(name: str) -> None:
    site = await prepared(name)
    streams = {fact.stream for fact in site.store.facts if fact.why.company == COMPANY}
    refusal, left = await tried(site, name, person("x", OTHER_COMPANY, OWNER))
    if not EXAMPLES[name].makes:
        assert isinstance(refusal, NotThere)
        assert left == []
    assert {fact.why.company for fact in left} <= {OTHER_COMPANY}
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
    assert len(EVERYTHING) == len(Action) * len(Page) + len(Right)


@pytest.mark.parametrize(
    ("asked", "allowed"), [((), True), (("here",), True), (("there",), False), (("here", "there"), False)]
)
def test_grants_for_some_locations_are_for_nowhere_else(asked: tuple[str, ...], *, allowed: bool) -> None:
    need = Permission(Action.EDIT, Page.CHARGE_POINTS)
    assert allows(Grants(EVERYTHING, frozenset({"here"})), need, asked) is allowed
    assert allows(OWNER, need, asked)
