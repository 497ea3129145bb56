"""Operating chargers: a right of its own, which edit on charge points includes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eosvolt.adapters.http.web.shell.access_form import SETS
from eosvolt.application.actor import person
from eosvolt.application.grants import access_of, completed, grants_of, stated
from eosvolt.application.operations import commands
from eosvolt.application.operations.admins import AdminChange, change
from eosvolt.application.operations.commands import BulkRequest, CommandRequest
from eosvolt.application.permissions import (
    EVERYTHING,
    Action,
    Forbidden,
    Grants,
    Permission,
    ProductArea,
    Right,
    allows,
)
from eosvolt.domain.commands.catalogue import CATALOGUE
from eosvolt.domain.granted_access import GrantedAccess, PagePermission
from tests.examples import CHARGE_BOX_ID, COMPANY
from tests.unit.operations.charging import a_connected_charger
from tests.unit.operations.people import OWNER_OF_IT, an_admin
from tests.web_in_memory import Site

VIEW, EDIT = (Permission(each, ProductArea.CHARGE_POINTS) for each in (Action.VIEW, Action.EDIT))
OPERATE = Right.OPERATE_CHARGERS
OPERATING = {"reset", "unlock", "changeAvailability", "triggerMessage", "remoteStop"}
NEEDS = st.frozensets(st.sampled_from(sorted(EVERYTHING, key=str)))


async def refusal(grants: Grants, action: str, *, bulk: bool) -> Exception | None:
    """What comes of asking for a command with an empty payload, which no charger is ever sent."""
    site = await Site().opened()
    await a_connected_charger(site)
    actor = person("x", COMPANY, grants)
    wanted: dict[str, Any] = {"action": action, "payload": {}}
    try:
        if bulk:
            asked = BulkRequest(chargers=(CHARGE_BOX_ID,), batch="b", **wanted)
            await site.operations.run(commands.request_of_all, actor, asked)
        else:
            asked_one = CommandRequest(charger=CHARGE_BOX_ID, **wanted)
            await site.operations.run(commands.request, actor, asked_one)
    except Exception as error:  # noqa: BLE001 - whatever it is refused with
        return error
    return None


@pytest.mark.parametrize("bulk", [False, True])
@pytest.mark.parametrize("action", [kind.action for kind in CATALOGUE])
async def test_the_right_alone_operates_and_changes_nothing(action: str, bulk: bool) -> None:
    operator, editor = Grants(frozenset({VIEW, OPERATE})), Grants(completed({VIEW, EDIT}))
    assert isinstance(await refusal(operator, action, bulk=bulk), Forbidden) is (action not in OPERATING)
    assert not isinstance(await refusal(editor, action, bulk=bulk), Forbidden)
    assert isinstance(await refusal(Grants(frozenset({VIEW})), action, bulk=bulk), Forbidden)


def test_support_reads_operates_and_solves_but_changes_no_charger() -> None:
    support = Grants(SETS["support"].needs)
    assert allows(support, OPERATE)
    changing = (Action.EDIT, Action.ADD, Action.DELETE)
    assert not any(allows(support, Permission(each, ProductArea.CHARGE_POINTS)) for each in changing)


@given(NEEDS)
def test_written_and_read_again_grants_are_the_same(needs: frozenset[Any]) -> None:
    grants = Grants(completed(needs))
    assert grants_of(access_of(grants)) == grants
    assert completed(stated(grants.needs)) == grants.needs


def test_who_could_edit_before_the_right_can_operate_and_is_written_as_before() -> None:
    before = GrantedAccess((PagePermission("chargePoints", ("edit", "view")),), (), None)
    assert allows(grants_of(before), OPERATE)
    assert access_of(grants_of(before)) == before


@pytest.mark.parametrize("stated_right", [False, True])
async def test_whoever_loses_edit_operates_only_with_the_right_itself(stated_right: bool) -> None:
    site = await Site().opened()
    await an_admin(site)
    rights = frozenset({OPERATE} if stated_right else ())
    for permissions in ({VIEW, EDIT}, {VIEW}):
        wanted = AdminChange(account="nina", permissions=frozenset(permissions), rights=rights)
        await site.operations.run(change, OWNER_OF_IT, wanted)
    assert allows(await site.accounts.grants("nina", COMPANY), OPERATE) is stated_right
