"""Prices: what a tariff says, what a session cost under it, and what blocking a plug costs."""
