"""Which messages about transactions were taken before, for as long as the history lasts."""
