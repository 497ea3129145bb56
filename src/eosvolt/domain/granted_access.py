"""What an admin or an API key may do, as events keep it.

Names of pages, actions and rights are texts here: which there are is a table of the application
(``application/permissions.py``), and a name that it does not know grants nothing.
"""

import msgspec


class PagePermission(msgspec.Struct, frozen=True, order=True, gc=False):
    """The actions that are allowed on one page, e.g. ``sessions`` and ``view``, ``edit``; sorted."""

    page: str
    actions: tuple[str, ...]


class GrantedAccess(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Permissions by page, rights that belong to no page, and the locations that they hold for.

    ``locations``: ``None`` is everywhere. All three are sorted, so that equal access is equal as a value.
    """

    permissions: tuple[PagePermission, ...] = ()
    rights: tuple[str, ...] = ()
    locations: tuple[str, ...] | None = None


NO_ACCESS = GrantedAccess(locations=())
