"""The view permissions of what belongs to no single capability."""

from eosvolt.application.permissions import Action, Permission, ProductArea

DASHBOARD = Permission(Action.VIEW, ProductArea.DASHBOARD)
PERFORMANCE_EXPORT = Permission(Action.EXPORT, ProductArea.DASHBOARD)
# The search covers all kinds of objects; each kind also needs its own permission.
SEARCH = DASHBOARD
# The events of the company; each of them also needs the permission to view its area.
HISTORY = Permission(Action.VIEW, ProductArea.SETTINGS)
EXPORT_HISTORY = Permission(Action.EXPORT, ProductArea.SETTINGS)
# Balances, the transaction history and the VAT report.
FINANCE = Permission(Action.VIEW, ProductArea.FINANCE)
EXPORT_FINANCE = Permission(Action.EXPORT, ProductArea.FINANCE)
# The state of the whole installation.
SYSTEM = Permission(Action.VIEW, ProductArea.SETTINGS)
