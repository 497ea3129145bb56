"""Notification rules: of which faults a company wants to be told, how and how often."""
