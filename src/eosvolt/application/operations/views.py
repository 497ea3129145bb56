"""The permissions to look at what belongs to no capability of its own."""

from eosvolt.application.permissions import Action, Permission, ProductArea

DASHBOARD = Permission(Action.VIEW, ProductArea.DASHBOARD)
# Finds things of all kinds; each kind is found only by who may look at it.
SEARCH = DASHBOARD
# Everything that ever happened in the company, as programs read it.
HISTORY = Permission(Action.VIEW, ProductArea.SETTINGS)
# How the whole installation is doing.
SYSTEM = Permission(Action.VIEW, ProductArea.SETTINGS)
