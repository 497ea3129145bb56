"""Refused starts: tokens that a charger was told not to charge with, each with the reason."""
