"""Webhooks: signed messages to other systems, by the rules of Standard Webhooks."""
