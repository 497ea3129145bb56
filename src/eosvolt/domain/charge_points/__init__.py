"""Charge points: what a charger reported and which transactions it has under way."""
