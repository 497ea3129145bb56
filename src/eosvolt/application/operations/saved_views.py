"""Operations on saved views of lists: save and delete."""

from typing import Any

from eosvolt.application.executor import Plan
from eosvolt.application.operations.operation import Input, Operation, OperationContext, operation
from eosvolt.application.permissions import (
    Action,
    NotThere,
    Permission,
    ProductArea,
    require,
    require_at,
)
from eosvolt.application.saved_views import LONGEST_NAME, LONGEST_QUERY, MOST_VIEWS, SavedView
from eosvolt.domain.kernel import Rejected

VIEW = Permission(Action.VIEW, ProductArea.SESSIONS)
SHARE = Permission(Action.EDIT, ProductArea.SESSIONS)
SESSIONS = "sessions"


class ViewToSave(Input, frozen=True, kw_only=True):
    """A view of the list of sessions; ``view`` is its id, unless the actor has one of this ``name``.

    ``query`` is the query of the list's address, ``location`` the location that it filters by.
    """

    view: str
    name: str
    query: str
    location: str = ""
    shared: bool = False


class ViewById(Input, frozen=True, kw_only=True):
    """The id of a view."""

    view: str


@operation(VIEW)
async def save(context: OperationContext, wanted: ViewToSave) -> Plan[SavedView]:
    """Save a view for the actor, in place of an own one of the same name.

    Sharing needs the permission to edit sessions. Raises ``Rejected`` for a name or query that is too long,
    and for one view too many; ``NotThere`` for a location outside the grants.
    """
    if wanted.shared:
        require(context.actor.grants, SHARE)
    if wanted.location:
        require_at(context.actor.grants, (wanted.location,))
    name = " ".join(wanted.name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Rejected(f"The name of a view has 1 to {LONGEST_NAME} characters.")
    if len(wanted.query) > LONGEST_QUERY:
        raise Rejected("This filter is too long to be kept.")
    by = context.actor.by
    own = [
        view for view in await context.ports.saved_views.of(context.company, by, SESSIONS) if view.owner == by
    ]
    same = next((view for view in own if view.name.lower() == name.lower()), None)
    if same is None and len(own) >= MOST_VIEWS:
        raise Rejected(f"There are {MOST_VIEWS} views already: delete one first.")
    kept = SavedView(
        id=wanted.view if same is None else same.id,
        company=context.company,
        owner=by,
        list=SESSIONS,
        name=name,
        query=wanted.query,
        location=wanted.location,
        shared=wanted.shared,
        saved_at=context.at,
    )
    return Plan((), kept, alongside=(context.ports.saved_views.kept(kept),))


@operation(VIEW)
async def remove(context: OperationContext, wanted: ViewById) -> Plan[None]:
    """Delete an own view, or with the permission to edit sessions a shared one.

    Raises ``NotThere`` for a view that the actor does not see.
    """
    view = await context.ports.saved_views.one(context.company, context.actor.by, wanted.view)
    if view is None:
        raise NotThere
    if view.location:
        require_at(context.actor.grants, (view.location,))
    if view.owner != context.actor.by:
        require(context.actor.grants, SHARE)
    return Plan((), None, alongside=(context.ports.saved_views.removed(view),))


OPERATIONS: tuple[Operation[Any, Any], ...] = (save, remove)
