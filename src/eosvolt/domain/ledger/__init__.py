"""The ledger: what every event means in double-entry bookkeeping, derived and never stored apart."""
