"""Grants and their form in events: translate, compare, and narrow one by another."""

from collections import defaultdict
from collections.abc import Iterable

from eosvolt.application.permissions import (
    EVERYTHING,
    NOTHING,
    Action,
    Forbidden,
    Grants,
    Need,
    NotThere,
    Permission,
    ProductArea,
    Right,
)
from eosvolt.domain.granted_access import GrantedAccess, PagePermission

# Stands for all locations where locations are listed: nobody who works at some of them has it.
EVERYWHERE = "*"

# Whoever may change charge points may operate them as well. The permission is older than the right.
_INCLUDED: dict[Need, Need] = {Permission(Action.EDIT, ProductArea.CHARGE_POINTS): Right.OPERATE_CHARGERS}
_NEEDS: dict[tuple[str, str] | str, Need] = {
    (need.page.value, need.action.value) if isinstance(need, Permission) else need.value: need
    for need in EVERYTHING
}


def completed(needs: Iterable[Need]) -> frozenset[Need]:
    """``needs`` with those that they include."""
    given = frozenset(needs)
    return given | {included for need, included in _INCLUDED.items() if need in given}


def stated(needs: frozenset[Need]) -> frozenset[Need]:
    """``needs`` without those that others of them include."""
    return needs - {included for need, included in _INCLUDED.items() if need in needs}


def grants_of(access: GrantedAccess | None) -> Grants:
    """The grants that ``access`` gives; ``None`` gives nothing, and so do names that are not known."""
    if access is None:
        return NOTHING
    asked: list[tuple[str, str] | str] = [
        (each.page, action) for each in access.permissions for action in each.actions
    ]
    known = completed(_NEEDS[each] for each in [*asked, *access.rights] if each in _NEEDS)
    return Grants(known, None if access.locations is None else frozenset(access.locations))


def access_of(grants: Grants) -> GrantedAccess:
    """The same as events keep it, sorted and without what is included."""
    pages: dict[str, list[str]] = defaultdict(list)
    needs = stated(grants.needs)
    for need in needs:
        if isinstance(need, Permission):
            pages[need.page.value].append(need.action.value)
    return GrantedAccess(
        tuple(sorted(PagePermission(page, tuple(sorted(actions))) for page, actions in pages.items())),
        tuple(sorted(need.value for need in needs if isinstance(need, Right))),
        None if grants.locations is None else tuple(sorted(grants.locations)),
    )


def covers(mine: Grants, theirs: Grants) -> bool:
    """Whether ``mine`` has everything that ``theirs`` has, everywhere that ``theirs`` has it."""
    return mine.needs >= theirs.needs and _everywhere(mine, theirs)


def narrowed(mine: Grants, theirs: Grants) -> Grants:
    """What both give, where both give it."""
    if mine.locations is None or theirs.locations is None:
        within = theirs.locations if mine.locations is None else mine.locations
    else:
        within = mine.locations & theirs.locations
    return Grants(mine.needs & theirs.needs, within)


def without_view(grants: Grants) -> frozenset[ProductArea]:
    """The pages with an action that is of no use, because the page may not be viewed."""
    pages = {need.page for need in grants.needs if isinstance(need, Permission)}
    return frozenset(page for page in pages if Permission(Action.VIEW, page) not in grants.needs)


def require_covers(mine: Grants, theirs: Grants) -> None:
    """Raise ``Forbidden`` if ``theirs`` has something that ``mine`` has not."""
    if not _everywhere(mine, theirs):
        raise Forbidden("You cannot give access to more locations than you have.")
    if not mine.needs >= theirs.needs:
        raise Forbidden("You cannot give a permission that you do not have.")


def require_in_sight(mine: Grants, theirs: Grants) -> None:
    """Raise ``NotThere`` for somebody who works at a location that ``mine`` do not cover."""
    if not _everywhere(mine, theirs):
        raise NotThere


def locations_of(access: GrantedAccess | None) -> tuple[str, ...]:
    """The locations of an admin or API key; ``EVERYWHERE`` for all of them."""
    return (EVERYWHERE,) if access is None or access.locations is None else access.locations


def in_sight(within: frozenset[str] | None, access: GrantedAccess | None) -> bool:
    """Whether an admin or API key with ``access`` is shown to somebody who works ``within`` some locations.

    ``None`` is everywhere, for ``access`` all of the company's. Whoever works at some locations only sees
    those who work at no others.
    """
    if within is None:
        return True
    return access is not None and access.locations is not None and within.issuperset(access.locations)


def _everywhere(mine: Grants, theirs: Grants) -> bool:
    if mine.locations is None:
        return True
    return theirs.locations is not None and mine.locations >= theirs.locations
