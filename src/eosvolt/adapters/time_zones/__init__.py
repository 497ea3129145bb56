"""Time zones of places, for suggestions."""
