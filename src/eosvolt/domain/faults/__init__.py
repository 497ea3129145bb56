"""Faults: what is or was wrong with a charger or a plug, counted and solved."""
