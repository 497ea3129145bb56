"""Exclusions."""
