"""Notifications: one message about one fault by one rule, from the wish to its delivery."""
