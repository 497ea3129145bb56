"""The ready-made sets of permissions that a new admin can be given to start from."""

from collections.abc import Mapping

from eosvolt.application.grants import completed
from eosvolt.application.permissions import EVERYTHING, Action, Need, Permission, ProductArea, Right

_VIEW_ALL = frozenset(Permission(Action.VIEW, area) for area in ProductArea)
_MONEY = frozenset({ProductArea.FINANCE, ProductArea.USERS})

# ``support`` reads, restarts chargers and stops sessions; ``operations`` does everything but money and users.
READY_SETS: Mapping[str, frozenset[Need]] = {
    "owner": EVERYTHING,
    "operations": completed(
        need for need in EVERYTHING if isinstance(need, Permission) and need.page not in _MONEY
    ),
    "bookkeeper": frozenset(
        {
            *(Permission(Action.VIEW, area) for area in (ProductArea.DASHBOARD, ProductArea.SESSIONS)),
            Permission(Action.EXPORT, ProductArea.SESSIONS),
            *(Permission(action, ProductArea.FINANCE) for action in Action),
            Right.REFUND,
        }
    ),
    "support": frozenset(
        {
            *(need for need in _VIEW_ALL if need.page not in {*_MONEY, ProductArea.SETTINGS}),
            Permission(Action.EDIT, ProductArea.SESSIONS),
            Permission(Action.EDIT, ProductArea.DIAGNOSTICS),
            Right.OPERATE_CHARGERS,
        }
    ),
}
