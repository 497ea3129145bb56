"""Payments: files for the platform's bank."""
