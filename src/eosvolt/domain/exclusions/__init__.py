"""Exclusions: down time that an operator explains, so that a definition of uptime may leave it out."""
